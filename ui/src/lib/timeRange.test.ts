import { describe, expect, it } from 'vitest';
import {
  describeRange,
  fixedRange,
  formatLength,
  moment,
  parseMoment,
  parseRangeText,
  resolveRange,
  zoomOut,
} from './timeRange';

const now = Date.parse('2026-03-18T14:25:30.500Z'); // a Wednesday

function at(text: string): string | null {
  const millis = parseMoment(text, now, true);
  return millis === null ? null : new Date(millis).toISOString();
}

describe('parseMoment', () => {
  it.each([
    ['now', '2026-03-18T14:25:30.500Z'],
    ['now-15m', '2026-03-18T14:10:30.500Z'],
    [' now-2h ', '2026-03-18T12:25:30.500Z'],
    ['now+1d', '2026-03-19T14:25:30.500Z'],
    ['now/d', '2026-03-18T00:00:00.000Z'],
    ['now-1d/d', '2026-03-17T00:00:00.000Z'],
    ['now/h', '2026-03-18T14:00:00.000Z'],
    ['now/w', '2026-03-16T00:00:00.000Z'],
    ['now/M', '2026-03-01T00:00:00.000Z'],
    ['now-1M', '2026-02-18T14:25:30.500Z'],
    ['now/m', '2026-03-18T14:25:00.000Z'],
    ['now-1y/y', '2025-01-01T00:00:00.000Z'],
    ['1477406974', '2016-10-25T14:49:34.000Z'],
    ['1477406974123', '2016-10-25T14:49:34.123Z'],
    ['1477406974123456', '2016-10-25T14:49:34.123Z'],
    ['1477406974123456789', '2016-10-25T14:49:34.123Z'],
    ['2016-10-25', '2016-10-25T00:00:00.000Z'],
    ['2016-10-25 14:49', '2016-10-25T14:49:00.000Z'],
    ['2016-10-25T14:49:34.123456789Z', '2016-10-25T14:49:34.123Z'],
    ['2016-10-25T14:49:34+02:00', '2016-10-25T12:49:34.000Z'],
  ])('reads %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it.each(['', 'yesterday', 'now-', 'now-5', 'now/x', '2016-13-01', '12', '2016-10-25 99:00'])(
    'refuses %s',
    (text) => {
      expect(at(text)).toBeNull();
    },
  );
});

describe('resolveRange', () => {
  it('gives both ends', () => {
    expect(resolveRange({ from: 'now-1h', to: 'now' }, now, true)).toEqual({
      startMillis: now - 3_600_000,
      endMillis: now,
    });
  });

  it('refuses an end before the start', () => {
    expect(resolveRange({ from: 'now', to: 'now-1h' }, now, true)).toBeNull();
  });
});

describe('parseRangeText', () => {
  it.each([
    ['15m', { from: 'now-15m', to: 'now' }],
    ['last 3 days', { from: 'now-3d', to: 'now' }],
    ['2 hours', { from: 'now-2h', to: 'now' }],
    ['now-15m', { from: 'now-15m', to: 'now' }],
    ['now/d', { from: 'now/d', to: 'now' }],
    ['now-2h to now-1h', { from: 'now-2h', to: 'now-1h' }],
    ['Yesterday', { from: 'now-1d/d', to: 'now/d' }],
    ['all time', { from: 'all', to: 'now' }],
    ['2016-10-25', { from: '2016-10-25T00:00:00.000Z', to: '2016-10-26T00:00:00.000Z' }],
    [
      '2016-10-25 14:00 .. 2016-10-25 15:00',
      { from: '2016-10-25T14:00:00.000Z', to: '2016-10-25T15:00:00.000Z' },
    ],
    ['1477400400', { from: '2016-10-25T12:55:00.000Z', to: '2016-10-25T13:05:00.000Z' }],
    [
      '2016-10-25 13:00:00,250',
      { from: '2016-10-25T12:55:00.250Z', to: '2016-10-25T13:05:00.250Z' },
    ],
    ['2016-10-25 - now', { from: '2016-10-25T00:00:00.000Z', to: 'now' }],
  ])('reads %s', (text, expected) => {
    expect(parseRangeText(text, now, true)).toEqual(expected);
  });

  it.each(['', 'soon', 'now', 'now to now-1h', 'now-9999999d', '5 parsecs'])(
    'refuses %s',
    (text) => {
      expect(parseRangeText(text, now, true)).toBeNull();
    },
  );
});

describe('describeRange', () => {
  it.each([
    [{ from: 'now-15m', to: 'now' }, 'Last 15 minutes'],
    [{ from: 'now-45m', to: 'now' }, 'Last 45 minutes'],
    [{ from: 'now-1w', to: 'now' }, 'Last 1 week'],
    [{ from: 'now-2h', to: 'now-1h' }, 'now-2h – now-1h'],
    [{ from: 'all', to: 'now' }, 'All time'],
    [{ from: '2016-10-25T14:00:00Z', to: '2016-10-25T15:00:30Z' }, '2016-10-25 14:00 – 15:00:30'],
    [
      { from: '2016-10-25T14:00:00Z', to: '2016-10-26T15:00:00Z' },
      '2016-10-25 14:00 – 2016-10-26 15:00',
    ],
  ])('names %o', (range, expected) => {
    expect(describeRange(range, true)).toBe(expected);
  });
});

describe('zoomOut', () => {
  it('doubles the range around its middle', () => {
    const resolved = { startMillis: now - 7_200_000, endMillis: now - 3_600_000 };
    expect(zoomOut(resolved, now)).toEqual(
      fixedRange({ startMillis: now - 9_000_000, endMillis: now - 1_800_000 }),
    );
  });

  it('does not go into the future', () => {
    const resolved = { startMillis: now - 3_600_000, endMillis: now };
    expect(zoomOut(resolved, now)).toEqual(
      fixedRange({ startMillis: now - 7_200_000, endMillis: now }),
    );
  });
});

describe('moment', () => {
  it('fixes a typed date and leaves what is relative', () => {
    expect(moment('2016-10-25 14:49', true)).toBe('2016-10-25T14:49:00.000Z');
    expect(moment('now-5m', true)).toBe('now-5m');
  });
});

describe('formatLength', () => {
  it.each([
    [250, '250ms'],
    [30_000, '30s'],
    [900_000, '15m'],
    [9_000_000, '2h 30m'],
    [3 * 86_400_000, '3d'],
  ])('writes %d', (millis, expected) => {
    expect(formatLength(millis)).toBe(expected);
  });
});
