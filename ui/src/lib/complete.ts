import { aggregateFunctions, stageHelp, valueFunctions } from './insightWords';
import {
  queryField,
  quote,
  searchName,
  searchValue,
  stageWords,
  tokens,
  type Token,
} from './insight';
import { filterField } from './filters';
import { leafText } from './flatten';
import { mergeLevels } from './levels';

/** A field with its most frequent values, as the list of fields has it. */
export interface KnownField {
  name: string;
  count: number;
  distinct: number;
  values: { value: unknown; count: number }[];
}

export interface Suggestion {
  /** What it is called in the list. */
  label: string;
  /** What takes the place of what was typed. */
  insert: string;
  kind: 'field' | 'value' | 'stage' | 'function' | 'keyword';
  /** How many events have it, or what it does. */
  detail: string | number | null;
  /** The more, the earlier among its like. */
  weight: number;
}

/** What may stand at a place, and which part of the text it takes the place of. */
export interface Completion {
  from: number;
  to: number;
  suggestions: Suggestion[];
  /** The field that values are wanted of, and what they begin with. */
  valuesOf: { field: string; prefix: string } | null;
}

const shownMax = 12;

/* ---- the search bar ---- */

/** What may stand at the caret of the search bar. */
export function completeSearch(
  text: string,
  caret: number,
  fields: readonly KnownField[],
): Completion {
  const from = termStart(text, caret);
  const typed = text.slice(from, caret);
  const minus = typed.startsWith('-') ? '-' : '';
  const term = /^(?:"([^"]*)"|([^\s":]+)):(.*)$/s.exec(typed.slice(minus.length));
  if (!term) {
    const suggestions = fieldSuggestions(fields, typed.slice(minus.length)).map((one) => ({
      ...one,
      insert: `${minus}${one.insert}:`,
    }));
    return { from, to: caret, suggestions, valuesOf: null };
  }
  const name = term[1] ?? term[2] ?? '';
  const prefix = (term[3] ?? '').replaceAll('"', '');
  const field = findField(fields, name);
  const shown = searchName(name);
  const suggestions = valueSuggestions(field, prefix).map((one) => ({
    ...one,
    insert: `${minus}${shown}:${searchValue(one.insert)} `,
  }));
  return { from, to: caret, suggestions, valuesOf: { field: field?.name ?? name, prefix } };
}

/* Where the term begins that the caret stands in or behind. */
function termStart(text: string, caret: number): number {
  let quoted = false;
  let at = 0;
  for (let i = 0; i < caret; i++) {
    if (text[i] === '"') quoted = !quoted;
    if (!quoted && /[\s()]/.test(text[i] ?? '')) at = i + 1;
  }
  return at;
}

/** Only those that fit, the best first; none where what was typed is one of them already. */
export function fitting(
  suggestions: readonly Suggestion[],
  typed: string,
  max = shownMax,
): Suggestion[] {
  const words = typed.toLowerCase();
  const scored = suggestions.flatMap((one) => {
    const at = one.label.toLowerCase().indexOf(words);
    if (at < 0) return [];
    const starts = at === 0 || /[._\-@]/.test(one.label[at - 1] ?? '');
    return [{ one, score: at === 0 ? 2 : starts ? 1 : 0 }];
  });
  scored.sort((a, b) => b.score - a.score || b.one.weight - a.one.weight);
  return scored.slice(0, max).map(({ one }) => one);
}

const columnNames = ['level', 'source', 'event_type', 'trace_id'];

/** Fields by the names that are typed: `host` for `tags.host` where that says enough. */
function fieldSuggestions(fields: readonly KnownField[], typed: string): Suggestion[] {
  const names = fields.map((field) => {
    const short = shortName(field.name, fields);
    const weight = columnNames.includes(field.name) ? 1e15 : field.count;
    return suggestion(short, searchName(short), 'field', field.count, weight);
  });
  const absent = columnNames.filter((name) => !fields.some((field) => field.name === name));
  const all = [...names, ...absent.map((name) => suggestion(name, name, 'field', null, 0))];
  return fitting(all, typed);
}

/** `host` for `tags.host`, unless another field would be meant by it. */
export function shortName(name: string, fields: readonly KnownField[]): string {
  const bare = name.replace(/^(tags|payload)\./, '');
  if (bare === name) return name;
  const taken =
    columnNames.includes(bare) ||
    ['service', 'message', 'timestamp', 'id', 'tags', 'payload'].includes(bare) ||
    /^(tags?|payload)\./.test(bare) ||
    (name.startsWith('payload.') && fields.some((field) => field.name === `tags.${bare}`));
  return taken ? name : bare;
}

/** The field that a typed name means: a column, then a tag, then a member of the payload. */
export function findField(fields: readonly KnownField[], name: string): KnownField | undefined {
  const plain = queryField(filterField(name) ?? name);
  const aliases: Record<string, string> = {
    '@logstream': 'source',
    '@source': 'source',
    '@level': 'level',
    severity: 'level',
    '@type': 'event_type',
    type: 'event_type',
  };
  const wanted = aliases[plain.toLowerCase()] ?? plain;
  return [wanted, `tags.${wanted}`, `payload.${wanted}`]
    .map((candidate) => fields.find((field) => field.name === candidate))
    .find((field) => field !== undefined);
}

function valueSuggestions(field: KnownField | undefined, prefix: string): Suggestion[] {
  if (!field) return [];
  const values = field.name === 'level' ? mergeLevels(field.values) : field.values;
  const all = values.map(({ value, count }) => {
    const text = leafText(value);
    return suggestion(text, text, 'value', count, count);
  });
  return fitting(all, prefix);
}

