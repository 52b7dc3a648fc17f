import {
  test as base,
  expect,
  request,
  type APIRequestContext,
  type Locator,
  type Page,
} from '@playwright/test';
import { randomUUID } from 'node:crypto';

export const username = process.env.BELFRY_USER ?? 'admin';
export const password = process.env.BELFRY_PASSWORD ?? 'belfry-admin';

/** An event as it is sent. */
export interface SentEvent {
  event_type: string;
  source: string;
  message: string;
  level: string;
  timestamp: string;
  tags: Record<string, unknown>;
  payload: Record<string, unknown>;
}

/** A way to the API, and a set of events that only this run has. */
export interface Shop {
  /** Different in every run, so that a Belfry may be used again. */
  run: string;
  checkout: string;
  catalog: string;
  send: (events: SentEvent[]) => Promise<void>;
  /** The query part of a URL that shows this run's events and nothing else. */
  url: (more?: string) => string;
}

interface TestFixtures {
  rows: Locator;
}

interface WorkerFixtures {
  /** Files with a part of their own have a shop of their own, which other files have sent nothing to. */
  part: string;
  session: { cookies: string; token: string };
  shop: Shop;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  session: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use, worker) => {
      const api = await newApi(worker.project.use.baseURL);
      const answer = await api.post('/api/v1/auth/login', { data: { username, password } });
      expect(answer.status(), 'login by the API').toBe(200);
      const { data } = (await answer.json()) as { data: { token: string } };
      const path = worker.project.outputDir + '/session.json';
      await api.storageState({ path });
      await use({ cookies: path, token: data.token });
      await api.dispose();
    },
    { scope: 'worker' },
  ],

  part: ['', { scope: 'worker', option: true }],

  shop: [
    async ({ session, part }, use, worker) => {
      const api = await newApi(worker.project.use.baseURL, session.token);
      const shop = newShop(api, part);
      await shop.send(shopEvents(shop));
      await use(shop);
      await api.dispose();
    },
    { scope: 'worker' },
  ],

  storageState: ({ session }, use) => use(session.cookies),

  rows: ({ page }, use) => use(rowsOf(page)),
});

export { expect };

export function rowsOf(page: Page): Locator {
  return page.locator('[role="row"][data-event]');
}

export const shopEventCount = 1200;
export const errorCount = shopEventCount / 10;

function newApi(baseURL: string | undefined, token?: string): Promise<APIRequestContext> {
  return request.newContext({
    baseURL: baseURL ?? '',
    extraHTTPHeaders: token ? { authorization: `Bearer ${token}` } : {},
  });
}

function newShop(api: APIRequestContext, part: string): Shop {
  const run = `run${part}${randomUUID().slice(0, 8)}`;
  const checkout = `checkout-${run}`;
  const catalog = `catalog-${run}`;
  return {
    run,
    checkout,
    catalog,
    url: (more = '') => `/?source=${checkout}&source=${catalog}${more}`,
    send: async (events) => {
      const answer = await api.post('/api/v1/monitoring/events', { data: events });
      expect(answer.status(), await answer.text()).toBe(201);
    },
  };
}

/** Events over the last 50 minutes, newest last; every tenth is an error of the checkout. */
function shopEvents(shop: Shop): SentEvent[] {
  const now = Date.now();
  return Array.from({ length: shopEventCount }, (_, i) => {
    const failed = i % 10 === 0;
    return {
      event_type: 'log',
      source: i % 2 === 0 ? shop.checkout : shop.catalog,
      message: failed
        ? `payment ${i} failed: connection refused by psp`
        : `request ${i} done, connection kept`,
      level: failed ? 'error' : 'info',
      timestamp: new Date(now - (shopEventCount - i) * 2500).toISOString(),
      tags: { host: `node-${i % 4}`, canary: i % 2 === 0 },
      payload: { number: i, request: { path: `/orders/${i}` } },
    };
  });
}

/** One event that is sent now. */
export function freshEvent(shop: Shop, message: string): SentEvent {
  return {
    event_type: 'log',
    source: shop.checkout,
    message,
    level: 'warn',
    timestamp: new Date().toISOString(),
    tags: { host: 'node-9' },
    payload: {},
  };
}
