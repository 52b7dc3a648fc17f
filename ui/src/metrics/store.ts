import { urlStore, type View } from '../app/urlStore';
import {
  formatMetricsUrl,
  newQuery,
  parseMetricsUrl,
  queriesMax,
  type MetricQuery,
  type MetricsState,
} from '../lib/metricsUrl';
import { metricPages } from '../lib/pages';

export type MetricsView = View<MetricsState>;

const path = metricPages[0]?.path ?? '';

const store = urlStore<MetricsState>({
  path,
  isAt: (at) => at === path,
  parse: parseMetricsUrl,
  format: formatMetricsUrl,
  onlyShown: ['tab', 'kind', 'zone', 'refreshSeconds'],
  whenZoomed: {},
});

export const { change, changeZone, refresh, zoomTo, unzoom, useView: useMetricsView } = store;

/** Changes one of the queries. */
export function changeQuery(key: number, patch: Partial<MetricQuery>): void {
  const queries = store.current().queries.map((query) => {
    return query.key === key ? { ...query, ...patch } : query;
  });
  change({ queries });
}

/** Adds an empty query below the others. */
export function addQuery(): void {
  const { queries } = store.current();
  if (queries.length < queriesMax) change({ queries: [...queries, newQuery(queries)] });
}

/** Takes a query away; the last one is emptied. */
export function removeQuery(key: number): void {
  const { queries } = store.current();
  const left = queries.filter((query) => query.key !== key);
  change({ queries: left.length === 0 ? [newQuery(queries)] : left });
}

/** The URL of what the page shows, for coming back to it from another. */
export function metricsUrl(): string {
  return path + formatMetricsUrl(store.current());
}

/** The URL of a chart of one query. */
export function chartUrl(text: string): string {
  const { range, zone } = store.current();
  const queries = [{ ...newQuery([]), text }];
  return path + formatMetricsUrl({ ...parseMetricsUrl(''), range, zone, queries });
}
