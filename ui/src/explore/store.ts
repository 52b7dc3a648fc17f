import { urlStore, type View as ViewOf } from '../app/urlStore';
import { explorePage, isAt } from '../lib/pages';
import { isRelative } from '../lib/timeRange';
import { formatUrl, parseUrl, withQuery, type ExploreState } from '../lib/urlState';

export type View = ViewOf<ExploreState>;

const store = urlStore<ExploreState>({
  path: explorePage.path,
  isAt: (path) => isAt(path, explorePage),
  parse: parseUrl,
  format: formatUrl,
  onlyShown: ['eventId', 'zone', 'tab', 'columns', 'sort', 'chart', 'part', 'baseline'],
  whenZoomed: { live: false },
});

export const { useView, change, changeZone, refresh, refreshChart, zoomTo, unzoom } = store;

/** Shows the editor with a query, or the search bar where it is null. */
export function changeQuery(query: string | null, q: string): void {
  const { tab } = withQuery(store.current(), query);
  change({ query, q, tab, sort: null, live: false, part: null });
}

/** The URL of what Explore shows, for coming back to it from another page. */
export function exploreUrl(): string {
  return explorePage.path + formatUrl({ ...store.current(), live: false });
}

/** Turns the live tail on, which needs a range that ends now and the newest line first. */
export function setLive(live: boolean): void {
  const { range: shown } = store.current();
  const range = isRelative(shown) ? shown : { from: 'now-15m', to: 'now' };
  change(live ? { live, range, order: 'desc', tab: 'events', query: null } : { live }, 'replace');
}
