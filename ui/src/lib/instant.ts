/** A point in time as the API writes it: milliseconds for arithmetic, and the digits below them. */
export interface Instant {
  epochMillis: number;
  /** The fraction of the second, always nine digits. */
  nanosText: string;
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)$/;

/** Reads an RFC 3339 timestamp with up to nine digits of fraction; null when it is not one. */
export function parseInstant(text: string): Instant | null {
  const match = rfc3339.exec(text);
  if (!match) return null;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const epochSecondMillis = Date.parse(`${day ?? ''}T${time ?? ''}${zone.toUpperCase()}`);
  if (Number.isNaN(epochSecondMillis)) return null;
  const nanosText = fraction.padEnd(9, '0');
  return { epochMillis: epochSecondMillis + Number(nanosText.slice(0, 3)), nanosText };
}

/** Milliseconds since 1970 as RFC 3339 in UTC. */
export function toRfc3339(epochMillis: number): string {
  return new Date(epochMillis).toISOString();
}

export interface TimestampStyle {
  utc: boolean;
  /** `time` is 14:49:34.123, `day` adds Oct 25, `full` the whole date, `nanos` all nine digits. */
  detail: 'time' | 'day' | 'full' | 'nanos';
}

const monthNames = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];

/** Writes a timestamp of the API for a person; text that is no timestamp is returned as it is. */
export function formatTimestamp(text: string, style: TimestampStyle): string {
  const instant = parseInstant(text);
  if (!instant) return text;
  const parts = dateParts(instant.epochMillis, style.utc);
  const clock = `${two(parts.hour)}:${two(parts.minute)}:${two(parts.second)}`;
  const millis = instant.nanosText.slice(0, 3);
  switch (style.detail) {
    case 'time':
      return `${clock}.${millis}`;
    case 'day':
      return `${monthNames[parts.month - 1] ?? ''} ${two(parts.day)} ${clock}.${millis}`;
    case 'full':
      return `${dayText(parts)} ${clock}.${millis}`;
    case 'nanos':
      return `${dayText(parts)} ${clock}.${instant.nanosText}`;
  }
}

/** Writes a moment to the minute, or to the second or millisecond where it has them. */
export function formatMoment(epochMillis: number, utc: boolean): string {
  const parts = dateParts(epochMillis, utc);
  const minute = `${dayText(parts)} ${two(parts.hour)}:${two(parts.minute)}`;
  const millis = ((epochMillis % 1000) + 1000) % 1000;
  if (millis !== 0) return `${minute}:${two(parts.second)}.${String(millis).padStart(3, '0')}`;
  return parts.second === 0 ? minute : `${minute}:${two(parts.second)}`;
}

export interface DateParts {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

export function dateParts(epochMillis: number, utc: boolean): DateParts {
  const date = new Date(epochMillis);
  return utc
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth() + 1,
        day: date.getDate(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
      };
}

function dayText(parts: DateParts): string {
  return `${String(parts.year).padStart(4, '0')}-${two(parts.month)}-${two(parts.day)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