function suggestion(
  label: string,
  insert: string,
  kind: Suggestion['kind'],
  detail: Suggestion['detail'],
  weight: number,
): Suggestion {
  return { label, insert, kind, detail, weight };
}

/* ---- the query editor ---- */

/** What may stand at the caret of a query. */
export function completeQuery(
  text: string,
  caret: number,
  fields: readonly KnownField[],
): Completion | null {
  const before = tokens(text.slice(0, caret));
  const last = before.at(-1);
  if (last?.kind === 'comment') return null;
  const touching = last?.to === caret && isWordLike(last) ? last : null;
  const from = touching?.from ?? caret;
  const stage = stageAt(before, touching);
  const value = valueContext(before, touching);
  if (value) {
    const field = findField(fields, value.field);
    const prefix = touching ? touching.text.replaceAll(/["'`]/g, '') : '';
    const suggestions = valueSuggestions(field, prefix).map((one) => ({
      ...one,
      insert: value.colon ? searchValue(one.insert) : literal(one.insert),
    }));
    return {
      from,
      to: caret,
      suggestions,
      valuesOf: { field: field?.name ?? value.field, prefix },
    };
  }
  if (last?.kind === 'text' && last.to === caret) return null;
  if (touching?.kind === 'number' || last?.kind === 'regex') return null;
  const typed = touching?.text.replaceAll('`', '') ?? '';
  const words = stage === null ? stageSuggestions() : wordsOf(stage);
  const names = stage === null && before.length > (touching ? 1 : 0) ? [] : queryFields(fields);
  return { from, to: caret, suggestions: fitting([...words, ...names], typed, 60), valuesOf: null };
}

function isWordLike({ kind }: Token): boolean {
  return ['stage', 'keyword', 'function', 'name', 'number', 'text'].includes(kind);
}

/** The word of the stage that the caret is in; null where a stage may begin. */
function stageAt(before: readonly Token[], touching: Token | null): string | null {
  const told = touching ? before.slice(0, -1) : before;
  const pipe = told.findLastIndex(({ kind, text }) => kind === 'pipe' && text === '|');
  const first = told.slice(pipe + 1).find(({ kind }) => kind !== 'comment');
  if (!first) return null;
  return first.kind === 'stage' ? first.text.toLowerCase() : 'search';
}

const comparisons = new Set(['=', '==', '!=', '<>']);

/** The field whose value stands at the caret: behind `field =`, `field in [`, `field:`. */
function valueContext(
  before: readonly Token[],
  touching: Token | null,
): { field: string; colon: boolean } | null {
  const told = touching ? before.slice(0, -1) : [...before];
  const sign = told.at(-1);
  const name = told.at(-2);
  if (!sign || !name) return null;
  if (isName(name) && (comparisons.has(sign.text) || sign.text === ':')) {
    return { field: bare(name), colon: sign.text === ':' };
  }
  const open = told.findLastIndex(({ text }) => text === '[');
  if (open > 0 && !told.slice(open).some(({ text }) => text === ']')) {
    const inWord = told[open - 1];
    const field = told.slice(0, open - 1).findLast((token) => isName(token));
    if (inWord?.text.toLowerCase() === 'in' && field) return { field: bare(field), colon: false };
  }
  return null;
}

function isName({ kind }: Token): boolean {
  return kind === 'name' || kind === 'stage' || kind === 'function';
}

function bare(token: Token): string {
  return token.text.replaceAll('`', '');
}

function literal(value: string): string {
  return /^-?\d+(\.\d+)?$/.test(value) ? value : quote(value);
}

function stageSuggestions(): Suggestion[] {
  return stageWords.map((word, at) =>
    suggestion(word, `${word} `, 'stage', stageHelp[word] ?? null, 1e16 - at),
  );
}

function queryFields(fields: readonly KnownField[]): Suggestion[] {
  const columns = ['@timestamp', '@message'].map((name) =>
    suggestion(name, name, 'field', null, 1e14),
  );
  const known = fields.map((field) => {
    const short = shortName(field.name, fields);
    const plain = /^[\p{L}_@$][\p{L}\p{N}_@$]*(\.[\p{L}\p{N}_@][\p{L}\p{N}_@$]*)*$/u.test(short);
    return suggestion(short, plain ? short : `\`${short}\``, 'field', field.count, field.count);
  });
  return [...columns, ...known];
}

const keywordsOf: Record<string, string[]> = {
  fields: ['as'],
  filter: ['and', 'or', 'not', 'in', 'like', 'is present', 'is not present'],
  parse: ['as'],
  stats: ['by', 'as'],
  sort: ['asc', 'desc'],
  search: ['AND', 'OR', 'NOT'],
};

function wordsOf(stage: string): Suggestion[] {
  const functions = stage === 'stats' ? [...aggregateFunctions, ...valueFunctions] : valueFunctions;
  const callable = ['fields', 'filter', 'parse', 'stats', 'sort', 'dedup', 'pattern'];
  return [
    ...(keywordsOf[stage] ?? []).map((word) => suggestion(word, `${word} `, 'keyword', null, 1e13)),
    ...(callable.includes(stage) ? functions : []).map((one, at) =>
      suggestion(one.name, `${one.name}(`, 'function', `(${one.arguments}) ${one.about}`, 1e3 - at),
    ),
  ];
}
