import { useSyncExternalStore } from 'react';
import { createKey, type ApiKey } from '../api';

/*
 * The key of the snippets is shown once, so that it lives as long as this tab shows the page and no
 * longer: in memory only, never in the URL or in the browser's storage, and forgotten at logout.
 */
let made: ApiKey | null = null;
const listeners = new Set<() => void>();

/** The key that was made for the snippets; null when there is none. */
export function useMadeKey(): ApiKey | null {
  return useSyncExternalStore(subscribe, () => made);
}

/** Makes a key that may only write events. */
export async function makeKey(): Promise<void> {
  const day = new Date().toISOString().slice(0, 16).replace('T', ' ');
  keep(await createKey({ name: `Send data ${day}`, permissions: ['monitoring:events:write'] }));
}

/** Forgets the key: the next person at this browser must not see it. */
export function forgetKey(): void {
  keep(null);
}

function keep(key: ApiKey | null): void {
  made = key;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
