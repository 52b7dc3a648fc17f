import { errorCount, expect, freshEvent, shopEventCount, test } from './fixtures';

const count = new Intl.NumberFormat('en-US');

test('lists events newest first and says what that cost', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toContainText(`request ${shopEventCount - 1} done`);
  const cost = page.getByTestId('cost');
  await expect(cost).toContainText(`200 of ${count.format(shopEventCount)} rows`);
  await expect(cost).toContainText(/[\d.]+ m?s/);
  await expect(cost).toContainText('rows read');
  await page.getByTitle('Newest first; press for oldest first').click();
  await expect(rows.first()).toContainText('payment 0 failed');
});

test('searches words and phrases', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('"connection refused"');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);
  await expect(rows.first().locator('mark')).toHaveText('connection refused');
  expect(new URL(page.url()).searchParams.get('q')).toBe('"connection refused"');

  await page.getByLabel('Search', { exact: true }).fill('refused kept');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No event matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the search' }).last().click();
  await expect(page.getByTestId('cost')).toContainText(`of ${count.format(shopEventCount)} rows`);
});

test('filters by a value of the sidebar and by the legend', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  const sidebar = page.getByRole('navigation', { name: 'Fields' });
  await sidebar.getByRole('button', { name: /^host/ }).click();
  await sidebar.getByRole('button', { name: /^node-3/ }).click();
  await expect(page.getByTestId('cost')).toContainText(`of ${shopEventCount / 4} rows`);
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('tag.host:node-3');
  // Its other values stay, so that one more can be added.
  await sidebar.getByRole('button', { name: /^node-2/ }).click();
  await expect(page.getByTestId('cost')).toContainText(`of ${shopEventCount / 2} rows`);

  await page.getByRole('button', { name: 'Remove the filter tag.host node-3' }).click();
  await page.getByRole('button', { name: 'Remove the filter tag.host node-2' }).click();
  await page
    .getByLabel('Histogram', { exact: true })
    .getByRole('button', { name: /error/ })
    .click();
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);
  await expect(rows.first()).toContainText('ERROR');
});

test('zooms in by dragging over the histogram and out again', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  const chart = page.getByRole('img', { name: /^Histogram of/ }).locator('.u-over');
  const box = await chart.boundingBox();
  if (!box) throw new Error('no histogram');
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{4}-/);
  await expect(page.getByTestId('cost')).toContainText(/of \d{3} rows/);
  const zoomed = new URL(page.url()).searchParams;
  const length = Date.parse(zoomed.get('to') ?? '') - Date.parse(zoomed.get('from') ?? '');
  expect(length / 60_000).toBeGreaterThan(8);
  expect(length / 60_000).toBeLessThan(16);

  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('cost')).toContainText(`of ${count.format(shopEventCount)} rows`);
  expect(new URL(page.url()).searchParams.get('from')).toBeNull();
});

test('takes a typed range', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('t');
  await page.getByLabel('Type a range').fill('10m');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=now-10m&to=now/);
  await expect(page.getByRole('button', { name: 'Time range: Last 10 minutes' })).toBeVisible();
  await expect(page.getByTestId('cost')).toContainText(/of 2\d\d rows/);
});

test('opens an event with all its fields', async ({ page, shop, rows }) => {
  await page.goto(shop.url('&level=error'));
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'Event details' });
  const second = shopEventCount - 20;
  await expect(details).toContainText(`payment ${second} failed`);
  await expect(details.getByRole('region', { name: 'Payload' })).toContainText(`/orders/${second}`);
  await expect(details.getByRole('region', { name: 'Tags' })).toContainText('canary');
  await page.keyboard.press('ArrowDown');
  await expect(details).toContainText(`payment ${second - 10} failed`);

  await details.getByText('JSON', { exact: true }).click();
  await expect(details.locator('pre').last()).toContainText('"event_type": "log"');
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();

  await rows.first().click();
  await details.getByRole('button', { name: /^Filter for tag\.host/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('tag.host');
});

test('shows the same again from its URL', async ({ page, shop, rows, context }) => {
  await page.goto(shop.url('&level=error&tag.host=node-0&q=payment&order=asc&from=now-3h&to=now'));
  await rows.nth(3).click();
  const details = page.getByRole('complementary', { name: 'Event details' });
  await expect(details).toContainText('payment 60 failed');
  await page.keyboard.press('Escape');
  await page.goBack();
  await expect(details).toContainText('payment 60 failed');

  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('complementary', { name: 'Event details' })).toContainText(
    'payment 60 failed',
  );
  await expect(other.getByLabel('Search', { exact: true })).toHaveValue('payment');
  await expect(other.getByRole('button', { name: 'Time range: Last 3 hours' })).toBeVisible();
  await expect(other.getByRole('list', { name: 'Filters' })).toContainText('tag.host:node-0');
  await expect(other.locator('[role="row"][data-event]').first()).toContainText('payment 0 failed');
});

test('scrolls through all rows, page after page', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  const list = page.getByTestId('events');
  await expect(async () => {
    await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await expect(list).toContainText('No older events in this range', { timeout: 200 });
  }).toPass();
  await expect(rows.last()).toContainText('payment 0 failed');
  await expect(page.getByTestId('cost')).toContainText(
    `${count.format(shopEventCount)} of ${count.format(shopEventCount)} rows`,
  );
  expect(await rows.count()).toBeLessThan(100);
});

