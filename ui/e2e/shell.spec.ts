import { expect, test } from './fixtures';

test('leads from page to page and back to the same search', async ({ page, shop, rows }) => {
  await page.goto(shop.url('&q=refused'));
  await expect(rows.first()).toContainText('refused');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('region', { name: 'Account' })).toBeVisible();
  await expect(page).toHaveTitle('Account · Belfry');
  await page.getByRole('link', { name: 'Explore' }).click();
  await expect(page).toHaveURL(/q=refused/);
  await expect(rows.first()).toContainText('refused');
  await page.goBack();
  await expect(page.getByRole('region', { name: 'Account' })).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel('Search', { exact: true })).toHaveValue('refused');
});

test('the palette goes to a page, to a range and to a search', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  const palette = page.getByRole('combobox', { name: 'Go to a page or do something' });
  await page.keyboard.press('Control+k');
  await palette.fill('audi');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table', { name: 'Audit' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await palette.fill('15 min');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Time range: Last 15 minutes' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await palette.fill(`fresh ${shop.run}`);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Search', { exact: true })).toHaveValue(`fresh ${shop.run}`);
  await page.keyboard.press('Control+k');
  await expect(palette).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});

test('keys are on a sheet, on every page', async ({ page }) => {
  await page.goto('/settings/health');
  await expect(page.getByRole('list', { name: 'Checks' })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard and search' })).toContainText('Ctrl');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('tells when there is no such page', async ({ page }) => {
  await page.goto('/no/such/page');
  await expect(page.getByText('There is no such page')).toBeVisible();
  await page.getByRole('button', { name: 'To Explore' }).click();
  await expect(page.getByLabel('Search', { exact: true })).toBeVisible();
});

test('a session that ends asks for the login and leads back', async ({ page }) => {
  await page.goto('/settings/keys');
  await expect(
    page.getByRole('table', { name: 'API keys' }).or(page.getByText('There is no key yet')),
  ).toBeVisible();
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await page.context().addCookies(cookies);
  await page.reload();
  await expect(page.getByRole('table', { name: 'Audit' })).toBeVisible();
});

test('a zone is in the URL and shows the same to others', async ({ page, shop, rows }) => {
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  const local = await rows.first().locator('time').textContent();
  await page.getByRole('button', { name: 'Time zone' }).click();
  await expect(page).toHaveURL(/tz=utc/);
  await expect(rows.first().locator('time')).not.toHaveText(local ?? '');
  await page.goto(shop.url('&tz=local'));
  await expect(rows.first().locator('time')).toHaveText(local ?? '');
});

test('scripts are small', async ({ page, shop, rows }) => {
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) {
      sizes.push(
        response
          .request()
          .sizes()
          .then(({ responseBodySize }) => responseBodySize),
      );
    }
  });
  await page.goto(shop.url());
  await expect(rows.first()).toBeVisible();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeLessThan(500_000);
});
