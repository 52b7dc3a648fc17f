import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

const run = promisify(execFile);

async function open(page: Page, way: string): Promise<string> {
  await page.goto('/start');
  await page.getByRole('tab', { name: way }).click();
  await page.getByRole('button', { name: 'Make a key for the snippets' }).click();
  const key = (await page.getByTestId('key').textContent()) ?? '';
  expect(key).toMatch(/^blf_/);
  return key;
}

async function snippet(page: Page, key: string): Promise<string> {
  const code = (await page.getByRole('tabpanel').locator('pre').last().textContent()) ?? '';
  expect(code).toContain(key);
  expect(code).toContain(new URL(page.url()).host);
  return code;
}

async function expectArrived(page: Page, message: string): Promise<void> {
  await expect(page.getByTestId('arrived')).toContainText(message);
}

/* In this folder, so that modules are found; each run in its own. */
const modules = fileURLToPath(new URL('..', import.meta.url));

test('curl: the snippet runs, and the event arrives and opens in Explore', async ({ page }) => {
  const key = await open(page, 'curl');
  await expect(page.getByText(/Waiting for your (first|next) event/)).toBeVisible();
  const { stdout } = await run('bash', ['-c', await snippet(page, key)]);
  expect(stdout).toContain('"success":true');
  await expectArrived(page, 'Hello from curl');
  await page.getByRole('button', { name: 'Open in Explore' }).click();
  await expect(page.getByRole('complementary', { name: 'Event details' })).toContainText(
    'Hello from curl',
  );
});

test('JavaScript: the snippet runs and the event arrives', async ({ page }) => {
  const key = await open(page, 'JavaScript');
  const folder = await mkdtemp(join(modules, 'test-results', 'snippet-'));
  await writeFile(join(folder, 'hello.mjs'), await snippet(page, key));
  await run('node', ['hello.mjs'], { cwd: folder });
  await expectArrived(page, 'Hello from JavaScript');
  await expect(page.getByTestId('arrived')).toContainText('my-node-service');
  await rm(folder, { recursive: true });
});

test('Python: the snippet runs and the event arrives', async ({ page }) => {
  const key = await open(page, 'Python');
  await run('python3', ['-c', await snippet(page, key)]);
  await expectArrived(page, 'Hello from Python');
});

test('the key may only write, is kept nowhere, and is forgotten', async ({ page, request }) => {
  const key = await open(page, 'curl');
  const readable = await page.evaluate(
    () => window.location.href + document.cookie + JSON.stringify([localStorage, sessionStorage]),
  );
  expect(readable).not.toContain(key);
  const asKey = { authorization: `Bearer ${key}`, cookie: '' };
  const reading = await request.get('/api/v1/monitoring/events', { headers: asKey });
  expect(reading.status()).toBe(403);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Make a key for the snippets' })).toBeVisible();
  expect(await page.content()).not.toContain(key);
});

test('every way names this server, and its URL shows it again', async ({ page }) => {
  await page.goto('/start?way=rsyslog');
  await expect(page.getByRole('tab', { name: 'rsyslog' })).toHaveAttribute('aria-selected', 'true');
  const { port } = new URL(page.url());
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await expect(page.getByRole('tabpanel').locator('pre').last()).toContainText(port);
  }
});
