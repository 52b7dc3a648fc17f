import { formatJson } from './exactJson';
import { leafText } from './flatten';
import { parseInstant } from './instant';
import type { StatsShape } from './insight';

/** An answer of the query language, as a chart needs it. */
export interface Answer {
  columns: string[];
  types: ('time' | 'value')[];
  rows: unknown[][];
}

export interface Line {
  name: string;
  values: (number | null)[];
}

export type ResultChart =
  | { kind: 'time'; seconds: number[]; stepSeconds: number | null; series: Line[]; left: number }
  | { kind: 'groups'; measures: string[]; groups: { name: string; values: (number | null)[] }[] }
  | { kind: 'none'; why: string };

/** Series drawn at most; the greatest are. */
export const seriesMax = 20;
/* Bins of an answer are at most as many as its rows; more points than this cannot be told apart. */
const pointsMax = 2000;

/* Where there are no rows, these are nothing; others are not known. */
const countsZero = new Set(['count', 'count_distinct', 'sum', 'rate']);

/** How an answer is drawn: over its first time, else as a bar for each group. */
export function chartOf(answer: Answer, shape: StatsShape): ResultChart {
  const { columns, types, rows } = answer;
  if (rows.length === 0) return { kind: 'none', why: 'There are no rows to draw.' };
  const time = types.indexOf('time');
  const measures = columns.flatMap((column, at) =>
    at !== time && !shape.groups.includes(column) && isNumeric(rows, at) ? [at] : [],
  );
  if (measures.length === 0) {
    return { kind: 'none', why: 'No column has numbers. Use stats to count or compute something.' };
  }
  const groups = columns.flatMap((_, at) => (at === time || measures.includes(at) ? [] : [at]));
  if (time >= 0) return overTime(answer, { time, measures, groups }, shape);
  const name = (row: unknown[]) => groups.map((at) => valueText(row[at])).join(' · ') || 'all';
  return {
    kind: 'groups',
    measures: measures.map((at) => columns[at] ?? ''),
    groups: rows.map((row) => ({
      name: name(row),
      values: measures.map((at) => numberOf(row[at])),
    })),
  };
}

interface Roles {
  time: number;
  measures: number[];
  groups: number[];
}

function overTime(answer: Answer, roles: Roles, shape: StatsShape): ResultChart {
  const { columns, rows } = answer;
  const times = new Set<number>();
  const lines = new Map<string, { zero: boolean; byTime: Map<number, number>; sum: number }>();
  for (const row of rows) {
    const seconds = secondsOf(row[roles.time]);
    if (seconds === null) continue;
    times.add(seconds);
    const group = roles.groups.map((at) => valueText(row[at])).join(' · ');
    for (const at of roles.measures) {
      const value = numberOf(row[at]);
      if (value === null) continue;
      const column = columns[at] ?? '';
      const several = roles.measures.length > 1;
      const name = group === '' ? column : several ? `${group} · ${column}` : group;
      const zero = countsZero.has(shape.measures.get(column) ?? '');
      const line = lines.get(name) ?? { zero, byTime: new Map<number, number>(), sum: 0 };
      line.byTime.set(seconds, value);
      line.sum += Math.abs(value);
      lines.set(name, line);
    }
  }
  const known = [...times].sort((a, b) => a - b);
  const stepSeconds = stepOf(known);
  const seconds = stepSeconds === null ? known : filled(known, stepSeconds);
  const greatest = [...lines].sort((a, b) => b[1].sum - a[1].sum);
  const series = greatest.slice(0, seriesMax).map(([name, { zero, byTime }]) => ({
    name,
    values: seconds.map((at) => byTime.get(at) ?? (zero ? 0 : null)),
  }));
  return { kind: 'time', seconds, stepSeconds, series, left: greatest.length - series.length };
}

/** The step that all times are apart by, or a multiple of it; null where there is none. */
function stepOf(seconds: readonly number[]): number | null {
  let step = Infinity;
  for (let i = 1; i < seconds.length; i++) {
    step = Math.min(step, (seconds[i] ?? 0) - (seconds[i - 1] ?? 0));
  }
  if (!Number.isFinite(step) || step <= 0) return null;
  const [first = 0] = seconds;
  const even = seconds.every(
    (at) => Math.abs(Math.round((at - first) / step) * step - (at - first)) < 1e-6,
  );
  return even ? step : null;
}

function filled(seconds: readonly number[], step: number): number[] {
  const [first = 0] = seconds;
  const count = Math.round(((seconds.at(-1) ?? first) - first) / step) + 1;
  if (count > pointsMax) return [...seconds];
  const known = new Map(seconds.map((at) => [Math.round((at - first) / step), at]));
  return Array.from({ length: count }, (_, i) => known.get(i) ?? first + i * step);
}

function isNumeric(rows: readonly unknown[][], at: number): boolean {
  let any = false;
  for (const row of rows) {
    const value = row[at];
    if (value === null || value === undefined) continue;
    if (numberOf(value) === null) return false;
    any = true;
  }
  return any;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function secondsOf(value: unknown): number | null {
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  return instant && instant.epochMillis / 1000;
}

/** A value of an answer as text; nothing is a dash. */
export function valueText(value: unknown): string {
  return value === null || value === undefined ? '–' : leafText(value);
}

/** Rows in the order of a column: numbers by size, others by their characters, nothing last. */
export function sortRows<T>(
  rows: readonly T[],
  valueOf: (row: T) => unknown,
  descending: boolean,
): T[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [a, b] = [valueOf(left), valueOf(right)];
    const [noA, noB] = [a === null || a === undefined, b === null || b === undefined];
    if (noA || noB) return Number(noA) - Number(noB);
    if (isNumber(a) && isNumber(b)) return sign * (Number(a > b) - Number(a < b));
    return sign * leafText(a).localeCompare(leafText(b), 'en', { numeric: true });
  });
}

/* To a spreadsheet it is a formula; such texts come from whoever sends events (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Rows as CSV (RFC 4180), with a head. */
export function toCsv(columns: readonly string[], rows: readonly unknown[][]): string {
  const cell = (value: unknown) => {
    const plain = value === null || value === undefined ? '' : leafText(value);
    const text = typeof value === 'string' && formula.test(value) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Rows as one JSON object a line. */
export function toNdjson(columns: readonly string[], rows: readonly unknown[][]): string {
  const line = (row: unknown[]) =>
    formatJson(Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** Whether a value of a row is a number, also a large one. */
export function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
