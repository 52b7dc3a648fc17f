import { expect, test, type Shop } from './fixtures';

test.use({ part: 's' });

const queryUrl = (shop: Shop, query: string) =>
  shop.url(`&query=${encodeURIComponent(query)}&from=now-2h&to=now`);

test('a query that runs by itself is renamed, read and removed', async ({ page, shop }) => {
  const name = `errors of ${shop.run}`;
  await page.goto(queryUrl(shop, 'level:error | stats count() as errors'));
  await expect(page.getByTestId('cost')).toContainText('1 row');
  await page.getByRole('button', { name: 'Saved searches' }).click();
  await page.getByRole('menuitem', { name: /^Save this query/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('combobox', { name: 'Run it' }).click();
  await page.getByRole('option', { name: 'Every hour' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();

  await page.goto('/saved');
  await page.getByLabel('Find a saved search').fill(shop.run);
  const table = page.getByRole('table', { name: 'Saved searches' });
  const row = table.getByRole('row').nth(1);
  await expect(row).toContainText('every 1h');
  await row.getByRole('button', { name: `Change ${name}` }).click();
  await dialog.getByLabel('Name').fill(`${name} renamed`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText(`${name} renamed`);

  // The first answer comes by itself; the list is read anew when it is shown.
  await expect(async () => {
    await page.reload();
    await page.getByLabel('Find a saved search').fill(shop.run);
    await expect(row).toContainText('ago', { timeout: 3000 });
  }).toPass();
  await row.getByRole('cell').nth(4).getByRole('link').click();
  await expect(page).toHaveURL(/\/saved\/[0-9a-f-]+$/);
  await expect(page.getByRole('list', { name: 'Answers' })).toContainText('errors: 120');
  await expect(page.getByRole('grid', { name: 'Result' })).toContainText('120');

  await page.getByRole('link', { name: 'All saved searches' }).click();
  await page.getByLabel('Find a saved search').fill(shop.run);
  await row.getByRole('button', { name: /^Remove/ }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(dialog).toBeHidden();
  await expect(table).toHaveCount(0);
});

test('saving under a name that is there replaces what it asks', async ({ page, shop }) => {
  const name = `twice ${shop.run}`;
  for (const [word, button] of [
    ['payment', 'Save'],
    ['request', 'Replace'],
  ] as const) {
    await page.goto(shop.url(`&q=${word}`));
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('menuitem', { name: /^Save this search/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await expect(dialog).toBeHidden();
  }
  await page.goto('/saved');
  await page.getByLabel('Find a saved search').fill(name);
  const rows = page.getByRole('table', { name: 'Saved searches' }).getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('request');
});

test('what cannot be read is said, and asked again', async ({ page }) => {
  await page.goto('/saved/00000000-0000-4000-8000-000000000000');
  await expect(page.getByRole('alert')).toContainText('saved query');
  await page.route('**/monitoring/queries?*', (route) =>
    route.fulfill({ status: 503, body: '{"error":{"code":"OVERLOADED","message":"is behind"}}' }),
  );
  await page.goto('/saved');
  await expect(page.getByRole('alert')).toContainText('is behind');
  await page.unroute('**/monitoring/queries?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
