import { describe, expect, it } from 'vitest';
import { fieldLikeWords, hasOpenQuote, readSearch } from './searchText';

describe('readSearch', () => {
  it('leaves words and phrases as they are', () => {
    for (const q of ['timeout', '"connection refused" -healthcheck', '-"a b:c"', '"level:error"']) {
      expect(readSearch(q)).toEqual({ q, filters: [] });
    }
  });

  it('turns field:value into filters', () => {
    expect(readSearch('level:error')).toEqual({
      q: '',
      filters: [{ field: 'level', value: 'error' }],
    });
    expect(readSearch('refused -source:checkout tags.host:n1 payload.user.id:7')).toEqual({
      q: 'refused',
      filters: [
        { field: 'not.source', value: 'checkout' },
        { field: 'tag.host', value: 'n1' },
        { field: 'payload.user.id', value: '7' },
      ],
    });
    expect(readSearch('source:"the shop" trace_id:4bf9 event_type:a:b').filters).toEqual([
      { field: 'source', value: 'the shop' },
      { field: 'trace_id', value: '4bf9' },
      { field: 'event_type', value: 'a:b' },
    ]);
  });

  it('knows the fields that events have', () => {
    const known = ['tags.host', 'payload.user.id', 'tags.service'];
    expect(readSearch('host:n1 user.id:7 service:api', known).filters).toEqual([
      { field: 'tag.host', value: 'n1' },
      { field: 'payload.user.id', value: '7' },
      { field: 'tag.service', value: 'api' },
    ]);
    expect(readSearch('service:api').filters).toEqual([{ field: 'source', value: 'api' }]);
  });

  it('leaves what it does not know as words', () => {
    for (const q of ['http://x:80/y', 'host:n1', 'level:', 'level:(a', 'tags.ms:>10', 'level:e*']) {
      expect(readSearch(q)).toEqual({ q, filters: [] });
    }
    expect(fieldLikeWords('a host:n1 http://x -b:c "d:e"')).toEqual(['host:n1', 'b:c']);
  });
});

describe('hasOpenQuote', () => {
  it('finds a quote that is not closed', () => {
    expect(hasOpenQuote('a "b c')).toBe(true);
    expect(hasOpenQuote('a "b" c')).toBe(false);
  });

  it('leaves alternatives and brackets whole', () => {
    const text = '(level:error OR level:warn) source:api';
    expect(readSearch(text)).toEqual({ q: text, filters: [] });
  });
});
