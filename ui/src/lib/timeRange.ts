import { dateParts, formatMoment } from './instant';

/** A range as it stands in the URL: `now-15m`, `now/d`, RFC 3339, or `all` for the whole store. */
export interface TimeRange {
  from: string;
  to: string;
}

/** A range in milliseconds since 1970: start inclusive, end exclusive. */
export interface ResolvedRange {
  startMillis: number;
  endMillis: number;
}

export interface QuickRange extends TimeRange {
  label: string;
}

/** Whose clock times are shown. */
export type Zone = 'utc' | 'local';

const zones: readonly Zone[] = ['utc', 'local'];

/** The zone that a URL asks for; null where it says none. */
export function zoneOf(params: URLSearchParams): Zone | null {
  return zones.find((zone) => zone === params.get('tz')) ?? null;
}

export const defaultRange: TimeRange = { from: 'now-1h', to: 'now' };
export const allTime: TimeRange = { from: 'all', to: 'now' };

export const quickRanges: QuickRange[] = [
  { label: 'All time', from: 'all', to: 'now' },
  { label: 'Last 5 minutes', from: 'now-5m', to: 'now' },
  { label: 'Last 15 minutes', from: 'now-15m', to: 'now' },
  { label: 'Last 30 minutes', from: 'now-30m', to: 'now' },
  { label: 'Last 1 hour', from: 'now-1h', to: 'now' },
  { label: 'Last 3 hours', from: 'now-3h', to: 'now' },
  { label: 'Last 12 hours', from: 'now-12h', to: 'now' },
  { label: 'Last 24 hours', from: 'now-24h', to: 'now' },
  { label: 'Last 2 days', from: 'now-2d', to: 'now' },
  { label: 'Last 7 days', from: 'now-7d', to: 'now' },
  { label: 'Last 30 days', from: 'now-30d', to: 'now' },
  { label: 'Last 1 year', from: 'now-1y', to: 'now' },
  { label: 'Today', from: 'now/d', to: 'now' },
  { label: 'Yesterday', from: 'now-1d/d', to: 'now/d' },
];

const unitMillis: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/*
 * What is typed: now | now±15m | either with /d to round down | epoch s, ms, us or ns |
 * 2016-10-25 | 2016-10-25 14:49[:34[.123]], also with a comma | RFC 3339. A date without a zone is in the
 * zone that the page shows.
 */

/** Milliseconds since 1970 of what was typed, or null when it is not a moment. */
export function parseMoment(text: string, nowMillis: number, utc: boolean): number | null {
  const typed = text.trim();
  if (typed.toLowerCase().startsWith('now')) return parseRelative(typed, nowMillis, utc);
  if (/^\d{9,19}$/.test(typed)) return parseEpoch(typed);
  return parseCalendar(typed, utc);
}

/* What is before has no RFC 3339. */
const yearZeroMillis = Date.parse('0000-01-01T00:00:00Z');

/** The range in milliseconds; null when it cannot be read, is empty, or is `all`. */
export function resolveRange(
  range: TimeRange,
  nowMillis: number,
  utc: boolean,
): ResolvedRange | null {
  const startMillis = parseMoment(range.from, nowMillis, utc);
  const endMillis = parseMoment(range.to, nowMillis, utc);
  if (startMillis === null || endMillis === null || startMillis >= endMillis) return null;
  if (startMillis < yearZeroMillis) return null;
  return { startMillis, endMillis };
}

/* What is shown around a single moment, such as the time of a log line. */
const aroundMillis = 5 * 60_000;

