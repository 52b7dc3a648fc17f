import { expect, password, rowsOf, test, username } from './fixtures';

test.describe('login', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('refuses a wrong password, then leads to the page that was asked for', async ({
    page,
    shop,
  }) => {
    await page.goto(shop.url('&level=error'));
    await page.getByLabel('User name').fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toContainText('wrong');

    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(rowsOf(page).first()).toContainText('failed');
    expect(new URL(page.url()).searchParams.get('level')).toBe('error');
  });

  test('keeps no token where a script could read it', async ({ page, shop }) => {
    await page.goto(shop.url());
    await page.getByLabel('User name').fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(rowsOf(page).first()).toBeVisible();
    const readable = await page.evaluate(
      () => document.cookie + JSON.stringify([localStorage, sessionStorage]),
    );
    const cookies = await page.context().cookies();
    expect(cookies.some((cookie) => cookie.httpOnly)).toBe(true);
    for (const cookie of cookies) expect(readable).not.toContain(cookie.value);
  });

  test('ends with logout', async ({ page, shop }) => {
    await page.goto(shop.url());
    await page.getByLabel('User name').fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(rowsOf(page).first()).toBeVisible();
    await page.getByRole('button', { name: `Account of ${username}` }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
    expect((await page.request.get('/api/v1/auth/me')).status()).toBe(401);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
  });

  test('is asked for again when the session has ended, and leads back', async ({ page, shop }) => {
    await page.goto(shop.url('&level=error'));
    await page.getByLabel('User name').fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(rowsOf(page).first()).toBeVisible();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect(page.getByText('Your session has ended')).toBeVisible();
    await page.getByLabel('User name').fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(rowsOf(page).first()).toContainText('failed');
  });
});
