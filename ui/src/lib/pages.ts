import type { User } from '../api';

export type Role = User['role'];

/** A page: where it is and who may see it. */
export interface Page {
  path: string;
  label: string;
  least: Role;
  /** What a search for it might say beside its label. */
  words: string;
}

export const explorePage: Page = {
  path: '/',
  label: 'Explore',
  least: 'user',
  words: 'logs events search',
};

/** Pages of metrics; the first is where queries are asked. */
export const metricPages: Page[] = [
  { path: '/query', label: 'Metrics', least: 'user', words: 'promql chart graph query' },
  {
    path: '/query/catalogue',
    label: 'Metrics catalogue',
    least: 'user',
    words: 'names types help units',
  },
  { path: '/query/targets', label: 'Targets', least: 'user', words: 'scrape up prometheus' },
  {
    path: '/query/cardinality',
    label: 'Cardinality',
    least: 'user',
    words: 'series labels values limits',
  },
];

/** What was saved; below it the answers of each that runs by itself. */
export const savedPage: Page = {
  path: '/saved',
  label: 'Saved searches',
  least: 'user',
  words: 'scheduled queries answers bookmarks rename',
};

/** Where the answers of a saved query are. */
export function answersPath(id: string): string {
  return `${savedPage.path}/${encodeURIComponent(id)}`;
}

/** The id of the saved query whose answers a path shows; null where it is another page. */
export function savedOfPath(path: string): string | null {
  const id = /^\/saved\/([^/]+)\/?$/.exec(path)?.[1];
  return id === undefined ? null : decodeURIComponent(id);
}

export const startPage: Page = {
  path: '/start',
  label: 'Send data',
  least: 'user',
  words: 'start onboarding snippet curl opentelemetry agent',
};

/** Where one event has a page of its own, which works without any search. */
export function eventPath(id: string): string {
  return `/event/${encodeURIComponent(id)}`;
}

/** The id of the event that a path is of; null where it is another page. */
export function eventOfPath(path: string): string | null {
  const id = /^\/event\/([^/]+)\/?$/.exec(path)?.[1];
  return id === undefined ? null : decodeURIComponent(id);
}

export const settingsPages: Page[] = [
  {
    path: '/settings/account',
    label: 'Account',
    least: 'user',
    words: 'password sessions profile',
  },
  { path: '/settings/keys', label: 'API keys', least: 'user', words: 'tokens' },
  { path: '/settings/users', label: 'Users', least: 'admin', words: 'people roles' },
  { path: '/settings/audit', label: 'Audit', least: 'admin', words: 'trail who did' },
  {
    path: '/settings/storage',
    label: 'Storage',
    least: 'admin',
    words: 'retention segments journal disk',
  },
  {
    path: '/settings/redaction',
    label: 'Redaction',
    least: 'admin',
    words: 'secrets passwords cards personal data',
  },
  {
    path: '/settings/queries',
    label: 'Running queries',
    least: 'user',
    words: 'stop cancel slow',
  },
  { path: '/settings/health', label: 'Health', least: 'user', words: 'checks version uptime' },
];

const ranks: Role[] = ['user', 'moderator', 'admin'];

/** Whether somebody of `role` may see the page. */
export function maySee(role: Role, page: Page): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(page.least);
}

/** The settings that somebody of `role` may see. */
export function settingsOf(role: Role): Page[] {
  return settingsPages.filter((page) => maySee(role, page));
}

/** Whether `path` is the page's, or of one below it. */
export function isAt(path: string, page: Page): boolean {
  if (page.path === '/') return path === '/' || path === '/explore';
  return path === page.path || path.startsWith(`${page.path}/`);
}