/** Reads a range typed in one field: `15m`, `now-2h to now-1h`, `2016-10-25`, `last 3 days`, a moment. */
export function parseRangeText(text: string, nowMillis: number, utc: boolean): TimeRange | null {
  const typed = text.trim();
  if (/^all( time)?$/i.test(typed)) return allTime;
  const named = quickRanges.find((quick) => quick.label.toLowerCase() === typed.toLowerCase());
  if (named) return { from: named.from, to: named.to };
  const duration = durationWords.exec(typed);
  if (duration)
    return { from: `now-${duration[1] ?? ''}${unitLetter(duration[2] ?? '')}`, to: 'now' };
  const [left, right, ...more] = typed.split(/\s+to\s+|\s*\.\.\s*|\s+[-–]\s+|\s+until\s+/i);
  if (left !== undefined && right !== undefined && more.length === 0) {
    const range = { from: moment(left, utc), to: moment(right, utc) };
    return resolveRange(range, nowMillis, utc) ? range : null;
  }
  if (/^\d{4}-\d\d-\d\d$/.test(typed)) return calendarDay(typed, utc);
  if (/^now[-/]/i.test(typed)) {
    return resolveRange({ from: typed, to: 'now' }, nowMillis, utc) && { from: typed, to: 'now' };
  }
  if (/^now/i.test(typed)) return null;
  const millis = parseMoment(typed, nowMillis, utc);
  return millis === null
    ? null
    : fixedRange({ startMillis: millis - aroundMillis, endMillis: millis + aroundMillis });
}

/** How the range is called on its button. */
export function describeRange(range: TimeRange, utc: boolean): string {
  const quick = quickRanges.find((q) => q.from === range.from && q.to === range.to);
  if (quick) return quick.label;
  const last = /^now-(\d+)([smhdwy])$/.exec(range.from);
  if (last && range.to === 'now') {
    const count = Number(last[1]);
    return `Last ${count} ${unitWord(last[2] ?? '')}${count === 1 ? '' : 's'}`;
  }
  return describeEdges(describeMoment(range.from, utc), describeMoment(range.to, utc));
}

/** The same range with both ends fixed, for a link that shows the same tomorrow. */
export function fixedRange(resolved: ResolvedRange): TimeRange {
  return {
    from: new Date(resolved.startMillis).toISOString(),
    to: new Date(resolved.endMillis).toISOString(),
  };
}

/** Twice as long around the same middle, and not into the future. */
export function zoomOut(resolved: ResolvedRange, nowMillis: number): TimeRange {
  const length = Math.max(resolved.endMillis - resolved.startMillis, 1000);
  const middle = resolved.startMillis + length / 2;
  const endMillis = Math.max(Math.min(middle + length, nowMillis), resolved.endMillis);
  return fixedRange({
    startMillis: Math.round(endMillis - 2 * length),
    endMillis: Math.round(endMillis),
  });
}

export function notARange({ from, to }: TimeRange): Error {
  return new Error(`“${from}” to “${to}” is not a time range.`);
}

export function isRelative(range: TimeRange): boolean {
  return range.to.trim().toLowerCase() === 'now';
}

export function isAllTime(range: TimeRange): boolean {
  return range.from === allTime.from;
}

