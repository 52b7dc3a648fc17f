import { describe, expect, it } from 'vitest';
import { levelHistogram } from './buckets';
import { addFilter, filterField, removeFilter, toggleFilter } from './filters';
import { flatten, leafText } from './flatten';
import { formatAgo, formatBytes, formatCompact, formatCount, formatMillis } from './format';
import { highlight, searchTerms } from './highlight';
import { formatMoment, formatTimestamp, parseInstant } from './instant';
import { compareLevels, levelKey, levelLabel, mergeLevels } from './levels';

describe('format', () => {
  it('writes counts', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect([0, 999, 1000, 12_345, 123_456, 2_000_000].map(formatCompact)).toEqual([
      '0',
      '999',
      '1k',
      '12.3k',
      '123k',
      '2M',
    ]);
  });

  it('writes bytes and durations', () => {
    expect([0, 1023, 1536, 5 * 1024 * 1024, 200 * 1024 ** 3].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.5 KiB',
      '5 MiB',
      '200 GiB',
    ]);
    expect([0.42, 12.4, 1250, 60_000].map(formatMillis)).toEqual([
      '0.4 ms',
      '12 ms',
      '1.25 s',
      '60 s',
    ]);
  });

  it('writes how long ago', () => {
    expect(formatAgo(0, 180_000)).toBe('3 minutes ago');
    expect(formatAgo(86_400_000 * 3, 0)).toBe('in 3 days');
    expect(formatAgo(1000, 1000)).toBe('now');
  });
});

describe('instants', () => {
  it('keep nanoseconds and zones', () => {
    expect(parseInstant('2016-10-25T14:49:34.123456789+02:00')).toEqual({
      epochMillis: Date.parse('2016-10-25T12:49:34.123Z'),
      nanosText: '123456789',
    });
    expect(parseInstant('2016-10-25T14:49:34Z')?.nanosText).toBe('000000000');
    expect(parseInstant('not a time')).toBeNull();
  });

  it('are written for people', () => {
    const text = '2016-10-25T14:49:34.123456789Z';
    expect(formatTimestamp(text, { utc: true, detail: 'time' })).toBe('14:49:34.123');
    expect(formatTimestamp(text, { utc: true, detail: 'day' })).toBe('Oct 25 14:49:34.123');
    expect(formatTimestamp(text, { utc: true, detail: 'full' })).toBe('2016-10-25 14:49:34.123');
    expect(formatTimestamp(text, { utc: true, detail: 'nanos' })).toBe(
      '2016-10-25 14:49:34.123456789',
    );
    expect(formatTimestamp('soon', { utc: true, detail: 'nanos' })).toBe('soon');
    expect(formatMoment(Date.parse('2016-10-25T14:49:00Z'), true)).toBe('2016-10-25 14:49');
    expect(formatMoment(Date.parse('2016-10-25T14:49:05.007Z'), true)).toBe(
      '2016-10-25 14:49:05.007',
    );
  });
});

describe('levels', () => {
  it('group what is sent', () => {
    const sent = ['ERROR', 'Warning', 'crit', 'INFO2', 'notice', 'weird', '', null];
    expect(sent.map(levelKey)).toEqual([
      'error',
      'warn',
      'fatal',
      'info',
      'info',
      'none',
      'none',
      'none',
    ]);
    expect(levelLabel('warning')).toBe('WARNING');
    expect(levelLabel(null)).toBe('–');
  });

  it('are ordered by severity', () => {
    expect(['info', 'zzz', 'error', 'debug', 'fatal', 'warn'].sort(compareLevels)).toEqual([
      'fatal',
      'error',
      'warn',
      'info',
      'debug',
      'zzz',
    ]);
  });
});

describe('mergeLevels', () => {
  it('adds up what differs only in case', () => {
    const values = [
      { value: 'info', count: 3 },
      { value: 'ERROR', count: 1 },
      { value: 'INFO', count: 2 },
    ];
    expect(mergeLevels(values)).toEqual([
      { value: 'error', count: 1 },
      { value: 'info', count: 5 },
    ]);
  });
});

describe('filters', () => {
  const error = { field: 'level', value: 'error' };

  it('are added once and removed', () => {
    expect(addFilter([error], error)).toEqual([error]);
    expect(removeFilter([error], { ...error })).toEqual([]);
    expect(toggleFilter(toggleFilter([], error), error)).toEqual([]);
  });

  it('know which fields the API takes', () => {
    expect(['source', 'tags.http.route', 'payload.size', 'message'].map(filterField)).toEqual([
      'source',
      'tag.http.route',
      'payload.size',
      null,
    ]);
  });
});

describe('highlight', () => {
  it('marks words and phrases', () => {
    const terms = searchTerms('refused "time out" [x]');
    expect(terms).toEqual(['refused', 'time out', '[x]']);
    expect(highlight('Time out: REFUSED [x]', terms)).toEqual([
      { text: 'Time out', hit: true },
      { text: ': ', hit: false },
      { text: 'REFUSED', hit: true },
      { text: ' ', hit: false },
      { text: '[x]', hit: true },
    ]);
  });

  it('leaves text alone without terms', () => {
    expect(highlight('abc', [])).toEqual([{ text: 'abc', hit: false }]);
    expect(searchTerms(' "" ')).toEqual([]);
  });
});

describe('flatten', () => {
  it('names leaves by path', () => {
    const value = {
      a: 1,
      b: { c: 'x', d: { e: null } },
      list: [1, 2],
      rows: [{ k: true }],
      none: {},
    };
    expect(flatten(value)).toEqual([
      { path: 'a', value: 1 },
      { path: 'b.c', value: 'x' },
      { path: 'b.d.e', value: null },
      { path: 'list', value: [1, 2] },
      { path: 'rows.0.k', value: true },
      { path: 'none', value: {} },
    ]);
    expect(flatten({})).toEqual([]);
    expect([1, 'a', null, [1, 'b']].map(leafText)).toEqual(['1', 'a', 'null', '[1,"b"]']);
  });
});

describe('levelHistogram', () => {
  const at = (text: string) => Date.parse(`2026-01-01T00:${text}Z`);

  it('fills the range, groups levels and stacks the most severe lowest', () => {
    const stacked = levelHistogram(
      [
        { start: '2026-01-01T00:00:20Z', counts: { info: 5, warning: 1, WARN: 1 }, total: 7 },
        { start: '2026-01-01T00:00:10Z', counts: { error: 2, info: 3, debug: 0, '': 1 }, total: 6 },
      ],
      10_000,
      { startMillis: at('00:05'), endMillis: at('00:35') },
    );
    expect(stacked.startSeconds.map((s) => s - at('00:00') / 1000)).toEqual([0, 10, 20, 30]);
    expect(stacked.series).toEqual([
      { key: 'error', levels: ['error'], total: 2, counts: [0, 2, 0, 0] },
      {
        key: 'warn',
        levels: ['WARN', 'warning'],
        total: 2,
        counts: [0, 0, 2, 0],
      },
      { key: 'info', levels: ['info'], total: 8, counts: [0, 3, 5, 0] },
      { key: 'none', levels: [], total: 1, counts: [0, 1, 0, 0] },
    ]);
  });

  it('is empty without buckets', () => {
    const range = { startMillis: 0, endMillis: 1000 };
    expect(levelHistogram([], 1000, range).startSeconds).toEqual([]);
  });
});
