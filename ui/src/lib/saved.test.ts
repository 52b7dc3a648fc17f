import { describe, expect, it } from 'vitest';
import { isWorthSaving, savedOf, stateOf, type Kept } from './saved';
import { emptyState, type ExploreState } from './urlState';

const again = (state: ExploreState, columns: string[] = []) => stateOf(savedOf(state, columns));

describe('a saved query', () => {
  it('gives back a search with its filters, time and columns', () => {
    const state: ExploreState = {
      ...emptyState,
      range: { from: 'now-6h', to: 'now' },
      q: '"timed out" -health',
      filters: [
        { field: 'source', value: 'checkout' },
        { field: 'tag.http.route', value: '/a b' },
        { field: 'not.level', value: 'debug' },
        { field: 'like', value: '%order "x"%placed%' },
        { field: 'not.like', value: '%a%' },
      ],
      columns: ['level', 'tags.host', 'message'],
    };
    const found = again(state, state.columns ?? []);
    expect({ ...found, filters: [] }).toEqual({ ...state, filters: [] });
    expect(new Set(found.filters)).toEqual(new Set(state.filters));
  });

  it('gives back only templates, and all times', () => {
    const filters = [{ field: 'like', value: '%a%' }];
    const state: ExploreState = { ...emptyState, filters, range: { from: 'all', to: 'now' } };
    expect(again(state)).toEqual(state);
  });

  it('keeps alternatives as a search that the server reads', () => {
    const filters = [
      { field: 'source', value: 'a' },
      { field: 'source', value: 'b' },
    ];
    expect(again({ ...emptyState, filters }).q).toBe('(source:a OR source:b)');
  });

  it('opens a query in the editor, with the filters that held', () => {
    const filters = [{ field: 'source', value: 'a' }];
    const state: ExploreState = { ...emptyState, query: 'stats count()', filters, tab: 'table' };
    expect(again(state).query).toBe('search source:a | stats count()');
    const other: Kept = {
      kind: 'search',
      query: 'x | filter a = 1',
      columns: [],
      start_time: 'now-1h',
      end_time: null,
    };
    const found = stateOf(other);
    expect(found.query).toBe('x | filter a = 1');
  });

  it('is nothing where everything is asked for', () => {
    expect(isWorthSaving(emptyState)).toBe(false);
    expect(isWorthSaving({ ...emptyState, q: 'a' })).toBe(true);
  });
});
