import { filterParts, isLike, type Filter } from './filters';

/*
 * What the page must know of the query language (docs/insights.md) without asking the server: where
 * tokens and stages begin, for colours, for completion, and for the events that a query looks at.
 * The server alone decides whether a query is right.
 */

export const stageWords = [
  'fields',
  'filter',
  'parse',
  'stats',
  'sort',
  'limit',
  'dedup',
  'pattern',
  'display',
  'search',
] as const;

export const keywords = ['by', 'as', 'and', 'or', 'not', 'in', 'like', 'is', 'present', 'asc'];

export type TokenKind =
  | 'stage'
  | 'keyword'
  | 'function'
  | 'name'
  | 'text'
  | 'regex'
  | 'number'
  | 'comment'
  | 'pipe'
  | 'symbol';

export interface Token {
  kind: TokenKind;
  text: string;
  /** Offset of its first character. */
  from: number;
  /** Offset behind its last. */
  to: number;
}

const lower = new Set<string>([...keywords, 'desc', 'true', 'false', 'null']);

const pattern = new RegExp(
  [
    String.raw`(?<comment>(?<=^|\s)(?:#|//|--)[^\n]*)`,
    String.raw`(?<text>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)`,
    String.raw`(?<quoted>\x60[^\x60]*\x60?)`,
    String.raw`(?<number>\d+(?:\.\d+)?(?:[a-zA-Z]+)?)`,
    String.raw`(?<name>[\p{L}_@$](?:[\p{L}\p{N}_@$]|\.(?=[\p{L}\p{N}_@]))*)`,
    String.raw`(?<pipe>\|\|?)`,
    String.raw`(?<symbol>==|!=|<>|<=|>=|=~|!~|\S)`,
  ].join('|'),
  'gu',
);

/* A slash begins a regular expression where a value may stand, and divides elsewhere. */
const beforeRegex = new Set(['=~', '!~', '(', ',', ':']);
const regexAhead = /^\/(?:\\.|[^/\\\n])+\/i?/;

/** The tokens of a query, white space left out; what is no token of the language is a symbol. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let opens = true;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const from = match.index;
    const regex = match.groups?.symbol === '/' && mayBeRegex(found.at(-1)) && text.slice(from);
    const slashed = regex ? regexAhead.exec(regex)?.[0] : undefined;
    const word = slashed ?? match[0];
    const to = from + word.length;
    pattern.lastIndex = to;
    const kind: TokenKind = slashed ? 'regex' : kindOf(match, opens, text.slice(to));
    found.push({ kind, text: word, from, to });
    if (kind !== 'comment') opens = kind === 'pipe' && word === '|';
  }
  return found;
}

function mayBeRegex(before: Token | undefined): boolean {
  if (!before) return false;
  return (
    beforeRegex.has(before.text) ||
    before.text.toLowerCase() === 'like' ||
    (before.kind === 'name' && !before.text.startsWith('`')) ||
    before.kind === 'keyword'
  );
}

function kindOf(match: RegExpExecArray, opens: boolean, rest: string): TokenKind {
  const { groups = {} } = match;
  if (groups.comment !== undefined) return 'comment';
  if (groups.text !== undefined) return 'text';
  if (groups.quoted !== undefined) return 'name';
  if (groups.number !== undefined) return 'number';
  if (groups.pipe !== undefined) return groups.pipe === '|' ? 'pipe' : 'symbol';
  if (groups.name !== undefined) {
    const word = groups.name.toLowerCase();
    if (opens && isStage(word) && !rest.startsWith(':')) return 'stage';
    if (lower.has(word)) return 'keyword';
    return /^\s*\(/.test(rest) ? 'function' : 'name';
  }
  return 'symbol';
}

function isStage(word: string): boolean {
  return (stageWords as readonly string[]).includes(word);
}

/** One stage of a query: the word that it begins with, `search` where none stands there. */
export interface StageText {
  word: string;
  /** The tokens behind the word. */
  tokens: Token[];
  from: number;
  /** Offset of the pipe behind it, or the end of the text. */
  to: number;
}

export function stages(text: string): StageText[] {
  const all: StageText[] = [];
  let current: StageText | null = null;
  let from = 0;
  for (const token of tokens(text)) {
    if (token.kind === 'comment') continue;
    if (token.kind === 'pipe') {
      all.push({ ...(current ?? { word: '', tokens: [], from }), to: token.from });
      current = null;
      from = token.to;
    } else if (!current) {
      const stage = token.kind === 'stage';
      const word = stage ? token.text.toLowerCase() : 'search';
      current = { word, tokens: stage ? [] : [token], from, to: text.length };
    } else {
      current.tokens.push(token);
    }
  }
  if (current) all.push(current);
  return all;
}

const narrowing = new Set(['search', 'filter', 'fields', 'parse']);

/** The beginning of a query that says which events it looks at, without what it makes of them. */
export function narrowingPart(text: string): string {
  let end = 0;
  for (const stage of stages(text)) {
    if (!narrowing.has(stage.word)) break;
    end = stage.to;
  }
  return text.slice(0, end).trim();
}

/** What the last `stats` of a query makes: its columns as they are named in the answer. */
export interface StatsShape {
  groups: string[];
  /** The function that each is made by, in small letters; null where it is more than one. */
  measures: Map<string, string | null>;
}

