import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures';

/** Looks until the page has settled: what fades in has no contrast yet. */
const expectNothingFound = (axe: AxeBuilder) =>
  expect(async () => {
    const { violations } = await axe.analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)])).toEqual([]);
  }).toPass({ timeout: 60_000 });

const pages = [
  '/start',
  '/saved',
  '/settings/account',
  '/settings/keys',
  '/settings/users',
  '/settings/audit',
  '/settings/storage',
  '/settings/redaction',
  '/settings/queries',
  '/settings/health',
  '/query',
  '/query/catalogue',
  '/query/targets',
  '/query/cardinality',
];

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const path of pages) {
      test(`has nothing that axe finds, ${path}`, async ({ page }) => {
        await page.goto(path);
        await expect(page.getByRole('main')).toBeVisible();
        await expect(page.getByLabel(/^Loading/)).toHaveCount(0);
        // What does not depend on the colours was looked at in light.
        const axe = new AxeBuilder({ page });
        if (colorScheme === 'dark') axe.withRules(['color-contrast']);
        await expectNothingFound(axe);
      });
    }

    for (const [name, more] of [
      ['patterns', '&view=patterns'],
      ['compare', '&view=compare&part.q=level%3Aerror'],
      ['a query', '&query=stats%20count()%20as%20n%20by%20level'],
      ['a chart', '&view=chart&query=stats%20count()%20as%20n%20by%20bin(5m)%2C%20source'],
    ] as const) {
      test(`has nothing that axe finds, ${name}`, async ({ page, shop }) => {
        await page.goto(shop.url(more));
        await expect(page.getByTestId('cost')).toContainText('rows read');
        await expect(page.getByLabel(/^Loading/)).toHaveCount(0);
        const axe = new AxeBuilder({ page });
        if (colorScheme === 'dark') axe.withRules(['color-contrast']);
        await expectNothingFound(axe);
      });
    }

    test('has nothing that axe finds, list and details', async ({ page, shop, rows }) => {
      await page.goto(shop.url());
      await rows.first().click();
      await expect(page.getByRole('complementary', { name: 'Event details' })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      await expectNothingFound(new AxeBuilder({ page }));
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('fits the width and keeps fields and details within reach', async ({ page, shop, rows }) => {
    await page.goto(shop.url());
    await expect(rows.first()).toBeVisible();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);

    await page.getByRole('button', { name: 'Fields' }).click();
    const fields = page.getByRole('dialog', { name: 'Fields' });
    await fields.getByRole('button', { name: /^error/ }).click();
    await fields.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('list', { name: 'Filters' })).toContainText('level:error');

    await rows.nth(1).click();
    const details = page.getByRole('complementary', { name: 'Event details' });
    await expect(details).toBeInViewport({ ratio: 1 });
    await details.getByRole('button', { name: 'Close (Esc)' }).click();
    await expect(details).toBeHidden();
  });

  for (const view of ['patterns', 'compare&part.q=level%3Aerror', 'table&query=stats%20count()']) {
    test(`fits the width, ${view}`, async ({ page, shop }) => {
      await page.goto(shop.url(`&view=${view}`));
      await expect(page.getByTestId('cost')).toContainText('rows read');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(390);
    });
  }

  for (const path of pages) {
    test(`fits the width, ${path}`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole('main')).toBeVisible();
      await expect(page.getByLabel(/^Loading/)).toHaveCount(0);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(390);
      await expect(page.getByRole('navigation', { name: 'Pages' })).toBeInViewport({ ratio: 1 });
    });
  }
});
