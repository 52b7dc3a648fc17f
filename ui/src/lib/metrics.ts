import type { ResolvedRange } from './timeRange';

/** A series as the HTTP API answers it. */
export interface RangeSeries {
  metric: Record<string, string>;
  /** Seconds and the value as text. */
  values?: [number, string][];
  histograms?: [number, NativeHistogram][];
}

/** A native histogram as the HTTP API answers it; buckets are [kind, low, high, count]. */
export interface NativeHistogram {
  count: string;
  sum: string;
  buckets?: [number, string, string, string][];
}

export interface InstantSeries {
  metric: Record<string, string>;
  value?: [number, string];
  histogram?: [number, NativeHistogram];
}

/** Series on one axis of time. */
export interface AlignedSeries {
  seconds: number[];
  series: { name: string; labels: Record<string, string>; values: (number | null)[] }[];
}

/** Points that a chart of a usual width has room for. */
const pointsWanted = 300;
/* As many as the server gives a series at most. */
const pointsMax = 11_000;

const stepsSeconds = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

/** Seconds between two points that fit the range: a round number. */
export function stepFor({ startMillis, endMillis }: ResolvedRange): number {
  const least = (endMillis - startMillis) / 1000 / pointsWanted;
  return stepsSeconds.find((step) => step >= least) ?? Math.ceil(least / 86_400) * 86_400;
}

const unitSeconds: Record<string, number> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** The seconds of a duration of PromQL such as `1h30m`. */
export function durationSeconds(text: string): number {
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    seconds += Number(count) * (unitSeconds[unit ?? 's'] ?? 0);
  }
  return seconds;
}

/** The step that was asked for, as far as the server gives so many points. */
export function boundedStep(asked: string | null, range: ResolvedRange): number {
  if (asked === null) return stepFor(range);
  const least = (range.endMillis - range.startMillis) / 1000 / (pointsMax - 1);
  return Math.max(durationSeconds(asked), least, 0.001);
}

/** A value as text becomes a number: `NaN`, `+Inf` and `-Inf` too. */
export function parseValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

/** A series as PromQL writes it: `up{job="a"}`. */
export function seriesName(labels: Record<string, string>): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(
    ([label, value]) => `${labelText(label)}=${JSON.stringify(value)}`,
  );
  if (pairs.length === 0) return name === '' ? '{}' : name;
  return `${name}{${pairs.join(', ')}}`;
}

function labelText(label: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : JSON.stringify(label);
}

/** The series of several answers on the steps from the start of the range on; null where there is no point. */
export function align(
  answers: readonly RangeSeries[],
  startSeconds: number,
  stepSeconds: number,
  endSeconds: number,
): AlignedSeries {
  const count = Math.floor((endSeconds - startSeconds) / stepSeconds + 1e-9) + 1;
  const seconds = Array.from({ length: count }, (_, at) => startSeconds + at * stepSeconds);
  const series = answers.map(({ metric, values = [], histograms = [] }) => {
    const column = new Array<number | null>(count).fill(null);
    const put = (at: number, value: number) => {
      const position = Math.round((at - startSeconds) / stepSeconds);
      if (position >= 0 && position < count)
        column[position] = Number.isFinite(value) ? value : null;
    };
    for (const [at, text] of values) put(at, parseValue(text));
    // A histogram has no height of its own; how many observations it has is what can be drawn.
    for (const [at, histogram] of histograms) put(at, parseValue(histogram.count));
    return { name: seriesName(metric), labels: metric, values: column };
  });
  return { seconds, series };
}

/** The same with names of their own for series that several queries have. */
export function distinct({ seconds, series }: AlignedSeries): AlignedSeries {
  const seen = new Map<string, number>();
  return {
    seconds,
    series: series.map((one) => {
      const before = seen.get(one.name) ?? 0;
      seen.set(one.name, before + 1);
      return before === 0 ? one : { ...one, name: `${one.name} (${before + 1})` };
    }),
  };
}

export interface Summary {
  min: number | null;
  max: number | null;
  mean: number | null;
  last: number | null;
}

/** What a legend says of a series. */
export function summaryOf(values: readonly (number | null)[]): Summary {
  let min: number | null = null;
  let max: number | null = null;
  let last: number | null = null;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    if (min === null || value < min) min = value;
    if (max === null || value > max) max = value;
    sum += value;
    count += 1;
    last = value;
  }
  return { min, max, mean: count === 0 ? null : sum / count, last };
}

const scales: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A value in few characters: `1.25k`, `0.0034`, `12.5`, `1e-9`. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2).replace(/\.?0+e/, 'e');
  for (const [scale, letter] of scales) {
    if (size >= scale) return trim((value / scale).toPrecision(4)) + letter;
  }
  return trim(value.toPrecision(4));
}

function trim(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** The selector of a metric, also of one whose name is no identifier. */
export function selectorOf(name: string): string {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : `{${JSON.stringify(name)}}`;
}

/** The query that somebody who has never seen the metric would ask first. */
export function firstQuery(name: string, type: string): string {
  const selector = selectorOf(name);
  switch (type) {
    case 'counter':
      return `sum(rate(${selector}[5m]))`;
    case 'histogram':
      return name.endsWith('_bucket')
        ? `histogram_quantile(0.95, sum by (le) (rate(${selector}[5m])))`
        : `histogram_quantile(0.95, sum(rate(${selector}[5m])))`;
    case 'summary':
      return `max by (quantile) (${selector})`;
    case 'info':
    case 'stateset':
      return selector;
    default:
      return name.endsWith('_total') ? `sum(rate(${selector}[5m]))` : `sum(${selector})`;
  }
}
