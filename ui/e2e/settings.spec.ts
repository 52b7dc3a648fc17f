import type { Browser, Page } from '@playwright/test';
import { expect, test, username } from './fixtures';

async function logInAs(browser: Browser, name: string, secret: string): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto('/settings/account');
  await page.getByLabel('User name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(secret);
  await page.getByRole('button', { name: 'Log in' }).click();
  return page;
}

async function addUser(page: Page, name: string): Promise<string> {
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'Add a user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name').fill(name);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const password = (await dialog.getByTestId('new-password').textContent()) ?? '';
  expect(password.length).toBeGreaterThan(15);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row', { name })).toContainText('must change password');
  return password;
}

test('a user is made, must change the password, is forced to again, is locked and removed', async ({
  page,
  browser,
  shop,
}) => {
  const name = `vera-${shop.run}`;
  const first = await addUser(page, name);
  const theirs = await logInAs(browser, name, first);
  await expect(theirs.getByText('Choose your own password')).toBeVisible();
  await expect(theirs.getByRole('textbox', { name: 'Current password' })).toBeFocused();
  const own = `${name} chose this`;
  await changePassword(theirs, first, own);
  await expect(theirs.getByRole('region', { name: 'Account' })).toContainText(name);
  await expect(theirs.getByRole('link', { name: 'Users' })).toBeHidden();
  await theirs.goto('/settings/users');
  await expect(theirs.getByText('This page is for administrators')).toBeVisible();
  await theirs.goto('/query/cardinality');
  await expect(theirs.getByText('Which series these are')).toBeVisible();
  await expect(theirs.getByText('none yet')).toHaveCount(0);

  const row = page.getByRole('row', { name });
  const act = async (what: string, confirm: string) => {
    await row.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: what, exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  };
  await page.reload();
  await expect(row).not.toContainText('must change password');
  await act('Force a password change', 'Force it');
  await expect(row).toContainText('must change password');
  await theirs.goto('/settings/keys');
  await theirs.getByLabel('User name').fill(name);
  await theirs.getByRole('textbox', { name: 'Password' }).fill(own);
  await theirs.getByRole('button', { name: 'Log in' }).click();
  await changePassword(theirs, own, `${own} anew`);
  await expect(theirs.getByRole('region', { name: 'API keys' })).toBeVisible();

  await act('Lock', 'Lock');
  await expect(row).toContainText('locked');
  await theirs.reload();
  await expect(theirs.getByRole('button', { name: 'Log in' })).toBeVisible();
  await act('Unlock', 'Unlock');
  await expect(row).toContainText('active');
  await act('Delete', 'Delete');
  await expect(row).toHaveCount(0);
  await theirs.context().close();
});

async function changePassword(page: Page, old: string, next: string): Promise<void> {
  await page.getByLabel('Current password').fill(old);
  await page.getByLabel('New password', { exact: true }).fill(next);
  await page.getByLabel('New password, again').fill(next);
  await page.getByRole('button', { name: 'Change password' }).click();
}

test('a long name leaves the role in one line', async ({ page, request, session, shop }) => {
  const username = shop.run.padEnd(64, 'a');
  const made = await request.post('/api/v1/users', {
    headers: { authorization: `Bearer ${session.token}` },
    data: { username, password: 'correct-horse-7', role: 'moderator' },
  });
  const { data } = (await made.json()) as { data: { id: string } };
  await page.goto('/settings/users');
  const role = page.getByRole('row', { name: username }).getByRole('cell', { name: 'moderator' });
  const lines = await role.locator('div').evaluate((cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return text.getClientRects().length;
  });
  expect(lines).toBe(1);
  await request.delete(`/api/v1/users/${data.id}`, {
    headers: { authorization: `Bearer ${session.token}` },
  });
});

test('a user that cannot be made keeps the form and says why', async ({ page }) => {
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'Add a user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name').fill(username);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText(username);
  await expect(dialog.getByLabel('User name')).toHaveValue(username);
});

test('the last administrator can be neither locked nor deleted', async ({ page }) => {
  await page.goto('/settings/users');
  await page.getByRole('button', { name: `Actions for ${username}` }).click();
  for (const what of ['Lock', 'Delete']) {
    await expect(page.getByRole('menuitem', { name: what, exact: true })).toBeDisabled();
  }
});

