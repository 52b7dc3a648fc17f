import { useSyncExternalStore } from 'react';
import { serverNowMillis } from '../api';
import { onNavigate } from '../app/router';
import { linkZone } from '../app/zone';
import { explorePage, isAt } from '../lib/pages';
import { isRelative, zoomOut, type ResolvedRange, type TimeRange } from '../lib/timeRange';
import { formatUrl, parseUrl, withQuery, type ExploreState } from '../lib/urlState';

/** What the page shows: the state in the URL and the moment that `now` stands for. */
export interface View {
  state: ExploreState;
  /** `now` of the list and the fields. */
  nowMillis: number;
  /** `now` of the histogram, which goes on while a live tail holds the list. */
  chartNowMillis: number;
}

let view = readView();
linkZone(view.state.zone);
let zoomedFrom: TimeRange[] = [];
const listeners = new Set<() => void>();

onNavigate(() => {
  if (!isAt(window.location.pathname, explorePage)) {
    linkZone(null);
    return;
  }
  zoomedFrom = [];
  set(readView());
});

/* What says how results are shown, and not which; the same `now` holds. */
const onlyShown = new Set([
  'eventId',
  'zone',
  'tab',
  'columns',
  'sort',
  'chart',
  'part',
  'baseline',
]);

/** The view, and a new render whenever it changes. */
export function useView(): View {
  return useSyncExternalStore(subscribe, () => view);
}

/** Changes the state and the URL; what only says how results are shown does not run the queries again. */
export function change(patch: Partial<ExploreState>, history: 'push' | 'replace' = 'push'): void {
  const state = { ...view.state, ...patch };
  if (patch.range) zoomedFrom = [];
  const url = window.location.pathname + formatUrl(state);
  if (history === 'push' && url !== window.location.pathname + window.location.search) {
    window.history.pushState(null, '', url);
  } else {
    window.history.replaceState(null, '', url);
  }
  const asksAnew = Object.keys(patch).some((key) => !onlyShown.has(key));
  set(asksAnew ? { state, ...freshNow() } : { ...view, state });
}

/** Shows the editor with a query, or the search bar where it is null. */
export function changeQuery(query: string | null, q: string): void {
  const { tab } = withQuery(view.state, query);
  change({ query, q, tab, sort: null, live: false, part: null });
}

/** Shows times in another zone, here and for whoever follows the link. */
export function changeZone(utc: boolean, prefer: (utc: boolean) => void): void {
  prefer(utc);
  change({ zone: utc ? 'utc' : 'local' }, 'replace');
}

/** The URL of what Explore shows, for coming back to it from another page. */
export function exploreUrl(): string {
  return explorePage.path + formatUrl({ ...view.state, live: false });
}

/** Runs every query again with a new `now`. */
export function refresh(): void {
  set({ ...view, ...freshNow() });
}

/** Moves the histogram's end to now and leaves the list. */
export function refreshChart(): void {
  set({ ...view, chartNowMillis: serverNowMillis() });
}

/** Shows a part of the range; `unzoom` comes back. */
export function zoomTo(range: TimeRange): void {
  const before = [...zoomedFrom, view.state.range];
  change({ range, live: false });
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
    change({ range: zoomOut(resolved, serverNowMillis()), live: false });
  }
}

/** Turns the live tail on, which needs a range that ends now and the newest line first. */
export function setLive(live: boolean): void {
  const range = isRelative(view.state.range) ? view.state.range : { from: 'now-15m', to: 'now' };
  change(live ? { live, range, order: 'desc', tab: 'events', query: null } : { live }, 'replace');
}

function readView(): View {
  const onPage = isAt(window.location.pathname, explorePage);
  return { state: parseUrl(onPage ? window.location.search : ''), ...freshNow() };
}

function freshNow(): Pick<View, 'nowMillis' | 'chartNowMillis'> {
  const nowMillis = serverNowMillis();
  return { nowMillis, chartNowMillis: nowMillis };
}

function set(next: View): void {
  view = next;
  linkZone(view.state.zone);
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
