import type { ReactNode } from 'react';

interface ScrollingMainProps {
  className: string | undefined;
  children: ReactNode;
}

/** The content of a page that scrolls as a whole; it takes the focus, so that keys scroll it in every browser. */
export function ScrollingMain({ className, children }: ScrollingMainProps) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <main className={className} tabIndex={0}>
      {children}
    </main>
  );
}
