import type { ResolvedRange } from '../lib/timeRange';
import { get, post } from './client';
import type { BelfryEvent, EventPage, FieldsAnswer, HistogramAnswer, User } from './types';

export { ApiError, serverNowMillis, socketUrl } from './client';
export type * from './types';

const base = '/api/v1/monitoring';

export const tailPath = `${base}/events/tail`;
export const openApiPath = '/api/v1/openapi.json';

export interface EventsRequest {
  /** Filters and search as they stand in the URL. */
  conditions: string;
  range: ResolvedRange | null;
  order?: 'asc' | 'desc';
  limit?: number;
  cursor?: string | null;
}

export function fetchEvents(request: EventsRequest, signal?: AbortSignal): Promise<EventPage> {
  const params = withRange(request.conditions, request.range);
  params.set('limit', String(request.limit ?? 100));
  params.set('order', request.order ?? 'desc');
  if (request.cursor) params.set('cursor', request.cursor);
  return get<EventPage>(`${base}/events`, params, signal);
}

export async function fetchEvent(id: string, signal?: AbortSignal): Promise<BelfryEvent> {
  const path = `${base}/events/${encodeURIComponent(id)}`;
  return (await get<{ data: BelfryEvent }>(path, undefined, signal)).data;
}

export function fetchHistogram(
  conditions: string,
  range: ResolvedRange,
  bucketsMax: number,
  signal?: AbortSignal,
): Promise<HistogramAnswer> {
  const params = withRange(conditions, range);
  params.set('buckets', String(bucketsMax));
  return get<HistogramAnswer>(`${base}/events/histogram`, params, signal);
}

export function fetchFields(
  conditions: string,
  range: ResolvedRange,
  signal?: AbortSignal,
): Promise<FieldsAnswer> {
  const params = withRange(conditions, range);
  params.set('limit', '10');
  return get<FieldsAnswer>(`${base}/fields`, params, signal);
}

export async function fetchMe(signal?: AbortSignal): Promise<User> {
  return (await get<{ data: User }>('/api/v1/auth/me', undefined, signal)).data;
}

/** Logs in; the session is a cookie that only the server can read. */
export async function logIn(username: string, password: string): Promise<User> {
  const answer = await post<{ data: { user: User } }>('/api/v1/auth/login', { username, password });
  return answer.data.user;
}

export function logOut(): Promise<unknown> {
  return post('/api/v1/auth/logout');
}

export function changePassword(current: string, next: string): Promise<unknown> {
  return post('/api/v1/auth/password', { current_password: current, new_password: next });
}

function withRange(conditions: string, range: ResolvedRange | null): URLSearchParams {
  const params = new URLSearchParams(conditions);
  if (range) {
    params.set('start_time', new Date(range.startMillis).toISOString());
    params.set('end_time', new Date(range.endMillis).toISOString());
  }
  return params;
}