test('a key is made, shown once, works, and is refused once it is revoked', async ({
  page,
  request,
  shop,
}) => {
  const name = `key <b>${shop.run}</b>`;
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Read events').check();
  await dialog.getByLabel('Only these sources').fill(shop.checkout);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  const key = (await dialog.getByTestId('made-key').textContent()) ?? '';
  const read = async () =>
    (
      await request.get(`/api/v1/monitoring/events?source=${shop.checkout}&limit=1`, {
        headers: { authorization: `Bearer ${key}`, cookie: '' },
      })
    ).status();
  expect(await read()).toBe(200);
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row', { name });
  await expect(row).toContainText('read events, send events');
  await expect(row).toContainText(shop.checkout);
  expect(await page.content()).not.toContain(key);

  await row.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(row).toHaveCount(0);
  expect(await read()).toBe(401);
  await page.getByRole('switch', { name: 'Show revoked' }).click({ force: true });
  await expect(row).toContainText('revoked');
});

test('another session is listed and ended', async ({ page, browser, shop }) => {
  const name = `wanda-${shop.run}`;
  const first = await addUser(page, name);
  const one = await logInAs(browser, name, first);
  await changePassword(one, first, `${name} chose this`);
  await expect(one.getByRole('region', { name: 'Sessions' })).toContainText('this one');
  const other = await logInAs(browser, name, `${name} chose this`);
  await expect(other.getByRole('region', { name: 'Sessions' })).toBeVisible();
  await one.reload();
  await one.getByRole('button', { name: /^End the session of/ }).click();
  await one.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await expect(one.getByRole('button', { name: /^End the session of/ })).toHaveCount(0);
  await other.reload();
  await expect(other.getByRole('button', { name: 'Log in' })).toBeVisible();
  await one.context().close();
  await other.context().close();
});

test('the audit trail is filtered, paged, and its URL shows the same again', async ({ page }) => {
  await page.goto('/settings/audit');
  const table = page.getByRole('table', { name: 'Audit' });
  await expect(table.getByRole('row').nth(1)).toBeVisible();
  await page.getByLabel('What').fill('key.');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/action=key\./);
  await expect(table.getByRole('row').nth(1)).toContainText('key.');
  await expect(table.getByRole('row', { name: 'login' })).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel('What')).toHaveValue('key.');
  await expect(table.getByRole('row').nth(1)).toContainText('key.');
  await page.getByLabel('Who').fill('nobody-of-that-name');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByText('Nothing in the trail matches')).toBeVisible();
  await page.goBack();
  await expect(table.getByRole('row').nth(1)).toContainText('key.');
});

test('storage says what is kept and for how long', async ({ page }) => {
  await page.goto('/settings/storage');
  await expect(page.getByRole('region', { name: 'Storage', exact: true })).toContainText(
    /Events stored\s*[\d,]+/,
  );
  const rules = page.getByRole('table', { name: 'Retention rules' });
  await expect(rules.getByRole('row').last()).toContainText(/default.*30 days/);
  await expect(page.getByRole('region', { name: 'Segments' })).toBeVisible();
});

test('health shows each check, and what is wrong', async ({ page }) => {
  await page.goto('/settings/health');
  const checks = page.getByRole('list', { name: 'Checks' });
  await expect(checks).toContainText('ingestion');
  await expect(page.getByRole('region', { name: 'Process' })).toContainText('Up for');
  await page.route('**/api/v1/health', (route) =>
    route.fulfill({
      status: 503,
      json: {
        status: 'DOWN',
        checks: { database: 'UP', disk: 'DOWN' },
        problems: { disk: '17 bytes are left on the disk' },
        timestamp: '2026-01-01T00:00:00Z',
      },
    }),
  );
  await page.getByRole('button', { name: 'Look now' }).click();
  await expect(checks).toContainText('17 bytes are left on the disk');
  await expect(page.getByText('A part is down')).toBeVisible();
});

test('a list that cannot be read says so and tries again', async ({ page }) => {
  await page.route('**/api/v1/users?*', (route) => route.abort());
  await page.goto('/settings/users');
  await expect(page.getByText('The list could not be read')).toBeVisible();
  await page.unroute('**/api/v1/users?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('row', { name: username })).toBeVisible();
});
