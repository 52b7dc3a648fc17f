import { describe, expect, it } from 'vitest';
import { completeQuery, completeSearch, type KnownField } from './complete';

const field = (name: string, values: unknown[], count = 100): KnownField => ({
  name,
  count,
  distinct: values.length,
  values: values.map((value, at) => ({ value, count: count - at })),
});

const fields = [
  field('level', ['ERROR', 'error', 'info']),
  field('source', ['checkout', 'cart service'], 90),
  field('tags.host', ['node-1', 'node-2'], 80),
  field('tags.user id', ['a'], 20),
  field('payload.host', ['other'], 10),
  field('payload.duration_ms', [12, 200], 70),
];

const search = (text: string) => completeSearch(text, text.length, fields);
const query = (text: string) => completeQuery(text, text.length, fields);
const labels = (made: { suggestions: { label: string }[] } | null) =>
  made?.suggestions.map(({ label }) => label);

describe('completion of the search bar', () => {
  it('offers fields by what was typed, columns first', () => {
    expect(labels(search(''))?.slice(0, 2)).toEqual(['level', 'source']);
    expect(labels(search('timeout ho'))).toEqual(['host', 'payload.host']);
    const [host] = search('a -ho').suggestions;
    expect(host?.insert).toBe('-host:');
    expect(search('user').suggestions[0]?.insert).toBe('"user id":');
  });

  it('offers the values of a field, quoted where they must be', () => {
    expect(labels(search('level:'))).toEqual(['error', 'info']);
    const made = search('x source:ca');
    expect(made.from).toBe(2);
    expect(made.suggestions.map(({ insert }) => insert)).toEqual(['source:"cart service" ']);
    expect(made.valuesOf).toEqual({ field: 'source', prefix: 'ca' });
    expect(search('"user id":').suggestions[0]?.insert).toBe('"user id":a ');
  });

  it('looks at the term that the caret stands in', () => {
    const made = completeSearch('level:in other', 8, fields);
    expect([made.from, made.to, labels(made)]).toEqual([0, 8, ['info']]);
    expect(labels(completeSearch('"a level:', 9, fields))).toEqual([]);
  });
});

describe('completion of a query', () => {
  it('offers stages where one may begin', () => {
    expect(labels(query('level:error | s'))).toEqual(
      expect.arrayContaining(['stats', 'sort', 'search']),
    );
    expect(labels(query('level:error | s'))).not.toContain('source');
    expect(labels(query(''))).toEqual(expect.arrayContaining(['stats', 'level', 'host']));
  });

  it('offers functions and fields inside of a stage', () => {
    expect(labels(query('stats cou'))?.slice(0, 2)).toEqual(['count', 'count_distinct']);
    expect(labels(query('filter coun'))).toEqual([]);
    expect(labels(query('stats count() by dur'))).toEqual(['duration_ms']);
    expect(query('filter user')?.suggestions[0]?.insert).toBe('`user id`');
  });

  it('offers values behind a comparison, in a list and behind a colon', () => {
    expect(query('filter host = ')?.suggestions[0]?.insert).toBe('"node-1"');
    expect(query('filter duration_ms = ')?.suggestions[0]?.insert).toBe('12');
    expect(query('filter source in ["cart", ')?.valuesOf?.field).toBe('source');
    const open = query('filter source = "che');
    expect([open?.from, open?.suggestions[0]?.insert]).toEqual([16, '"checkout"']);
    expect(query('level:err')?.suggestions[0]?.insert).toBe('error');
  });

  it('is silent in comments and behind a whole text', () => {
    expect(query('filter a = 1 # sta')).toBeNull();
    expect(query('filter @message like "x"')).toBeNull();
  });
});
