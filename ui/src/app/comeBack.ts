/*
 * A login elsewhere ends at the bare address. Where one was before is kept by the tab meanwhile; this
 * is read before anything else looks at the URL.
 */
const key = 'belfry.back';

/** Keeps the place for after a login elsewhere. */
export function rememberPlace(): void {
  sessionStorage.setItem(key, window.location.pathname + window.location.search);
}

function comeBack(): void {
  const place = sessionStorage.getItem(key);
  if (place === null) return;
  sessionStorage.removeItem(key);
  const bare = window.location.pathname === '/' && window.location.search === '';
  if (bare && /^\/(?![/\\])/.test(place)) window.history.replaceState(null, '', place);
}

comeBack();
