/** Lines of a live tail: what is shown, and what came while the reader had scrolled away. */
export interface TailLines<T> {
  shown: T[];
  waiting: T[];
  /** Lines that the server left out because this client was too slow. */
  droppedCount: number;
}

export function emptyTail<T>(): TailLines<T> {
  return { shown: [], waiting: [], droppedCount: 0 };
}

/* Enough to scroll back through; older lines are still found by a search. */
export const tailLinesMax = 10_000;

/** Adds newly received lines, oldest first; while paused they wait instead of moving the list. */
export function receiveLines<T extends { id: string }>(
  lines: TailLines<T>,
  received: readonly T[],
  paused: boolean,
): TailLines<T> {
  const seen = new Set([...lines.shown, ...lines.waiting].map((line) => line.id));
  const fresh = received.filter((line) => !seen.has(line.id) && seen.add(line.id)).reverse();
  if (fresh.length === 0) return lines;
  return paused
    ? { ...lines, waiting: [...fresh, ...lines.waiting].slice(0, tailLinesMax) }
    : {
        ...lines,
        shown: [...fresh, ...lines.waiting, ...lines.shown].slice(0, tailLinesMax),
        waiting: [],
      };
}

/** Shows what waited. */
export function releaseLines<T>(lines: TailLines<T>): TailLines<T> {
  if (lines.waiting.length === 0) return lines;
  const shown = [...lines.waiting, ...lines.shown].slice(0, tailLinesMax);
  return { ...lines, shown, waiting: [] };
}

/** Tail lines above the stored ones, each event once. */
export function joinLines<T extends { id: string }>(tail: readonly T[], stored: readonly T[]): T[] {
  if (tail.length === 0) return [...stored];
  const seen = new Set(tail.map((line) => line.id));
  return [...tail, ...stored.filter((line) => !seen.has(line.id))];
}
