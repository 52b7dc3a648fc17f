import { expect, test } from './fixtures';

/* Samples of this run, so that it may run again on the same Belfry. */
const name = `shop_requests_${Date.now().toString(36)}_total`;
const gauge = name.replace('_total', '_in_flight');

test.beforeAll(async ({ playwright, baseURL, session }) => {
  const context = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const now = Math.floor(Date.now() / 15_000) * 15_000;
  const lines = [
    `# HELP ${name} Requests answered by the shop.`,
    `# TYPE ${name} counter`,
    `# HELP ${gauge} Requests in work <b>now</b>.`,
    `# TYPE ${gauge} gauge`,
  ];
  for (let step = 0; step <= 60; step++) {
    const at = now - (60 - step) * 15_000;
    for (let shop = 0; shop < 4; shop++) {
      lines.push(`${name}{shop="s${shop}",code="200"} ${step * (shop + 1) * 30} ${at}`);
      lines.push(`${gauge}{shop="s${shop}"} ${(shop + 1) * 5 + (step % 7)} ${at}`);
    }
  }
  const sent = await context.post('/api/v1/import/prometheus', {
    headers: { authorization: `Bearer ${session.token}`, 'content-type': 'text/plain' },
    data: `${lines.join('\n')}\n`,
  });
  expect(sent.ok()).toBe(true);
  await context.dispose();
});

test('a query is drawn, its legend filters and hides, and the URL brings it back', async ({
  page,
}) => {
  await page.goto('/query');
  await expect(page.getByText('Ask for a metric')).toBeVisible();
  const editor = page.getByRole('textbox', { name: 'Query 1' });
  await editor.click();
  await page.keyboard.type(`rate(${name}[5m]`);
  await page.keyboard.press('Escape');
  await editor.click();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('img', { name: '4 series over time' })).toBeVisible();
  const series = page.getByRole('table', { name: 'Series' });
  await expect(series.getByRole('row')).toHaveCount(5);
  await page.getByLabel('Filter the series').fill('s3');
  await expect(series.getByRole('row')).toHaveCount(2);
  const only = series.getByRole('button', { name: /shop="s3"/ });
  await only.click();
  await expect(only).toHaveAttribute('aria-pressed', 'false');
  await page.reload();
  await expect(page.getByRole('img', { name: '4 series over time' })).toBeVisible();
  await page.getByText('Table', { exact: true }).click();
  await expect(page.getByRole('table', { name: 'Values' }).getByRole('row')).toHaveCount(5);
  expect(page.url()).toContain('tab=table');
});

test('several queries share a chart; one can be hidden and taken away', async ({ page }) => {
  await page.goto(`/query?q=${gauge}&q=sum(${gauge})`);
  await expect(page.getByRole('img', { name: '5 series over time' })).toBeVisible();
  await page.getByRole('button', { name: 'Show Query 2' }).click();
  await expect(page.getByRole('img', { name: '4 series over time' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove Query 2' }).click();
  await expect(page.getByRole('textbox', { name: 'Query 2' })).toHaveCount(0);
});

test('what is typed and not yet run stays when a query above is taken away', async ({ page }) => {
  await page.goto(`/query?q=${gauge}&q=sum(${gauge})`);
  await expect(page.getByRole('img', { name: '5 series over time' })).toBeVisible();
  const second = page.getByRole('textbox', { name: 'Query 2' });
  await second.fill('not yet run');
  await page.getByRole('button', { name: 'Remove Query 1' }).click();
  await expect(second).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Query 1' })).toHaveText('not yet run');
  expect(new URL(page.url()).searchParams.getAll('q')).toEqual([`sum(${gauge})`]);
});

test('completion that is refused leads to the login', async ({ page }) => {
  await page.goto('/query');
  const editor = page.getByRole('textbox', { name: 'Query 1' });
  await editor.click();
  await page.route('**/api/v1/**', (route) => route.fulfill({ status: 401, body: '{}' }));
  await page.keyboard.type('rat');
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
});

test('what is wrong with a query is said', async ({ page }) => {
  await page.goto(`/query?q=${encodeURIComponent('sum by (')}`);
  await expect(page.getByRole('alert').first()).toContainText('parse error');
  await page.goto('/query?q=nothing_that_is_there');
  await expect(page.getByText('No series in this time range')).toBeVisible();
});

test('the catalogue tells of a metric and leads to its chart', async ({ page }) => {
  await page.goto('/query/catalogue');
  await page.getByLabel('Find a metric').fill(name);
  const row = page.getByRole('table', { name: 'Metrics' }).getByRole('row').nth(1);
  await expect(row).toContainText('Requests answered by the shop.');
  await expect(row).toContainText('counter');
  await page.getByLabel('Find a metric').fill(gauge);
  await expect(row).toContainText('Requests in work <b>now</b>.');
  await row.getByRole('link').first().click();
  await expect(page.getByRole('img', { name: '1 series over time' })).toBeVisible();
});

test('cardinality and targets are told', async ({ page }) => {
  await page.goto('/query/cardinality');
  await expect(page.getByText('Active series')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Metrics by series' })).toBeVisible();
  await page.goto('/query/targets');
  await expect(page.getByText(/Nothing is scraped|of \d+ up/).first()).toBeVisible();
});
