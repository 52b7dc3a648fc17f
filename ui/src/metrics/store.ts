import { useSyncExternalStore } from 'react';
import { serverNowMillis } from '../api';
import { onNavigate } from '../app/router';
import { linkZone } from '../app/zone';
import { metricPages } from '../lib/pages';
import {
  formatMetricsUrl,
  parseMetricsUrl,
  queriesMax,
  type MetricQuery,
  type MetricsState,
} from '../lib/metricsUrl';
import { zoomOut, type ResolvedRange, type TimeRange } from '../lib/timeRange';

/** What the page shows: the state in the URL and the moment that `now` stands for. */
export interface MetricsView {
  state: MetricsState;
  nowMillis: number;
}

const path = metricPages[0]?.path ?? '';

let view = read();
if (window.location.pathname === path) linkZone(view.state.zone);
let zoomedFrom: TimeRange[] = [];
const listeners = new Set<() => void>();

onNavigate(() => {
  if (window.location.pathname !== path) return;
  zoomedFrom = [];
  set(read());
});

/** The view, and a new render whenever it changes. */
export function useMetricsView(): MetricsView {
  return useSyncExternalStore(subscribe, () => view);
}

/* What says how an answer is shown, and not which. */
const onlyShown = new Set(['tab', 'kind', 'zone', 'refreshSeconds']);

/** Changes the state and the URL, and asks again unless only the look has changed. */
export function change(patch: Partial<MetricsState>, history: 'push' | 'replace' = 'push'): void {
  const state = { ...view.state, ...patch };
  if (patch.range) zoomedFrom = [];
  const url = path + formatMetricsUrl(state);
  if (history === 'push' && url !== window.location.pathname + window.location.search) {
    window.history.pushState(null, '', url);
  } else {
    window.history.replaceState(null, '', url);
  }
  const asksAnew = Object.keys(patch).some((key) => !onlyShown.has(key));
  set({ state, nowMillis: asksAnew ? serverNowMillis() : view.nowMillis });
}

/** Changes one of the queries. */
export function changeQueryAt(position: number, patch: Partial<MetricQuery>): void {
  const queries = view.state.queries.map((query, at) =>
    at === position ? { ...query, ...patch } : query,
  );
  change({ queries });
}

/** Adds an empty query below the others. */
export function addQuery(): void {
  if (view.state.queries.length >= queriesMax) return;
  change({ queries: [...view.state.queries, { text: '', shown: true }] });
}

/** Takes a query away; the last one is emptied. */
export function removeQueryAt(position: number): void {
  const queries = view.state.queries.filter((_, at) => at !== position);
  change({ queries: queries.length === 0 ? [{ text: '', shown: true }] : queries });
}

/** The URL of what the page shows, for coming back to it from another. */
export function metricsUrl(): string {
  return path + formatMetricsUrl(view.state);
}

/** The URL of a chart of one query. */
export function chartUrl(text: string): string {
  const { range, zone } = view.state;
  const state = parseMetricsUrl('');
  return path + formatMetricsUrl({ ...state, range, zone, queries: [{ text, shown: true }] });
}

/** Runs every query again with a new `now`. */
export function refresh(): void {
  set({ ...view, nowMillis: serverNowMillis() });
}

/** Shows a part of the range; `unzoom` comes back. */
export function zoomTo(range: TimeRange): void {
  const before = [...zoomedFrom, view.state.range];
  change({ range });
  zoomedFrom = before;
}

/** Back to where the last zoom came from, else to twice the range. */
export function unzoom(resolved: ResolvedRange | null): void {
  const before = zoomedFrom.at(-1);
  const rest = zoomedFrom.slice(0, -1);
  if (before) {
    change({ range: before });
    zoomedFrom = rest;
  } else if (resolved) {
    change({ range: zoomOut(resolved, serverNowMillis()) });
  }
}

function read(): MetricsView {
  const onPage = window.location.pathname === path;
  return {
    state: parseMetricsUrl(onPage ? window.location.search : ''),
    nowMillis: serverNowMillis(),
  };
}

function set(next: MetricsView): void {
  view = next;
  if (window.location.pathname === path) linkZone(view.state.zone);
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
