import { addFilter, type Filter } from './filters';

/** What was typed into the search field, taken apart. */
export interface SearchText {
  /** Words and phrases. */
  q: string;
  /** What was written as `field:value`. */
  filters: Filter[];
}

const aliases: Record<string, string> = {
  level: 'level',
  severity: 'level',
  source: 'source',
  event_type: 'event_type',
  type: 'event_type',
  trace_id: 'trace_id',
  traceid: 'trace_id',
};

/* `-"a phrase"`, `field:"a value"`, or anything up to the next white space. */
const token = /-?"[^"]*"|(-?)([^\s":]+):(?:"([^"]*)"|([^\s"]+))(?=\s|$)|\S+/g;

/* Comparisons, ranges, wildcards and alternatives are of the query language, not of filters. */
const operators = /^[[(<>=/]|\*/;

/**
 * Parts words and `field:value` pairs. `known` are fields as the field list names them; a pair of a
 * field that is not known stays what it is: words.
 */
export function readSearch(text: string, known: readonly string[] = []): SearchText {
  if (combined.test(text.replaceAll(/"[^"]*"/g, '""'))) return { q: text, filters: [] };
  const words: string[] = [];
  let filters: Filter[] = [];
  for (const [whole, minus = '', name, quoted, bare] of text.matchAll(token)) {
    const value = quoted ?? bare ?? '';
    const field = name === undefined ? null : searchField(name, known);
    const plain = quoted !== undefined || !operators.test(value);
    if (field === null || value === '' || !plain) words.push(whole);
    else filters = addFilter(filters, { field: `${minus ? 'not.' : ''}${field}`, value });
  }
  return { q: words.join(' '), filters };
}

/* Terms that hold only together with their neighbours. */
const combined = /[()]|(^|\s)(OR|NOT|AND)(\s|$)/;

/** Whether a quote is opened and not closed, as the server reads it. */
export function hasOpenQuote(text: string): boolean {
  return (text.match(/"/g) ?? []).length % 2 === 1;
}

/** The words of a search that look like `field:value` but are searched as words. */
export function fieldLikeWords(q: string): string[] {
  return [
    ...q.replaceAll(/"[^"]*"/g, ' ').matchAll(/(?:^|\s)-?([a-zA-Z_@][\w.@]*:(?!\/\/)\S+)/g),
  ].map((match) => match[1] ?? '');
}

/** The parameter of the API for a field as it is typed. */
function searchField(name: string, known: readonly string[]): string | null {
  const plain = aliases[name.toLowerCase()];
  if (plain) return plain;
  const named = /^(tags?|payload)\.(.+)$/.exec(name);
  if (named?.[2]) return `${named[1] === 'payload' ? 'payload' : 'tag'}.${named[2]}`;
  if (known.includes(`tags.${name}`)) return `tag.${name}`;
  if (known.includes(`payload.${name}`)) return `payload.${name}`;
  return name.toLowerCase() === 'service' ? 'source' : null;
}