test('follows new events live and does not move what is being read', async ({
  page,
  shop,
  rows,
}) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page).toHaveURL(/live=1/);
  await expect(page.getByTestId('cost')).toContainText('received live');
  await expect(page.locator('[data-connected]')).toBeVisible();
  await shop.send([freshEvent(shop, `fresh one of ${shop.run}`)]);
  await expect(rows.first()).toContainText('fresh one');

  await page.getByTestId('events').evaluate((element) => element.scrollTo({ top: 400 }));
  const read = page.locator('[data-event]').filter({ hasText: `request ${shopEventCount - 21} ` });
  const before = await read.boundingBox();
  await shop.send([freshEvent(shop, `fresh two of ${shop.run}`)]);
  const more = page.getByRole('button', { name: '1 new' });
  await expect(more).toBeVisible();
  expect(await read.boundingBox()).toEqual(before);
  await more.click();
  await expect(rows.first()).toContainText('fresh two');
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page).not.toHaveURL(/live=1/);
});

test('shows why a query failed and tries again', async ({ page, shop, rows }) => {
  await page.route('**/api/v1/monitoring/events?*', (route) => route.abort());
  await page.goto(shop.url());
  await expect(page.getByText('Belfry does not answer')).toBeVisible();
  await page.unroute('**/api/v1/monitoring/events?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(rows.first()).toBeVisible();
});

test('says when a range in the URL cannot be read', async ({ page, shop, rows }) => {
  await page.goto(shop.url('&from=2026-13-99&to=now'));
  await expect(page.getByRole('alert')).toContainText('2026-13-99');
  await expect(page.getByTestId('cost')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Histogram' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the last hour' }).click();
  await expect(rows.first()).toBeVisible();
});

test('says what is wrong with a search in the words that were typed', async ({ page }) => {
  await page.goto('/?q=duration%3A%3E(');
  await expect(page.getByRole('alert')).toContainText(/^The query failedno value of duration/);
});

test('a number that no double holds is shown and filtered by as it was sent', async ({
  page,
  request,
  session,
  shop,
  rows,
}) => {
  const event = JSON.stringify(freshEvent(shop, 'snowflake')).replace(
    '"payload":{}',
    '"payload":{"order":1234567890123456789}',
  );
  const sent = await request.post('/api/v1/monitoring/events', {
    headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' },
    data: event,
  });
  expect(sent.status()).toBe(201);
  await page.goto(shop.url('&q=snowflake'));
  await rows.first().click();
  const details = page.getByRole('complementary', { name: 'Event details' });
  await details.getByText('JSON', { exact: true }).click();
  await expect(details.locator('pre').last()).toContainText('"order": 1234567890123456789');
  await details.getByText('Fields', { exact: true }).click();
  await details.getByRole('button', { name: /^Everything with payload\.order/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('1234567890123456789');
  await expect(rows.first()).toContainText('snowflake');
  await page.goto(shop.url(`&query=${encodeURIComponent('search snowflake | fields order')}`));
  await expect(page.getByTestId('result')).toContainText('1,234,567,890,123,456,789');
});

test('one is one row of one event', async ({ page, shop, rows }) => {
  await page.goto(shop.url(`&q=${encodeURIComponent('"payment 0 failed"')}`));
  await expect(rows).toHaveCount(1);
  await expect(page.getByTestId('cost')).toContainText(/^1 of 1 row\d/);
  await expect(page.getByRole('region', { name: 'Histogram' })).toContainText(/^1 event[^s]/);
});

test('says that an event is not there', async ({ page }) => {
  await page.goto('/event/00000000-0000-8000-8000-000000000000');
  await expect(page.getByRole('alert')).toContainText('There is no such event');
  await page.getByRole('button', { name: 'To Explore' }).click();
  await expect(page).toHaveURL(/:\d+\/$/);
});

test('tells when nothing matches now but did at another time', async ({ page, shop, rows }) => {
  await page.goto(shop.url('&from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z'));
  await expect(page.getByText('The newest one that matches is of')).toBeVisible();
  await page.getByRole('button', { name: 'Show all time' }).click();
  await expect(rows.first()).toBeVisible();
  await expect(page).toHaveURL(/from=all/);
});

test('a stack trace takes one row, and level:error typed is a filter', async ({
  page,
  shop,
  rows,
}) => {
  const source = `trace-${shop.run}`;
  const event = { ...freshEvent(shop, 'one line'), source };
  const trace =
    'IllegalStateException: lost\n\tat Cart.add(Cart.java:7)\n\tat Cart.main(Cart.java:1)';
  await shop.send([event, { ...event, level: 'ERROR', message: trace }]);
  await page.goto(`/?source=${source}`);
  await expect(rows).toHaveCount(2);
  const row = rows.filter({ hasText: 'IllegalStateException: lost' });
  await expect(row).toContainText('⏎ +2');
  await expect(row).not.toContainText('Cart.java');

  await page.getByRole('combobox', { name: 'Search' }).fill('lost level:error');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('level:error');
  await row.click();
  await expect(page.getByRole('complementary', { name: 'Event details' })).toContainText(
    'at Cart.main(Cart.java:1)',
  );
});
