import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, freshEvent, test } from './fixtures';

/* What stands on the screen before the program: it must be where the program then draws the same. */

/** Boxes, words and drawings of the navigation and the header, as they stand now. */
const measure = (page: Page) =>
  page.evaluate(() => {
    const box = (element: Element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height].map(Math.round);
    };
    const nav = document.querySelector('nav[aria-label="Pages"]');
    const title = document.querySelector('h1');
    const bar = title?.parentElement;
    if (!nav || !title || !bar) throw new Error('no navigation or no title');
    const entries = [...nav.children].filter((entry) => entry.textContent !== '');
    return {
      scheme: document.documentElement.dataset.mantineColorScheme,
      page: getComputedStyle(document.body).backgroundColor,
      nav: [...box(nav), getComputedStyle(nav).backgroundColor],
      header: [...box(bar), getComputedStyle(bar).backgroundColor],
      title: title.textContent,
      titleAt: box(title).slice(0, 2),
      entries: entries.map((entry) => ({
        label: entry.textContent,
        at: box(entry),
        color: getComputedStyle(entry).color,
        background: getComputedStyle(entry).backgroundColor,
        current: entry.getAttribute('aria-current'),
        drawing: [...entry.querySelectorAll('path')].map((path) => path.getAttribute('d')),
      })),
    };
  });

/** Holds the program back; what is given lets it through. */
async function withoutProgram(page: Page): Promise<() => void> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((done) => (release = done));
  await page.route('**/assets/*.js', async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

const places = ['/', '/start', '/query', '/saved', '/settings/account'];

for (const [name, use] of Object.entries({
  'in light': { colorScheme: 'light' as const },
  'in dark': { colorScheme: 'dark' as const },
  'on a phone': { viewport: { width: 390, height: 844 } },
})) {
  test.describe(name, () => {
    test.use(use);

    for (const path of places) {
      test(`the frame stands where the page will, ${path}`, async ({ page, shop }) => {
        const release = await withoutProgram(page);
        await page.goto(path === '/' ? shop.url() : path, { waitUntil: 'commit' });
        await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
        await expect(page.getByRole('main')).toHaveCount(0);
        await page.evaluate(() => document.fonts.ready);
        const before = await measure(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
          page.viewportSize()?.width,
        );
        const { violations } = await new AxeBuilder({ page })
          .disableRules(['landmark-one-main', 'region'])
          .analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)])).toEqual([]);
        release();
        await expect(page.getByRole('main')).toBeVisible();
        await expect(async () => expect(await measure(page)).toEqual(before)).toPass({
          timeout: 60_000,
        });
      });
    }
  });
}

test('who has chosen dark sees no light before', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('mantine-color-scheme-value', 'dark'));
  await withoutProgram(page);
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const { scheme, page: color } = await measure(page);
  expect([scheme, color]).toEqual(['dark', 'rgb(18, 20, 25)']);
});

test('what the page asked first is not asked again', async ({ page, rows, shop }) => {
  await shop.send([freshEvent(shop, 'so that there is something to see')]);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/');
  await expect(rows.first()).toBeVisible();
  expect(asked.filter((path) => path === '/api/v1/auth/me')).toHaveLength(1);
  // One for whether there are any, one for the list.
  expect(asked.filter((path) => path === '/api/v1/monitoring/events')).toHaveLength(2);
});

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('the login begins as the login', async ({ page }) => {
    const release = await withoutProgram(page);
    await page.goto('/settings/keys', { waitUntil: 'commit' });
    const title = page.getByRole('heading', { name: 'Log in to Belfry' });
    await expect(title).toBeVisible();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    const before = await title.boundingBox();
    release();
    await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
    const after = await title.boundingBox();
    expect(Math.abs((after?.x ?? 0) - (before?.x ?? 9999))).toBeLessThan(2);
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 9999))).toBeLessThan(12);
  });
});
