export interface TextPart {
  text: string;
  hit: boolean;
}

/** The words and "phrases" of a search, without operators. */
export function searchTerms(q: string): string[] {
  const terms: string[] = [];
  for (const match of q.matchAll(/"([^"]*)"|(\S+)/g)) {
    const term = (match[1] ?? match[2] ?? '').replaceAll('"', '').trim();
    if (term !== '') terms.push(term);
  }
  return terms;
}

/** Cuts text into parts that do and do not match one of the terms, ignoring case. */
export function highlight(text: string, terms: readonly string[]): TextPart[] {
  if (terms.length === 0 || text === '') return [{ text, hit: false }];
  const longestFirst = [...terms].sort((left, right) => right.length - left.length);
  const pattern = new RegExp(longestFirst.map(escapeRegExp).join('|'), 'gi');
  const parts: TextPart[] = [];
  let position = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > position) parts.push({ text: text.slice(position, match.index), hit: false });
    parts.push({ text: match[0], hit: true });
    position = match.index + match[0].length;
  }
  if (position < text.length) parts.push({ text: text.slice(position), hit: false });
  return parts;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
