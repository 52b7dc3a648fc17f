import { isFilterField, type Filter } from './filters';
import { defaultRange, type TimeRange } from './timeRange';

/** All that a link to the explore page says. */
export interface ExploreState {
  range: TimeRange;
  q: string;
  filters: Filter[];
  order: 'desc' | 'asc';
  /** The event whose details are open. */
  eventId: string | null;
  live: boolean;
  /** Seconds between refreshes, 0 when off. */
  refreshSeconds: number;
  /** Whether Belfry's own logs are among the rest. */
  own: boolean;
  /** The zone that the link asks for. */
  zone: 'utc' | 'local' | null;
}

export const emptyState: ExploreState = {
  range: defaultRange,
  q: '',
  filters: [],
  order: 'desc',
  eventId: null,
  live: false,
  refreshSeconds: 0,
  own: false,
  zone: null,
};

const zones = ['utc', 'local'] as const;

export const refreshChoices = [0, 5, 10, 30, 60] as const;

/** Reads the query part of a URL; what is unknown or unreadable is left at its default. */
export function parseUrl(search: string): ExploreState {
  const params = new URLSearchParams(search);
  const filters: Filter[] = [];
  for (const [field, value] of params) {
    if (isFilterField(field) && value !== '') filters.push({ field, value });
  }
  const from = params.get('from') ?? defaultRange.from;
  return {
    range: { from, to: params.get('to') ?? 'now' },
    q: params.get('q') ?? '',
    filters,
    order: params.get('order') === 'asc' ? 'asc' : 'desc',
    eventId: params.get('event'),
    live: params.get('live') === '1',
    refreshSeconds: refreshChoices.find((s) => `${s}s` === params.get('refresh')) ?? 0,
    own: params.get('own') === '1',
    zone: zones.find((zone) => zone === params.get('tz')) ?? null,
  };
}

/** Writes the query part of a URL, without what is at its default: `?q=timeout&level=error`. */
export function formatUrl(state: ExploreState): string {
  const params = new URLSearchParams();
  if (state.range.from !== defaultRange.from || state.range.to !== defaultRange.to) {
    params.set('from', state.range.from);
    params.set('to', state.range.to);
  }
  if (state.q !== '') params.set('q', state.q);
  for (const { field, value } of state.filters) params.append(field, value);
  if (state.order === 'asc') params.set('order', 'asc');
  if (state.live) params.set('live', '1');
  if (state.refreshSeconds > 0) params.set('refresh', `${state.refreshSeconds}s`);
  if (state.own) params.set('own', '1');
  if (state.zone !== null) params.set('tz', state.zone);
  if (state.eventId !== null) params.set('event', state.eventId);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The conditions of a state as the API takes them, without its times. */
export function conditionParams(
  state: Pick<ExploreState, 'q' | 'filters' | 'own'>,
): URLSearchParams {
  const params = new URLSearchParams();
  if (state.q.trim() !== '') params.set('q', state.q.trim());
  for (const { field, value } of state.filters) params.append(field, value);
  if (hidesOwn(state)) for (const source of ownSources) params.append('not.source', source);
  return params;
}

/** The sources of Belfry's own logs: its lines, and what happens around logins. */
export const ownSources = ['belfry', 'belfry-auth'];

/** Whether one of Belfry's own sources is asked for. */
export function isOwnSource({ field, value }: Filter): boolean {
  return field === 'source' && ownSources.includes(value);
}

/** Own logs are left out, unless they were asked for, or one of their sources or events was. */
export function hidesOwn(state: Pick<ExploreState, 'filters' | 'own'>): boolean {
  return !state.own && !state.filters.some(({ field }) => field === 'source');
}
