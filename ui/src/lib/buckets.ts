import { levelKey, levelKeys, type LevelKey } from './levels';
import type { ResolvedRange } from './timeRange';

export interface HistogramBucket {
  start: string;
  counts: Record<string, number>;
  total: number;
}

/** One group of levels. */
export interface LevelSeries {
  key: LevelKey;
  /** The levels of this group as the server counts them. */
  levels: string[];
  total: number;
  /** Its count by bucket. */
  counts: number[];
}

export interface LevelHistogram {
  intervalSeconds: number;
  /** Start of each bucket in seconds since 1970, ascending, without gaps. */
  startSeconds: number[];
  /** Most severe first; groups without events are left out. */
  series: LevelSeries[];
}

/** Rows of time, level and count as the histogram's buckets. */
export function filledLevels<S>(
  rows: readonly unknown[][],
  intervalMillis: number,
  statistics: S,
): { data: { interval_ms: number; buckets: HistogramBucket[]; total: number }; statistics: S } {
  const buckets = new Map<string, HistogramBucket>();
  let total = 0;
  for (const [time, level, counted] of rows) {
    if (typeof time !== 'string') continue;
    const count = Number(counted);
    const bucket = buckets.get(time) ?? { start: time, counts: {}, total: 0 };
    const name = typeof level === 'string' ? level : '';
    bucket.counts[name] = (bucket.counts[name] ?? 0) + count;
    bucket.total += count;
    total += count;
    buckets.set(time, bucket);
  }
  const data = { interval_ms: intervalMillis, buckets: [...buckets.values()], total };
  return { data, statistics };
}

/* A range of 100,000 intervals cannot be drawn; the server's own bound is far below. */
const bucketsMax = 5000;

interface Group {
  levels: Set<string>;
  counts: number[];
}

/** Lays the server's buckets over the whole range: gaps filled, levels grouped. */
export function levelHistogram(
  buckets: readonly HistogramBucket[],
  intervalMillis: number,
  range: ResolvedRange,
): LevelHistogram {
  const intervalSeconds = intervalMillis / 1000;
  const known = buckets
    .map((bucket) => ({ seconds: Date.parse(bucket.start) / 1000, counts: bucket.counts }))
    .filter((bucket) => !Number.isNaN(bucket.seconds));
  const anchor = known[0];
  if (!anchor || intervalSeconds <= 0) return { intervalSeconds, startSeconds: [], series: [] };
  const startSeconds = bucketStarts(anchor.seconds, intervalSeconds, range);
  const first = startSeconds[0] ?? 0;
  const groups = new Map<LevelKey, Group>();
  for (const bucket of known) {
    const position = Math.round((bucket.seconds - first) / intervalSeconds);
    if (position < 0 || position >= startSeconds.length) continue;
    for (const [level, count] of Object.entries(bucket.counts)) {
      const key = levelKey(level);
      const group = groups.get(key) ?? { levels: new Set(), counts: zeros(startSeconds.length) };
      group.counts[position] = (group.counts[position] ?? 0) + count;
      if (level !== '') group.levels.add(level);
      groups.set(key, group);
    }
  }
  return { intervalSeconds, startSeconds, series: bySeverity(groups) };
}

function bucketStarts(anchor: number, interval: number, range: ResolvedRange): number[] {
  const before = Math.max(Math.ceil((anchor - range.startMillis / 1000) / interval), 0);
  const after = Math.max(Math.ceil((range.endMillis / 1000 - anchor) / interval), 1);
  const length = Math.min(before + after, bucketsMax);
  return Array.from({ length }, (_, i) => anchor + (i - before) * interval);
}

function bySeverity(groups: Map<LevelKey, Group>): LevelSeries[] {
  return levelKeys.flatMap((key) => {
    const group = groups.get(key);
    const total = group?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    if (!group || total === 0) return [];
    return [{ key, levels: [...group.levels].sort(), total, counts: group.counts }];
  });
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
