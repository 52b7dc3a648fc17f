import type { ResolvedRange } from '../lib/timeRange';
import { get, post, put, remove } from './client';
import type {
  ComparisonAnswer,
  EventContext,
  KeptAnswer,
  Listed,
  PatternsAnswer,
  QueryAnswer,
  RunningQuery,
  SavedQuery,
  SavedQueryInput,
} from './types';

const base = '/api/v1/monitoring';

/** Rows of an answer at most; what is beyond is told by `truncated`. */
export const queryRowsMax = 10_000;

/** Asks in the query language. */
export function runQuery(
  query: string,
  range: ResolvedRange,
  limit: number,
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  const body = { query, limit, ...times(range) };
  return post<QueryAnswer>(`${base}/query`, body, signal);
}

/** The query in one form, a stage a line; an error says where it is wrong. */
export async function formatQuery(query: string, signal?: AbortSignal): Promise<string> {
  const answer = await post<{ data: { query: string } }>(`${base}/query/format`, { query }, signal);
  return answer.data.query;
}

/** The lines around an event, of the same source, whatever they say. */
export async function fetchContext(
  id: string,
  lines: { before: number; after: number },
  signal?: AbortSignal,
): Promise<EventContext> {
  const params = new URLSearchParams({ before: String(lines.before), after: String(lines.after) });
  const path = `${base}/events/${encodeURIComponent(id)}/context`;
  return (await get<{ data: EventContext }>(path, params, signal)).data;
}

/** Templates of the messages that meet the conditions. */
export function fetchPatterns(
  conditions: string,
  range: ResolvedRange,
  limit: number,
  signal?: AbortSignal,
): Promise<PatternsAnswer> {
  const params = new URLSearchParams(conditions);
  Object.entries(times(range)).forEach(([name, value]) => params.set(name, value));
  params.set('limit', String(limit));
  return get<PatternsAnswer>(`${base}/patterns`, params, signal);
}

export interface Comparison {
  conditions: string;
  range: ResolvedRange;
  /** A part of the time, or what a search finds. */
  selection: ResolvedRange | { search: string };
  baseline: 'rest' | 'before';
}

/** How some events differ from the others. */
export function compareEvents(
  { conditions, range, selection, baseline }: Comparison,
  signal?: AbortSignal,
): Promise<ComparisonAnswer> {
  const filters: Record<string, string[]> = {};
  let query: string | undefined;
  for (const [name, value] of new URLSearchParams(conditions)) {
    if (name === 'query') query = value;
    else (filters[name] ??= []).push(value);
  }
  const body = {
    ...(query === undefined ? {} : { query }),
    filters,
    ...times(range),
    selection: 'search' in selection ? { query: selection.search } : times(selection),
    baseline,
  };
  return post<ComparisonAnswer>(`${base}/compare`, body, signal);
}

/** The queries that run now: one's own, or all for administrators. */
export async function fetchRunning(signal?: AbortSignal): Promise<RunningQuery[]> {
  const path = `${base}/queries/running`;
  return (await get<{ data: RunningQuery[] }>(path, undefined, signal)).data;
}

export function stopQuery(id: string): Promise<unknown> {
  return remove(`${base}/queries/running/${encodeURIComponent(id)}`);
}

/* ---- saved queries ---- */

/* One has 500 at most, and those that others share. */
const savedMax = 1000;

export async function fetchSaved(signal?: AbortSignal): Promise<SavedQuery[]> {
  const params = new URLSearchParams({ limit: String(savedMax) });
  return (await get<Listed<SavedQuery>>(`${base}/queries`, params, signal)).data;
}

export function saveQuery(query: SavedQueryInput): Promise<unknown> {
  return post(`${base}/queries`, query);
}

export async function fetchSavedOne(id: string, signal?: AbortSignal): Promise<SavedQuery> {
  return (await get<{ data: SavedQuery }>(savedPath(id), undefined, signal)).data;
}

/** The last answers of a query that runs by itself, the newest first. */
export async function fetchKeptAnswers(id: string, signal?: AbortSignal): Promise<KeptAnswer[]> {
  const path = `${savedPath(id)}/results`;
  return (await get<{ data: KeptAnswer[] }>(path, undefined, signal)).data;
}

/** Changes what is given; null clears. */
export function changeSaved(id: string, change: SavedQueryInput): Promise<unknown> {
  return put(savedPath(id), change);
}

export function removeSaved(id: string): Promise<unknown> {
  return remove(savedPath(id));
}

function savedPath(id: string): string {
  return `${base}/queries/${encodeURIComponent(id)}`;
}

/** The address of all events that meet the conditions, as a file. */
export function exportUrl(
  conditions: string,
  range: ResolvedRange,
  format: 'csv' | 'ndjson',
  columns: readonly string[],
  order: 'asc' | 'desc',
): string {
  const params = new URLSearchParams(conditions);
  Object.entries(times(range)).forEach(([name, value]) => params.set(name, value));
  params.set('format', format);
  params.set('order', order);
  if (format === 'csv') {
    for (const column of ['timestamp', ...columns]) params.append('column', column);
  }
  return `${base}/events/export?${params.toString()}`;
}

function times(range: ResolvedRange): { start_time: string; end_time: string } {
  return {
    start_time: new Date(range.startMillis).toISOString(),
    end_time: new Date(range.endMillis).toISOString(),
  };
}
