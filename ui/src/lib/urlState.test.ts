import { describe, expect, it } from 'vitest';
import {
  conditionParams,
  emptyState,
  formatUrl,
  parseUrl,
  withQuery,
  type ExploreState,
} from './urlState';

const full: ExploreState = {
  range: { from: '2016-10-25T14:00:00.000Z', to: 'now' },
  q: '"connection refused" api & more',
  filters: [
    { field: 'source', value: 'checkout' },
    { field: 'source', value: 'cart' },
    { field: 'level', value: 'error' },
    { field: 'payload.request.bytes', value: '1024' },
    { field: 'tag.http.route', value: '/a?b=c&d=é' },
    { field: 'not.tag.host', value: 'node-3' },
  ],
  order: 'asc',
  eventId: '018f-1',
  live: true,
  refreshSeconds: 10,
  own: true,
  zone: 'utc',
  query: 'stats count() as n by bin(5m), "a|b"\n| sort n desc # all',
  tab: 'chart',
  columns: ['source', 'tags.a,b', 'payload.50%'],
  sort: { column: 'n', descending: true },
  chart: 'bar',
  part: {
    kind: 'range',
    range: { from: '2016-10-25T14:00:00.000Z', to: '2016-10-25T14:05:00.000Z' },
  },
  baseline: 'before',
};

describe('the URL', () => {
  it('is empty for the default state', () => {
    expect(formatUrl(emptyState)).toBe('');
    expect(parseUrl('')).toEqual(emptyState);
  });

  it('gives back every part of a state', () => {
    expect(parseUrl(formatUrl(full))).toEqual(full);
  });

  it('gives back a part that a search finds, and a list without columns', () => {
    const part = { kind: 'search', search: 'source:checkout "timed out"' } as const;
    const state: ExploreState = { ...emptyState, tab: 'compare', part, columns: [] };
    expect(parseUrl(formatUrl(state))).toEqual(state);
  });

  it('shows the first view of a mode where the URL names one of the other', () => {
    expect(parseUrl('?view=chart').tab).toBe('events');
    expect(parseUrl('?view=patterns&query=').tab).toBe('table');
    expect(withQuery({ ...emptyState, tab: 'patterns' }, 'stats count()').tab).toBe('table');
  });

  it('ignores what it does not know', () => {
    expect(parseUrl('?theme=pink&order=sideways&refresh=7s&live=yes&level=')).toEqual(emptyState);
  });

  it('reads a range with one end only', () => {
    expect(parseUrl('?from=now-6h').range).toEqual({ from: 'now-6h', to: 'now' });
  });
});

describe('conditionParams', () => {
  it('repeats a field for its alternatives and leaves out an empty search', () => {
    const params = conditionParams({ q: '  ', filters: full.filters.slice(0, 2), own: false });
    expect(params.toString()).toBe('source=checkout&source=cart');
  });

  it('leaves out what Belfry says itself, unless it is asked for', () => {
    const plain = { q: 'a', filters: [], own: false };
    expect(conditionParams(plain).toString()).toBe('q=a&not.source=belfry&not.source=belfry-auth');
    expect(conditionParams({ ...plain, own: true }).toString()).toBe('q=a');
    const ofBelfry = { ...plain, filters: [{ field: 'source', value: 'belfry' }] };
    expect(conditionParams(ofBelfry).toString()).toBe('q=a&source=belfry');
  });
});