/** How many milliseconds of wall time a range covers, in words: `15m`, `2h 30m`, `3d`. */
export function formatLength(millis: number): string {
  const steps: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1000, 's'],
  ];
  if (millis < 1000) return `${Math.round(millis)}ms`;
  const words: string[] = [];
  let rest = Math.round(millis / 1000) * 1000;
  for (const [size, letter] of steps) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count}${letter}`);
  }
  return words.slice(0, 2).join(' ');
}

const durationWords =
  /^(?:last\s+)?(\d+)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|years?)$/i;

function unitLetter(word: string): string {
  return word.charAt(0).toLowerCase();
}

function unitWord(letter: string): string {
  const words: Record<string, string> = {
    s: 'second',
    m: 'minute',
    h: 'hour',
    d: 'day',
    w: 'week',
    y: 'year',
  };
  return words[letter] ?? '';
}

function parseRelative(typed: string, nowMillis: number, utc: boolean): number | null {
  const match = /^now(?:([+-])(\d+)([smhdwMy]))?(?:\/([mhdwMy]))?$/i.exec(typed);
  if (!match) return null;
  const [, sign, count, unit, rounding] = match;
  let millis = nowMillis;
  if (sign && count && unit) {
    const signed = (sign === '-' ? -1 : 1) * Number(count);
    const shifted = shift(nowMillis, signed, unit, utc);
    if (shifted === null) return null;
    millis = shifted;
  }
  return rounding ? floorTo(millis, rounding, utc) : millis;
}

function shift(millis: number, count: number, unit: string, utc: boolean): number | null {
  const fixed = unitMillis[unit === 'M' ? '' : unit.toLowerCase()];
  if (fixed !== undefined) return millis + count * fixed;
  const parts = dateParts(millis, utc);
  const months = unit === 'M' ? count : count * 12;
  const shifted = atParts(parts.year, parts.month - 1 + months, parts.day, utc);
  const timeOfDay = millis - atParts(parts.year, parts.month - 1, parts.day, utc);
  return Number.isNaN(shifted) ? null : shifted + timeOfDay;
}

function floorTo(millis: number, unit: string, utc: boolean): number {
  const parts = dateParts(millis, utc);
  switch (unit) {
    case 'M':
      return atParts(parts.year, parts.month - 1, 1, utc);
    case 'y':
    case 'Y':
      return atParts(parts.year, 0, 1, utc);
    case 'd':
    case 'D':
      return atParts(parts.year, parts.month - 1, parts.day, utc);
    case 'w':
    case 'W': {
      const weekday =
        (new Date(Date.UTC(parts.year, parts.month - 1, parts.day)).getUTCDay() + 6) % 7;
      return atParts(parts.year, parts.month - 1, parts.day - weekday, utc);
    }
    default: {
      const size = unitMillis[unit.toLowerCase()] ?? 1;
      return Math.floor(millis / size) * size;
    }
  }
}

function atParts(year: number, monthIndex: number, day: number, utc: boolean): number {
  return utc ? Date.UTC(year, monthIndex, day) : new Date(year, monthIndex, day).getTime();
}

function parseEpoch(digits: string): number | null {
  const value = Number(digits);
  if (digits.length <= 10) return value * 1000;
  if (digits.length <= 13) return value;
  if (digits.length <= 16) return Math.floor(value / 1000);
  return Math.floor(value / 1_000_000);
}

function parseCalendar(typed: string, utc: boolean): number | null {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?([.,]\d{1,9})?\s*(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
      typed,
    );
  if (!match) return null;
  const [, day = '', minute = '00:00', second = ':00', fraction = '', zone] = match;
  const offset = zone?.toUpperCase() ?? (utc ? 'Z' : '');
  const millis = Date.parse(
    `${day}T${minute}${second}${fraction.slice(0, 4).replace(',', '.')}${offset}`,
  );
  return Number.isNaN(millis) ? null : millis;
}

function calendarDay(day: string, utc: boolean): TimeRange | null {
  const startMillis = parseCalendar(day, utc);
  if (startMillis === null) return null;
  const parts = dateParts(startMillis, utc);
  const endMillis = atParts(parts.year, parts.month - 1, parts.day + 1, utc);
  return fixedRange({ startMillis, endMillis });
}

/** Typed dates become RFC 3339, so that the URL means the same in another zone. */
export function moment(typed: string, utc: boolean): string {
  const text = typed.trim();
  if (/^now/i.test(text)) return text;
  const millis = parseMoment(text, 0, utc);
  return millis === null ? text : new Date(millis).toISOString();
}

function describeMoment(text: string, utc: boolean): string {
  if (/^now/i.test(text)) return text;
  const millis = parseMoment(text, 0, utc);
  return millis === null ? text : formatMoment(millis, utc);
}

function describeEdges(from: string, to: string): string {
  const sameDay = /^\d{4}/.test(from) && from.slice(0, 10) === to.slice(0, 10);
  return `${from} – ${sameDay ? to.slice(11) : to}`;
}
