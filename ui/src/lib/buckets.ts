import { levelKey, levelKeys, type LevelKey } from './levels';

export interface HistogramBucket {
  start: string;
  counts: Record<string, number>;
  total: number;
}

/** Bars of one group of levels, on top of the more severe ones. */
export interface StackedSeries {
  key: LevelKey;
  total: number;
  /** Own count by bucket. */
  counts: number[];
  /** Own count and those below it, by bucket. */
  tops: number[];
}

export interface StackedHistogram {
  intervalSeconds: number;
  /** Start of each bucket in seconds since 1970, ascending, without gaps. */
  startSeconds: number[];
  /** Most severe first; groups without events are left out. */
  series: StackedSeries[];
}

/* A range of 100,000 intervals cannot be drawn; the server's own bound is far below. */
const bucketsMax = 5000;

/** Lays the server's buckets side by side: gaps filled, levels grouped and stacked. */
export function stackHistogram(
  buckets: readonly HistogramBucket[],
  intervalMillis: number,
): StackedHistogram {
  const intervalSeconds = intervalMillis / 1000;
  const known = buckets
    .map((bucket) => ({ seconds: Date.parse(bucket.start) / 1000, counts: bucket.counts }))
    .filter((bucket) => !Number.isNaN(bucket.seconds))
    .sort((left, right) => left.seconds - right.seconds);
  const first = known[0];
  const last = known[known.length - 1];
  if (!first || !last || intervalSeconds <= 0) {
    return { intervalSeconds, startSeconds: [], series: [] };
  }
  const length = Math.min(Math.round((last.seconds - first.seconds) / intervalSeconds) + 1, bucketsMax);
  const startSeconds = Array.from({ length }, (_, i) => first.seconds + i * intervalSeconds);
  const countsByKey = new Map<LevelKey, number[]>();
  for (const bucket of known) {
    const position = Math.round((bucket.seconds - first.seconds) / intervalSeconds);
    if (position >= length) continue;
    for (const [level, count] of Object.entries(bucket.counts)) {
      const key = levelKey(level);
      const counts = countsByKey.get(key) ?? new Array<number>(length).fill(0);
      counts[position] = (counts[position] ?? 0) + count;
      countsByKey.set(key, counts);
    }
  }
  return { intervalSeconds, startSeconds, series: stack(countsByKey, length) };
}

function stack(countsByKey: Map<LevelKey, number[]>, length: number): StackedSeries[] {
  const below = new Array<number>(length).fill(0);
  const series: StackedSeries[] = [];
  for (const key of levelKeys) {
    const counts = countsByKey.get(key);
    const total = counts?.reduce((sum, count) => sum + count, 0) ?? 0;
    if (!counts || total === 0) continue;
    for (let i = 0; i < length; i++) below[i] = (below[i] ?? 0) + (counts[i] ?? 0);
    series.push({ key, total, counts, tops: [...below] });
  }
  return series;
}
