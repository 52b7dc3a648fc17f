import { isFilterField, isLike, type Filter } from './filters';
import { hasOperators, likeStages } from './insight';
import { ownSources } from './ownSources';
import { defaultRange, zoneOf, type TimeRange, type Zone } from './timeRange';

/** How the results are shown; table and chart are of a query, the others of a search. */
export const tabs = ['events', 'patterns', 'compare', 'table', 'chart'] as const;
export type Tab = (typeof tabs)[number];

export const chartKinds = ['line', 'bar'] as const;
export type ChartKind = (typeof chartKinds)[number];

/** The part of the results that is compared: a time within the range, or what a search finds. */
export type Part = { kind: 'range'; range: TimeRange } | { kind: 'search'; search: string };

export const baselines = ['rest', 'before'] as const;
export type Baseline = (typeof baselines)[number];

export interface Sort {
  column: string;
  descending: boolean;
}

/** All that a link to the explore page says. */
export interface ExploreState {
  range: TimeRange;
  /** What stands in the search bar. */
  q: string;
  /** The query in the editor; null while the search bar is shown. */
  query: string | null;
  tab: Tab;
  /** Columns of the list beside the time; null where this browser's own are meant. */
  columns: string[] | null;
  /** How the answer of a query is ordered on the page; null: as it came. */
  sort: Sort | null;
  chart: ChartKind;
  part: Part | null;
  baseline: Baseline;
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
  zone: Zone | null;
}

export const emptyState: ExploreState = {
  range: defaultRange,
  q: '',
  query: null,
  tab: 'events',
  columns: null,
  sort: null,
  chart: 'line',
  part: null,
  baseline: 'rest',
  filters: [],
  order: 'desc',
  eventId: null,
  live: false,
  refreshSeconds: 0,
  own: false,
  zone: null,
};

export const refreshChoices = [0, 5, 10, 30, 60] as const;

/** What `refresh` says, as `5s`, in seconds; 0 when it is none of the choices. */
export function parseRefresh(params: URLSearchParams): number {
  return refreshChoices.find((s) => `${s}s` === params.get('refresh')) ?? 0;
}

/** Reads the query part of a URL; what is unknown or unreadable is left at its default. */
export function parseUrl(search: string): ExploreState {
  const params = new URLSearchParams(search);
  const filters: Filter[] = [];
  for (const [field, value] of params) {
    if (isFilterField(field) && value !== '') filters.push({ field, value });
  }
  const from = params.get('from') ?? defaultRange.from;
  const query = params.get('query');
  const tab = tabs.find((name) => name === params.get('view'));
  return {
    range: { from, to: params.get('to') ?? 'now' },
    q: params.get('q') ?? '',
    query,
    tab: tabOf(tab, query),
    columns: params.has('cols') ? listOf(params.get('cols') ?? '') : null,
    sort: parseSort(params.get('sort')),
    chart: chartKinds.find((kind) => kind === params.get('chart')) ?? 'line',
    part: parsePart(params),
    baseline: baselines.find((baseline) => baseline === params.get('baseline')) ?? 'rest',
    filters,
    order: params.get('order') === 'asc' ? 'asc' : 'desc',
    eventId: params.get('event'),
    live: params.get('live') === '1',
    refreshSeconds: parseRefresh(params),
    own: params.get('own') === '1',
    zone: zoneOf(params),
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
  if (state.query !== null) params.set('query', state.query);
  for (const { field, value } of state.filters) params.append(field, value);
  if (state.order === 'asc') params.set('order', 'asc');
  if (state.live) params.set('live', '1');
  if (state.refreshSeconds > 0) params.set('refresh', `${state.refreshSeconds}s`);
  if (state.own) params.set('own', '1');
  if (state.tab !== tabOf(undefined, state.query)) params.set('view', state.tab);
  if (state.columns !== null) params.set('cols', state.columns.map(encodeColumn).join(','));
  if (state.sort) params.set('sort', `${state.sort.descending ? '-' : ''}${state.sort.column}`);
  if (state.chart !== 'line') params.set('chart', state.chart);
  if (state.part?.kind === 'range') {
    params.set('part', `${state.part.range.from}/${state.part.range.to}`);
  }
  if (state.part?.kind === 'search') params.set('part.q', state.part.search);
  if (state.baseline !== 'rest') params.set('baseline', state.baseline);
  if (state.zone !== null) params.set('tz', state.zone);
  if (state.eventId !== null) params.set('event', state.eventId);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/* A view that the mode does not have is its first one. */
function tabOf(tab: Tab | undefined, query: string | null): Tab {
  const ofQuery = tab === 'table' || tab === 'chart';
  if (query === null) return tab === undefined || ofQuery ? 'events' : tab;
  return ofQuery ? tab : 'table';
}

function encodeColumn(column: string): string {
  return column.replaceAll('%', '%25').replaceAll(',', '%2C');
}

function listOf(text: string): string[] {
  const columns = text.split(',').filter((column) => column !== '');
  return [...new Set(columns.map((c) => c.replaceAll('%2C', ',').replaceAll('%25', '%')))];
}

function parseSort(text: string | null): Sort | null {
  if (!text) return null;
  const descending = text.startsWith('-');
  return { column: descending ? text.slice(1) : text, descending };
}

function parsePart(params: URLSearchParams): Part | null {
  const search = params.get('part.q');
  if (search) return { kind: 'search', search };
  const [from, to] = (params.get('part') ?? '').split('/');
  return from && to ? { kind: 'range', range: { from, to } } : null;
}

/** The state with another query, or with the search bar again; the view fits it. */
export function withQuery(state: ExploreState, query: string | null): ExploreState {
  return { ...state, query, tab: tabOf(state.tab, query) };
}

/** The conditions of a state as the API takes them, without its times. */
export function conditionParams(
  state: Pick<ExploreState, 'q' | 'filters' | 'own'>,
): URLSearchParams {
  const params = new URLSearchParams();
  const q = state.q.trim();
  const asQuery = hasOperators(q);
  const stages = [...(asQuery ? [`search ${q}`] : []), ...likeStages(state.filters)];
  if (q !== '' && !asQuery) params.set('q', q);
  if (stages.length > 0) params.set('query', stages.join(' | '));
  for (const filter of state.filters) {
    if (!isLike(filter)) params.append(filter.field, filter.value);
  }
  if (hidesOwn(state)) for (const source of ownSources) params.append('not.source', source);
  return params;
}

/** Whether one of Belfry's own sources is asked for. */
export function isOwnSource({ field, value }: Filter): boolean {
  return field === 'source' && ownSources.includes(value);
}

/** Own logs are left out, unless they were asked for, or one of their sources or events was. */
export function hidesOwn(state: Pick<ExploreState, 'filters' | 'own'>): boolean {
  return !state.own && !state.filters.some(({ field }) => field === 'source');
}
