import { describe, expect, it } from 'vitest';
import {
  hasOperators,
  narrowingPart,
  searchOf,
  searchTerm,
  stages,
  statsShape,
  tokens,
  withFilters,
} from './insight';

const kinds = (text: string) => tokens(text).map(({ kind, text: word }) => `${kind} ${word}`);

describe('tokens', () => {
  it('tells stages, functions, fields and values apart', () => {
    expect(kinds('filter level = "a|b" | stats count(x) as n by bin(5m)')).toEqual([
      'stage filter',
      'name level',
      'symbol =',
      'text "a|b"',
      'pipe |',
      'stage stats',
      'function count',
      'symbol (',
      'name x',
      'symbol )',
      'keyword as',
      'name n',
      'keyword by',
      'function bin',
      'symbol (',
      'number 5m',
      'symbol )',
    ]);
  });

  it('takes a slash behind =~ for a regular expression and behind a number for a division', () => {
    expect(kinds('filter a =~ /b|c/i and d / 2 > 1')).toContain('regex /b|c/i');
    expect(kinds('fields 4 / 2 / 1')).toContain('symbol /');
  });

  it('takes a word before a colon for a field, and comments to the end of their line', () => {
    expect(kinds('fields:x # | not\n| limit 3')).toEqual([
      'name fields',
      'symbol :',
      'name x',
      'comment # | not',
      'pipe |',
      'stage limit',
      'number 3',
    ]);
    expect(kinds('http://host')).not.toContain('comment //host');
  });

  it('covers every character but white space, whatever the text', () => {
    const text = 'a "open \\" | `b` \u{1F600} || /x/ 12.5e3 é.ü.';
    const covered = tokens(text).reduce((rest, { from, to }) => {
      return rest.slice(0, from) + ' '.repeat(to - from) + rest.slice(to);
    }, text);
    expect(covered.trim()).toBe('');
  });
});

describe('stages', () => {
  it('has a search where no word of a stage stands', () => {
    expect(stages('level:error | filter a = 1').map(({ word }) => word)).toEqual([
      'search',
      'filter',
    ]);
  });

  it('narrows by what stands before the first stage that makes other rows', () => {
    const text = 'level:error\n| parse @message "a*" as x | filter x > 1 | stats count() by x';
    expect(narrowingPart(text)).toBe('level:error\n| parse @message "a*" as x | filter x > 1');
    expect(narrowingPart('stats count()')).toBe('');
  });

  it('knows what the last stats computes and groups by', () => {
    const text =
      'stats count() by a | stats max(n), sum(n) / count(n) as m by bin(5m), concat(a, "b") as c, `d e`';
    const shape = statsShape(text);
    expect(shape.groups).toEqual(['bin(5m)', 'c', 'd e']);
    expect([...shape.measures]).toEqual([
      ['max(n)', 'max'],
      ['m', null],
    ]);
    expect(statsShape('stats count()').groups).toEqual([]);
    expect(statsShape('fields by').groups).toEqual([]);
  });
});

describe('hasOperators', () => {
  it('tells a search of words from one that only the query language reads', () => {
    for (const q of [
      'a b',
      '"a OR (b*"',
      'a -b',
      'http://x/y',
      'ORDER',
      '12:30',
      'user:42',
      'a=b',
    ]) {
      expect([q, hasOperators(q)]).toEqual([q, false]);
    }
    for (const q of [
      'ms:>10',
      'a OR b',
      '(a b)',
      '-(a)',
      'tim*',
      'x:[1 TO 2]',
      'x:(a b)',
      'x:/r/',
      'x:a*',
      'x:*',
    ]) {
      expect([q, hasOperators(q)]).toEqual([q, true]);
    }
  });
});

describe('a search of filters', () => {
  it('quotes what is more than a word', () => {
    expect(searchTerm('tag.host', 'node-3')).toBe('tags.host:node-3');
    expect(searchTerm('tag.a b', 'x "y" \\')).toBe('"tags.a b":"x \\"y\\" \\\\"');
    expect(searchTerm('source', '*')).toBe('source:"*"');
    expect(searchTerm('payload.path', '/a/')).toBe('payload.path:"/a/"');
  });

  it('has alternatives of one field in brackets and leaves values out', () => {
    const filters = [
      { field: 'source', value: 'a' },
      { field: 'source', value: 'b' },
      { field: 'not.level', value: 'debug' },
    ];
    expect(searchOf('"timed out"', filters)).toBe(
      '(source:a OR source:b) -level:debug "timed out"',
    );
  });

  it('stands before a query, whose text keeps its place', () => {
    const filters = [{ field: 'source', value: 'a' }];
    for (const [text, query] of [
      ['stats count()', 'search source:a | stats count()'],
      ['x OR y | limit 3', 'search source:a | search x OR y | limit 3'],
      ['', 'search source:a '],
      ['sort x', 'search source:a | sort x'],
    ] as const) {
      const made = withFilters(text, filters);
      expect(made.query).toBe(query);
      expect(made.query.slice(made.offset)).toBe(text);
    }
    const like = [
      { field: 'like', value: '%order "x"%' },
      { field: 'not.like', value: '%a%' },
    ];
    expect(withFilters('limit 1', like).query).toBe(
      'filter @message like "%order \\"x\\"%" | filter not (@message like "%a%") | limit 1',
    );
    expect(withFilters('limit 1', [])).toEqual({ query: 'limit 1', offset: 0 });
  });
});
