/** 12345 as 12,345, in every locale alike, so that figures can be compared and copied. */
export function formatCount(count: number | bigint): string {
  return (typeof count === 'bigint' ? count : Math.round(count)).toLocaleString('en-US');
}

/** `event` for one, `events` for none or more. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

/** 12345 as 12.3k, for narrow places. */
export function formatCompact(count: number): string {
  const steps: [number, string][] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  for (const [size, letter] of steps) {
    if (count >= size) {
      const scaled = count / size;
      return `${scaled >= 100 ? String(Math.round(scaled)) : trimZero(scaled.toFixed(1))}${letter}`;
    }
  }
  return String(Math.round(count));
}

/** Bytes in units of 1024: 1.5 MiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${trimZero(value.toFixed(digits))} ${units[unit] ?? ''}`;
}

/** A duration: 0.4 ms, 12 ms, 1.25 s. */
export function formatMillis(millis: number): string {
  if (millis < 1) return `${trimZero(millis.toFixed(1))} ms`;
  if (millis < 1000) return `${Math.round(millis)} ms`;
  return `${trimZero((millis / 1000).toFixed(2))} s`;
}

/** How long ago, or how far ahead, a moment is: `3 minutes ago`. */
export function formatAgo(epochMillis: number, nowMillis: number): string {
  const seconds = Math.round((epochMillis - nowMillis) / 1000);
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [
    [31_557_600, 'year'],
    [2_629_800, 'month'],
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ];
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [size, unit] of steps) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, 'second');
}

function trimZero(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
