import { useSyncExternalStore, type AnchorHTMLAttributes } from 'react';

/* Paths of pages; what a page shows beside stands in the query part, which the page reads itself. */

const listeners = new Set<() => void>();

window.addEventListener('popstate', () => listeners.forEach((listener) => listener()));

/** Called after each move to another URL, by a link or by the browser's history. */
export function onNavigate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The path of the page, and a new render when it changes. */
export function usePath(): string {
  return useSyncExternalStore(onNavigate, () => window.location.pathname);
}

/** The query part of the URL, and a new render when a move changes it. */
export function useSearch(): string {
  return useSyncExternalStore(onNavigate, () => window.location.search);
}

/** Goes to another place in the page without loading it anew. */
export function navigate(to: string, history: 'push' | 'replace' = 'push'): void {
  if (history === 'push') window.history.pushState(null, '', to);
  else window.history.replaceState(null, '', to);
  listeners.forEach((listener) => listener());
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/** A link that stays in the page; opening it in another tab works as ever. */
export function Link({ href, onClick, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(click) => {
        onClick?.(click);
        const own = click.button === 0 && !click.metaKey && !click.ctrlKey && !click.shiftKey;
        if (!own || click.defaultPrevented) return;
        click.preventDefault();
        navigate(href);
      }}
    >
      {children}
    </a>
  );
}
