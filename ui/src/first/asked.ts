/* What the page asks the server before its program is there; the program takes the answers. */

import { ownSources } from '../lib/ownSources';

declare global {
  interface Window {
    /** Answers on their way, by the path that was asked. */
    belfryAsked?: Map<string, Promise<Response>>;
  }
}

export const mePath = '/api/v1/auth/me';
export const providersPath = '/api/v1/auth/providers';

/** The newest event that is not Belfry's own. */
export const foreignPath = `/api/v1/monitoring/events?${new URLSearchParams([
  ...ownSources.map((source) => ['not.source', source]),
  ['limit', '1'],
]).toString()}`;

/** Asks for what is surely needed. */
export function askFirst(paths: readonly string[]): void {
  const asked = paths.map((path) => {
    const answer = fetch(path, { credentials: 'same-origin' });
    // Whoever takes it handles its failure.
    answer.catch(() => undefined);
    return [path, answer] as const;
  });
  window.belfryAsked = new Map(asked);
}

/** The answer to what was asked first, once: who asks again asks the server. */
export function takeAsked(path: string): Promise<Response> | undefined {
  const answer = window.belfryAsked?.get(path);
  window.belfryAsked?.delete(path);
  return answer;
}
