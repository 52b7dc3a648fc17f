/** Counts over time as small bars, without axes; what they say stands beside them. */
export function Sparkline({ counts, width = 120 }: { counts: readonly number[]; width?: number }) {
  const height = 22;
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden>
      {counts.map((count, at) => {
        const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * height);
        return (
          <rect
            key={at}
            x={at * step}
            y={height - tall}
            width={Math.max(1, step - 1)}
            height={tall}
            rx={0.5}
            fill="var(--accent)"
          />
        );
      })}
    </svg>
  );
}
