/** Belfry's bell. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="#4f46e5" />
      <path
        d="M16 6c-4.2 0-6.6 3-6.6 7.2v4.3c0 1.3-.5 2.3-1.5 3.4-.7.8-.2 2.1.9 2.1h14.4c1.1 0 1.6-1.3.9-2.1-1-1.1-1.5-2.1-1.5-3.4v-4.3C22.6 9 20.2 6 16 6Z"
        fill="#fff"
      />
      <path d="M13.2 24.6a2.9 2.9 0 0 0 5.6 0Z" fill="#c7d2fe" />
    </svg>
  );
}
