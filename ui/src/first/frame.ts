import { explorePage, eventOfPath, isAt, metricPages, savedPage, startPage } from '../lib/pages';

/*
 * What stands on the screen until the program draws the same: the navigation, whose links work, the header, and
 * the outline of Explore or of the login. A browser test holds both against each other.
 */

const logo =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#4f46e5"/>' +
  '<path d="M16 6c-4.2 0-6.6 3-6.6 7.2v4.3c0 1.3-.5 2.3-1.5 3.4-.7.8-.2 2.1.9 2.1h14.4c1.1 0 1.6-1.3.9-2.1-1-1.1-1.5-2.1-1.5-3.4v-4.3C22.6 9 20.2 6 16 6Z" fill="#fff"/>' +
  '<path d="M13.2 24.6a2.9 2.9 0 0 0 5.6 0Z" fill="#c7d2fe"/></svg>';

/* The icons of the navigation, as Tabler draws them. */
const icons = {
  explore: [
    'M11 15a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
    'M18.5 18.5l2.5 2.5',
    'M4 6h16',
    'M4 12h4',
    'M4 18h4',
  ],
  metrics: ['M4 19l16 0', 'M4 15l4 -6l4 2l4 -5l4 4'],
  start: ['M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2 -2v-2', 'M7 9l5 -5l5 5', 'M12 4l0 12'],
  search: ['M3 10a7 7 0 1 0 14 0a7 7 0 1 0 -14 0', 'M21 21l-6 -6'],
  settings: [
    'M10.325 4.317c.426 -1.756 2.924 -1.756 3.35 0a1.724 1.724 0 0 0 2.573 1.066c1.543 -.94 3.31 .826 2.37 2.37a1.724 1.724 0 0 0 1.065 2.572c1.756 .426 1.756 2.924 0 3.35a1.724 1.724 0 0 0 -1.066 2.573c.94 1.543 -.826 3.31 -2.37 2.37a1.724 1.724 0 0 0 -2.572 1.065c-.426 1.756 -2.924 1.756 -3.35 0a1.724 1.724 0 0 0 -2.573 -1.066c-1.543 .94 -3.31 -.826 -2.37 -2.37a1.724 1.724 0 0 0 -1.065 -2.572c-1.756 -.426 -1.756 -2.924 0 -3.35a1.724 1.724 0 0 0 1.066 -2.573c-.94 -1.543 .826 -3.31 2.37 -2.37c1 .608 2.296 .07 2.572 -1.065',
    'M9 12a3 3 0 1 0 6 0a3 3 0 0 0 -6 0',
  ],
};

type IconName = keyof typeof icons;

/** The frame of the page at `path`, as HTML; `fieldsShown`: whether Explore has its list of fields. */
export function frameAt(path: string, fieldsShown: boolean): string {
  const exploring = isAt(path, explorePage);
  const inSettings = path.startsWith('/settings');
  return (
    `<div class="first"><nav class="first-bar" aria-label="Pages"><a class="first-brand" href="/" aria-label="Belfry, to the start">${logo}</a>` +
    entry('explore', explorePage.label, '/', exploring || isAt(path, savedPage)) +
    entry('metrics', 'Metrics', metricPages[0]?.path, path.startsWith('/query')) +
    entry('start', startPage.label, startPage.path, isAt(path, startPage)) +
    `<span class="first-space"></span>${entry('search', 'Go to')}` +
    entry('settings', 'Settings', '/settings/account', inSettings) +
    `</nav><div class="first-content" aria-busy="true"><div class="first-header"><span class="first-small">${logo}</span>` +
    `<h1 class="first-title">${titleAt(path)}</h1>${exploring || path === '/query' ? outline('time') : ''}${outline('tools')}</div>` +
    `${exploring ? explore(fieldsShown) : ''}</div></div>`
  );
}

/** The frame of the login. */
export function loginFrame(): string {
  return (
    `<div class="first-login"><div class="first-card">${logo}<h1>Log in to Belfry</h1>` +
    `${outline('field')}${outline('field')}${outline('button')}${outline('hint')}</div></div>`
  );
}

function titleAt(path: string): string {
  if (isAt(path, explorePage)) return explorePage.label;
  if (isAt(path, savedPage) && path === savedPage.path) return savedPage.label;
  if (isAt(path, startPage)) return startPage.label;
  if (path.startsWith('/query')) return 'Metrics';
  if (path.startsWith('/settings')) return 'Settings';
  return eventOfPath(path) === null ? '' : 'Event';
}

function entry(icon: IconName, label: string, href?: string, current = false): string {
  const size = href === undefined ? 19 : 20;
  const drawing = `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${icons[
    icon
  ]
    .map((d) => `<path d="${d}"/>`)
    .join('')}</svg>`;
  if (href === undefined) return `<span class="first-entry">${drawing}${label}</span>`;
  return `<a class="first-entry" href="${href}"${current ? ' aria-current="page"' : ''}>${drawing}${label}</a>`;
}

function explore(fieldsShown: boolean): string {
  const lines = Array.from({ length: 14 }, (_, i) => outline('line', 94 - ((i * 37) % 41))).join(
    '',
  );
  const fields = Array.from({ length: 8 }, (_, i) => outline('line', 80 - ((i * 29) % 37))).join(
    '',
  );
  return (
    `<div class="first-search">${outline('square')}${outline('modes')}${outline('input')}${outline('square')}</div>` +
    `<div class="first-body">${fieldsShown ? `<div class="first-fields">${outline('find')}${fields}</div>` : ''}` +
    `<div class="first-main"><div class="first-chart">${outline('bars')}</div><div class="first-tabs"></div>` +
    `<div class="first-lines">${lines}</div></div></div>`
  );
}

/** A place where something will be; `width` is of a hundred. */
function outline(kind: string, width?: number): string {
  const style = width === undefined ? '' : ` style="width:${width}%"`;
  return `<span class="first-outline first-${kind}"${style}></span>`;
}
