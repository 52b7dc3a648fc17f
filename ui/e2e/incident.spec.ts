import { readFile } from 'node:fs/promises';
import { errorCount, expect, shopEventCount, test } from './fixtures';

test.use({ part: 'x' });

test('shows patterns, and filters by one', async ({ page, shop, rows }) => {
  await page.goto(shop.url('&view=patterns'));
  const table = page.getByRole('table', { name: 'Patterns' });
  await expect(table).toContainText('connection refused by psp');
  await expect(table).toContainText('done, connection kept');
  await table.getByRole('button', { name: /^Filter for payment/ }).click();
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('message like');
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);
  await expect(rows.first()).toContainText('refused');
});

test('compares what is dragged over with the rest', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  const box = await page.locator('.u-over').boundingBox();
  if (!box) throw new Error('no histogram');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 40, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page).toHaveURL(/view=compare&part=\d{4}-/);
  await expect(page.locator('[data-side="baseline"]').first()).toContainText(/\d+ events/);
  await page.getByText('the time before', { exact: true }).click();
  await expect(page).toHaveURL(/baseline=before/);
});

test('ranks what is different about a value, and filters by it', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  const sidebar = page.getByRole('navigation', { name: 'Fields' });
  await sidebar.getByRole('button', { name: 'Compare error with the rest' }).click();
  const differences = page.getByRole('list', { name: 'Differences' });
  const first = differences.getByRole('listitem').first();
  await expect(first).toContainText(/Message pattern|source|canary|host/);
  await expect(differences).toContainText('Message pattern');
  await differences.getByRole('button', { name: /^payment .*filter for it/ }).click();
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);
  await expect(rows.first()).toContainText('refused');
});

test('columns are added, moved, kept and shared', async ({ page, shop, rows, context }) => {
  await page.goto(shop.url());
  await rows.first().click();
  const details = page.getByRole('complementary', { name: 'Event details' });
  await details.getByRole('button', { name: 'Add the column host' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const heads = page.getByRole('grid', { name: 'Events' }).getByRole('columnheader');
  await expect(heads).toHaveText([/^Time/, 'Level', 'Source', 'host', 'Message']);
  await expect(rows.first()).toContainText(/node-\d/);
  await heads.getByRole('button', { name: 'host' }).click();
  await page.getByRole('menuitem', { name: 'Move left' }).click();
  await expect(heads).toHaveText([/^Time/, 'Level', 'host', 'Source', 'Message']);
  await expect(page).toHaveURL(/cols=level%2Ctags.host%2Csource%2Cmessage/);

  const other = await context.newPage();
  await other.goto(shop.url());
  const kept = other.getByRole('grid', { name: 'Events' }).getByRole('columnheader');
  await expect(kept).toHaveText([/^Time/, 'Level', 'host', 'Source', 'Message']);
  await other.close();
  await heads.getByRole('button', { name: 'host' }).click();
  await page.getByRole('menuitem', { name: 'Remove column' }).click();
  await expect(heads).toHaveText([/^Time/, 'Level', 'Source', 'Message']);
});

test('shows the lines around an event, and the event at an address of its own', async ({
  page,
  shop,
  rows,
}) => {
  await page.goto(shop.url('&level=error'));
  await rows.nth(4).click();
  const details = page.getByRole('complementary', { name: 'Event details' });
  await details.getByText('Surrounding lines').click();
  const lines = details.getByRole('list', { name: 'Surrounding lines' }).getByRole('listitem');
  await expect(lines).toHaveCount(21);
  await expect(lines.nth(10)).toContainText(`payment ${shopEventCount - 50} failed`);
  await expect(lines.nth(9)).toContainText(`request ${shopEventCount - 52} done`);
  await details.getByRole('button', { name: 'Earlier lines' }).click();
  await expect(lines).toHaveCount(61);

  const id = new URL(page.url()).searchParams.get('event') ?? '';
  await page.goto(`/event/${id}`);
  const alone = page.getByRole('article', { name: 'Event details' });
  await expect(alone).toContainText(`payment ${shopEventCount - 50} failed`);
  await alone.getByRole('button', { name: /^Everything with tag\.host/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('tag.host');
  await page.goto('/event/00000000-0000-8000-8000-00000000ffff');
  await expect(page.getByRole('alert')).toContainText('There is no such event');
});

test('saves a search, opens it again by the palette, and removes it', async ({ page, shop }) => {
  const name = `refused ${shop.run}`;
  await page.goto(shop.url('&q=refused'));
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);
  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: 'Save this search' }).click();
  await page.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.goto('/settings/account');
  await expect(page.getByRole('region', { name: 'Account' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to a page or do something' }).fill(name);
  await expect(page.getByRole('option', { name: new RegExp(name) }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Search', { exact: true })).toHaveValue(/refused/);
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);

  await page.getByRole('button', { name: 'Saved searches' }).click();
  await page.getByRole('menuitem', { name: `Remove ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.getByRole('button', { name: 'Saved searches' }).click();
  await expect(page.getByRole('menuitem', { name: 'Copy a link', exact: true })).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
});

test('takes all that matches out as files', async ({ page, shop }) => {
  await page.goto(shop.url('&level=error'));
  await expect(page.getByTestId('cost')).toContainText(`of ${errorCount} rows`);
  const lines = async (item: string) => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ]);
    return (await readFile(await download.path(), 'utf8')).trim().split('\n');
  };
  const csv = await lines('CSV');
  expect(csv).toHaveLength(errorCount + 1);
  expect(csv[0]?.replaceAll('"', '').trim()).toBe('timestamp,level,source,message');
  const json = await lines('NDJSON');
  expect(json).toHaveLength(errorCount);
  expect(JSON.parse(json[0] ?? '')).toMatchObject({ level: 'error', source: shop.checkout });
});

test('shows what runs and what is replaced', async ({ page }) => {
  await page.goto('/settings/queries');
  await expect(
    page.getByText('No query runs now.').or(page.getByRole('table', { name: 'Running queries' })),
  ).toBeVisible();
  await page.goto('/settings/redaction');
  const kinds = page.getByRole('table', { name: 'Kinds of secrets' });
  await expect(kinds.getByRole('row', { name: /^password/ })).toContainText('replaced');
  await expect(kinds.getByRole('row', { name: /^email/ })).toContainText('kept');
  await page.goto('/settings/storage');
  await expect(page.getByRole('table', { name: 'Sources' })).toContainText('%');
});
