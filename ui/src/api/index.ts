import { foreignPath, mePath, providersPath } from '../first/asked';
import type { ResolvedRange } from '../lib/timeRange';
import { get, getText, getWhateverStatus, post, put, remove } from './client';
import type {
  ApiKey,
  AuditEntry,
  BelfryEvent,
  ConfigKey,
  EventPage,
  FieldsAnswer,
  FieldValue,
  Health,
  HistogramAnswer,
  Listed,
  NewApiKey,
  NewUser,
  Providers,
  RetentionRule,
  Segment,
  SessionInfo,
  SystemStatus,
  User,
  UserChange,
} from './types';

export { ApiError, serverNowMillis, socketUrl } from './client';
export * from './explore';
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

/** Whether there is any event but Belfry's own that this person may see. */
export async function anyForeignEvent(signal?: AbortSignal): Promise<boolean> {
  return (await get<EventPage>(foreignPath, undefined, signal)).data.length > 0;
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

/** The most frequent values of one field that begin so, among the newest events of the range. */
export async function fetchValues(
  field: string,
  prefix: string,
  range: ResolvedRange,
  signal?: AbortSignal,
): Promise<FieldValue[]> {
  const params = withRange('', range);
  params.set('field', field);
  params.set('prefix', prefix);
  params.set('limit', '50');
  return (await get<FieldsAnswer>(`${base}/fields`, params, signal)).data[0]?.values ?? [];
}

export async function fetchMe(signal?: AbortSignal): Promise<User> {
  return (await get<{ data: User }>(mePath, undefined, signal)).data;
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

/* ---- who may enter ---- */

export function fetchProviders(signal?: AbortSignal): Promise<Providers> {
  return get<Providers>(providersPath, undefined, signal);
}

export async function fetchSessions(signal?: AbortSignal): Promise<SessionInfo[]> {
  return (await get<{ data: SessionInfo[] }>('/api/v1/auth/sessions', undefined, signal)).data;
}

export function endSessionOf(id: string): Promise<unknown> {
  return remove(`/api/v1/auth/sessions/${encodeURIComponent(id)}`);
}

export function endOtherSessions(): Promise<unknown> {
  return remove('/api/v1/auth/sessions');
}

export function fetchUsers(params: URLSearchParams, signal?: AbortSignal): Promise<Listed<User>> {
  return get<Listed<User>>('/api/v1/users', params, signal);
}

export function createUser(user: NewUser): Promise<unknown> {
  return post('/api/v1/users', user);
}

export function changeUser(id: string, change: UserChange): Promise<unknown> {
  return put(`/api/v1/users/${encodeURIComponent(id)}`, change);
}

export function deleteUser(id: string): Promise<unknown> {
  return remove(`/api/v1/users/${encodeURIComponent(id)}`);
}

export function forcePasswordReset(id: string): Promise<unknown> {
  return post(`/api/v1/users/${encodeURIComponent(id)}/force-password-reset`);
}

export function fetchKeys(params: URLSearchParams, signal?: AbortSignal): Promise<Listed<ApiKey>> {
  return get<Listed<ApiKey>>('/api/v1/keys', params, signal);
}

export async function createKey(key: NewApiKey): Promise<ApiKey> {
  return (await post<{ data: ApiKey }>('/api/v1/keys', key)).data;
}

export function revokeKey(id: string): Promise<unknown> {
  return remove(`/api/v1/keys/${encodeURIComponent(id)}`);
}

export function fetchAudit(
  params: URLSearchParams,
  signal?: AbortSignal,
): Promise<Listed<AuditEntry>> {
  return get<Listed<AuditEntry>>('/api/v1/audit', params, signal);
}

/* ---- how Belfry is ---- */

/** Health is answered with 503 when a part is down: that is an answer too. */
export function fetchHealth(signal?: AbortSignal): Promise<Health> {
  return getWhateverStatus<Health>('/api/v1/health', [200, 503], signal);
}

export async function fetchStatus(signal?: AbortSignal): Promise<SystemStatus> {
  return (await get<{ data: SystemStatus }>(`${base}/status`, undefined, signal)).data;
}

export async function fetchRetention(signal?: AbortSignal): Promise<RetentionRule[]> {
  return (await get<{ data: RetentionRule[] }>(`${base}/retention`, undefined, signal)).data;
}

export function fetchSegments(
  params: URLSearchParams,
  signal?: AbortSignal,
): Promise<Listed<Segment>> {
  return get<Listed<Segment>>(`${base}/segments`, params, signal);
}

export async function fetchConfig(signal?: AbortSignal): Promise<ConfigKey[]> {
  return (await get<{ data: ConfigKey[] }>(`${base}/config`, undefined, signal)).data;
}

/** Belfry's own metrics, in Prometheus' text format. */
export function fetchOwnMetrics(signal?: AbortSignal): Promise<string> {
  return getText('/metrics', signal);
}

function withRange(conditions: string, range: ResolvedRange | null): URLSearchParams {
  const params = new URLSearchParams(conditions);
  if (range) {
    params.set('start_time', new Date(range.startMillis).toISOString());
    params.set('end_time', new Date(range.endMillis).toISOString());
  }
  return params;
}
