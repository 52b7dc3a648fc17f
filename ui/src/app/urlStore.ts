import { useSyncExternalStore } from 'react';
import { serverNowMillis } from '../api';
import { zoomOut, type ResolvedRange, type TimeRange, type Zone } from '../lib/timeRange';
import { onNavigate } from './router';
import { followUrl } from './zone';

/** What a page shows: the state in the URL and the moment that `now` stands for. */
export interface View<S> {
  state: S;
  /** `now` of all that is asked for. */
  nowMillis: number;
  /** `now` of a chart beside a list, which goes on while the list is held. */
  chartNowMillis: number;
}

interface UrlStoreOptions<S> {
  path: string;
  /** Whether the page is at a path. */
  isAt: (path: string) => boolean;
  parse: (search: string) => S;
  format: (state: S) => string;
  /** What says how answers are shown, and not which: the same `now` holds. */
  onlyShown: readonly (keyof S)[];
  /** What ends when another part of the time is shown. */
  whenZoomed: Partial<S>;
}

/** The state of a page over a time range, kept in its URL. */
export function urlStore<S extends { range: TimeRange; zone: Zone | null }>(
  options: UrlStoreOptions<S>,
) {
  const { path, isAt, parse, format, whenZoomed } = options;
  const onlyShown = new Set<PropertyKey>(options.onlyShown);
  const listeners = new Set<() => void>();
  let view = read();
  let zoomedFrom: TimeRange[] = [];

  onNavigate(() => {
    if (!isAt(window.location.pathname)) return;
    zoomedFrom = [];
    set(read());
  });

  function read(): View<S> {
    const onPage = isAt(window.location.pathname);
    return { state: parse(onPage ? window.location.search : ''), ...freshNow() };
  }

  function set(next: View<S>): void {
    view = next;
    listeners.forEach((listener) => listener());
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** The view, and a new render whenever it changes. */
  function useView(): View<S> {
    return useSyncExternalStore(subscribe, () => view);
  }

  /** Changes the state and the URL; what only says how answers are shown asks for none. */
  function change(patch: Partial<S>, history: 'push' | 'replace' = 'push'): void {
    const state = { ...view.state, ...patch };
    if (patch.range) zoomedFrom = [];
    const url = (isAt(window.location.pathname) ? window.location.pathname : path) + format(state);
    if (history === 'push' && url !== window.location.pathname + window.location.search) {
      window.history.pushState(null, '', url);
    } else {
      window.history.replaceState(null, '', url);
    }
    followUrl();
    const asksAnew = Object.keys(patch).some((key) => !onlyShown.has(key));
    set(asksAnew ? { state, ...freshNow() } : { ...view, state });
  }

  /** Shows times in another zone, here and for whoever follows the link. */
  function changeZone(utc: boolean, prefer: (utc: boolean) => void): void {
    prefer(utc);
    change({ zone: utc ? 'utc' : 'local' } as Partial<S>, 'replace');
  }

  /** Asks for everything again with a new `now`. */
  function refresh(): void {
    set({ ...view, ...freshNow() });
  }

  /** Moves the chart's end to now and leaves the rest. */
  function refreshChart(): void {
    set({ ...view, chartNowMillis: serverNowMillis() });
  }

  /** Shows a part of the range; `unzoom` comes back. */
  function zoomTo(range: TimeRange): void {
    const before = [...zoomedFrom, view.state.range];
    change({ ...whenZoomed, range });
    zoomedFrom = before;
  }

  /** Back to where the last zoom came from, else to twice the range. */
  function unzoom(resolved: ResolvedRange | null): void {
    const before = zoomedFrom.at(-1);
    const rest = zoomedFrom.slice(0, -1);
    if (before) {
      change({ ...whenZoomed, range: before });
      zoomedFrom = rest;
    } else if (resolved) {
      change({ ...whenZoomed, range: zoomOut(resolved, serverNowMillis()) });
    }
  }

  const current = () => view.state;
  return { current, useView, change, changeZone, refresh, refreshChart, zoomTo, unzoom };
}

function freshNow() {
  const nowMillis = serverNowMillis();
  return { nowMillis, chartNowMillis: nowMillis };
}
