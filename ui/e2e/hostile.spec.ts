import { expect, rowsOf, test, type SentEvent } from './fixtures';

const image = '<img src=x onerror="window.attacked=1">';
const turned = 'invoice\u202egpj.exe';

test.describe('text of strangers', () => {
  test.beforeEach(async ({ page }) => {
    page.on('dialog', () => {
      throw new Error('a dialogue was opened by a log line');
    });
    await page.addInitScript(() => {
      Object.defineProperty(window, 'attacked', {
        set: () => {
          document.documentElement.dataset.attacked = 'yes';
        },
      });
    });
  });

  test('is text everywhere: list, fields, details, filters, live tail', async ({ page, shop }) => {
    const base: SentEvent = {
      event_type: 'log',
      source: `evil-${shop.run}${image}`,
      message: `${image}<script>window.attacked=1</script>`,
      level: '<b>warn',
      timestamp: new Date().toISOString(),
      tags: { [image]: `"><svg onload=window.attacked=1>`, turned, __proto__x: 'p' },
      payload: { 'a<b': { constructor: image } },
    };
    await shop.send([
      base,
      { ...base, message: '\u001b[1;31mred\u001b[0m nul \u0000 bell \u0007 end', level: 'error' },
      { ...base, message: turned },
      { ...base, message: 'y'.repeat(200_000) },
    ]);
    await page.goto(`/?source=${encodeURIComponent(base.source)}`);
    const rows = rowsOf(page);
    await expect(rows).toHaveCount(4);
    await expect(rows.filter({ hasText: 'red nul ⟨U+0000⟩ bell ⟨U+0007⟩ end' })).toHaveCount(1);
    await expect(rows.filter({ hasText: 'invoice⟨U+202E⟩gpj.exe' })).toHaveCount(1);
    const sidebar = page.getByRole('navigation', { name: 'Fields' });
    await sidebar
      .getByRole('button', { name: /^<img src=x/ })
      .last()
      .click();
    await expect(sidebar).toContainText('"><svg onload');

    await rows.filter({ hasText: '<script>' }).click();
    const details = page.getByRole('complementary', { name: 'Event details' });
    await expect(details).toContainText('"><svg onload');
    await expect(details).toContainText('invoice⟨U+202E⟩gpj.exe');
    await details.getByText('JSON', { exact: true }).click();
    await expect(details.locator('pre').last()).toContainText('<svg onload');
    await details.getByText('Fields', { exact: true }).click();
    await details.getByRole('button', { name: /^Filter out tag\.<img/ }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('list', { name: 'Filters' })).toContainText('not tag.<img');
    await page.goto(`/?source=${encodeURIComponent(base.source)}&live=1`);
    await expect(page.locator('[data-connected]')).toBeVisible();
    await shop.send([{ ...base, message: `live ${image}`, timestamp: new Date().toISOString() }]);
    await expect(rows.first()).toContainText('live <img');
    expect(await page.locator('[data-attacked], img, svg[onload]').count()).toBe(0);
  });

  test('is text on Send data', async ({ page, shop }) => {
    await page.goto('/start');
    await expect(page.getByText(/Waiting for your (first|next) event/)).toBeVisible();
    await expect(async () => {
      await shop.send([
        {
          event_type: 'log',
          source: `evil-${image}`,
          message: `start ${image} ${turned}`,
          level: image.slice(0, 40),
          timestamp: new Date().toISOString(),
          tags: {},
          payload: {},
        },
      ]);
      await expect(page.getByTestId('arrived')).toContainText('start <img', { timeout: 3000 });
    }).toPass();
    expect(await page.locator('[data-attacked], img').count()).toBe(0);
  });

  test('is text where it names metrics, labels, keys and saved searches', async ({
    page,
    request,
    session,
    shop,
  }) => {
    const headers = { authorization: `Bearer ${session.token}` };
    const name = `${image}${shop.run}`;
    for (const [path, data] of [
      ['monitoring/metrics', { name, metric_type: 'gauge', value: 1, labels: { [image]: image } }],
      ['keys', { name, permissions: ['events:read'], sources: [image] }],
      ['monitoring/queries', { name, query: image, kind: 'search', shared: true }],
    ] as const) {
      const made = await request.post(`/api/v1/${path}`, { headers, data });
      expect(made.status(), await made.text()).toBe(201);
    }
    const query = new URLSearchParams({ q: `{${JSON.stringify(name)}}` }).toString();
    for (const path of [
      `/query?${query}`,
      `/query?${query}&view=table`,
      '/query/catalogue',
      '/query/cardinality',
      '/saved',
      '/settings/keys',
      '/settings/audit',
    ]) {
      await page.goto(path);
      await expect(page.getByRole('main').getByText('<img src=x').first(), path).toBeVisible();
      expect(await page.locator('[data-attacked], img').count(), path).toBe(0);
    }
  });

  test('in the URL is text too', async ({ page }) => {
    const query = new URLSearchParams({
      q: image,
      'tag.<img src=x>': turned,
      from: image,
      event: image,
      way: image,
      tz: image,
    }).toString();
    for (const path of ['/', '/start', '/settings/audit']) {
      await page.goto(`${path}?${query}&actor=${encodeURIComponent(image)}`);
      await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
      expect(await page.locator('[data-attacked], img').count(), path).toBe(0);
    }
  });
});
