import { useEffect, useRef } from 'react';

/** What a key does; it is not called while somebody writes or a menu is open. */
export type Shortcuts = Partial<Record<string, () => void>>;

/** Listens for keys on the whole page; `Ctrl+Z` is called `undo`, `Ctrl+K` `palette`. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const name = keyName(event);
      if (name === null || event.defaultPrevented || isTaken(event.target, name)) return;
      const action = current.current[name];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function keyName(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey) {
    const key = event.shiftKey || event.altKey ? '' : event.key.toLowerCase();
    return key === 'z' ? 'undo' : key === 'k' ? 'palette' : null;
  }
  return event.altKey ? null : event.key;
}

function isTaken(target: EventTarget | null, name: string): boolean {
  if (name === 'palette' || !(target instanceof HTMLElement)) return false;
  if (
    target.closest(
      'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]',
    )
  ) {
    if (name === 'Escape') target.blur();
    return true;
  }
  if (target.closest('[role="menu"], [role="dialog"]')) return true;
  return name === 'Enter' && target.closest('button, a') !== null;
}
