import type { ResolvedRange } from '../lib/timeRange';
import { post } from './client';
import type { QueryAnswer } from './types';

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

function times(range: ResolvedRange): { start_time: string; end_time: string } {
  return {
    start_time: new Date(range.startMillis).toISOString(),
    end_time: new Date(range.endMillis).toISOString(),
  };
}