export function statsShape(text: string): StatsShape {
  const stats = stages(text).findLast((stage) => stage.word === 'stats');
  if (!stats) return { groups: [], measures: new Map() };
  const by = stats.tokens.findLastIndex((token) => token.text.toLowerCase() === 'by');
  const values = items(text, by < 0 ? stats.tokens : stats.tokens.slice(0, by));
  const groups = by < 0 ? [] : items(text, stats.tokens.slice(by + 1));
  return {
    groups: groups.map(({ name }) => name),
    measures: new Map(values.map((item) => [item.name, item.function])),
  };
}

interface Item {
  name: string;
  function: string | null;
}

/** What stands between the commas of a list, each by its alias where it has one. */
function items(text: string, list: readonly Token[]): Item[] {
  const made: Item[] = [];
  let depth = 0;
  let current: Token[] = [];
  const close = () => {
    const alias = current.findLastIndex((token) => token.text.toLowerCase() === 'as');
    const value = alias > 0 ? current.slice(0, alias) : current;
    const [first, last] = [value[0], value.at(-1)];
    if (!first || !last) return;
    const written = text.slice(first.from, last.to);
    const name = alias > 0 ? (current[alias + 1]?.text ?? written) : written;
    const called = value.filter((token) => token.kind === 'function');
    const only = called.length === 1 && first === called[0] && last.text === ')';
    made.push({
      name: name.replaceAll('`', ''),
      function: only ? first.text.toLowerCase() : null,
    });
  };
  for (const token of list) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0 && token.text === ',') {
      close();
      current = [];
    } else {
      current.push(token);
    }
  }
  close();
  return made;
}

/** A value or name in quotes, as the search bar reads it. */
export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

const plainName = /^[\p{L}_@$][\p{L}\p{N}_.@$-]*$/u;
const plainValue = /^[\p{L}\p{N}_.@$/-]+$/u;

/** `field:value` of the search bar, quoted where it must be. */
export function searchTerm(field: string, value: string): string {
  return `${searchName(queryField(field))}:${searchValue(value)}`;
}

/** A field's name before a colon. */
export function searchName(name: string): string {
  return plainName.test(name) ? name : quote(name);
}

/** A field's value behind a colon. */
export function searchValue(value: string): string {
  return plainValue.test(value) && !value.startsWith('/') ? value : quote(value);
}

/** A filter's field as the query language names it: `tag.host` is `tags.host`. */
export function queryField(field: string): string {
  return field.startsWith('tag.') ? `tags.${field.slice('tag.'.length)}` : field;
}

/** Conditions as a search: several values of one field are alternatives. */
export function searchOf(q: string, filters: readonly Filter[]): string {
  const byField = new Map<string, string[]>();
  for (const { field, value } of filters.filter((filter) => !isLike(filter))) {
    byField.set(field, [...(byField.get(field) ?? []), value]);
  }
  const parts: string[] = [];
  for (const [field, values] of byField) {
    const { name, excludes } = filterParts(field);
    const terms = values.map((value) => searchTerm(name, value));
    if (excludes) parts.push(...terms.map((term) => `-${term}`));
    else parts.push(terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' OR ')})`);
  }
  if (q.trim() !== '') parts.push(q.trim());
  return parts.join(' ');
}

/** The conditions on templates of messages as stages of a query. */
export function likeStages(filters: readonly Filter[]): string[] {
  const likes = filters.filter(isLike);
  const condition = ({ value }: Filter) => `@message like ${quote(value)}`;
  const [asked, excluded] = [false, true].map((out) =>
    likes.filter(({ field }) => filterParts(field).excludes === out).map(condition),
  );
  return [
    ...(asked?.length ? [`filter ${asked.join(' or ')}`] : []),
    ...(excluded?.length ? [`filter not (${excluded.join(' or ')})`] : []),
  ];
}

/* Comparisons, ranges, wildcards, alternatives and brackets, outside of quotes. */
const operators = /(^|\s)(-?\(|(?:OR|AND|NOT)\s|[^\s"]*\*)|[\w.@-]:(?!\/\/)([<>[(*/=]|[^\s"]*\*)/;

/** Whether a search is more than words and phrases, so that it must be asked as a query. */
export function hasOperators(q: string): boolean {
  return operators.test(q.replaceAll(/"[^"]*"/g, '""'));
}

/** A query that looks only at what meets the filters, and where the given text begins in it. */
export function withFilters(
  text: string,
  filters: readonly Filter[],
): { query: string; offset: number } {
  const search = searchOf('', filters);
  const before = [...(search === '' ? [] : [`search ${search}`]), ...likeStages(filters)].join(
    ' | ',
  );
  if (before === '') return { query: text, offset: 0 };
  const first = stages(text)[0];
  if (first === undefined) return { query: `${before} ${text}`, offset: before.length + 1 };
  const bare = first.tokens[0]?.from === firstOffset(text);
  const joined = `${before} | ${bare ? 'search ' : ''}`;
  return { query: joined + text, offset: joined.length };
}

/* Where the first token that is no comment stands. */
function firstOffset(text: string): number {
  return tokens(text).find(({ kind }) => kind !== 'comment')?.from ?? 0;
}
