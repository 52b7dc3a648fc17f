import { expect, test } from './fixtures';

/* The first file by name: on a new Belfry it runs before there is any event. */
test('the bare address leads to Send data while there is nothing, then to Explore', async ({
  page,
  request,
  session,
}) => {
  const authorization = `Bearer ${session.token}`;
  const stored = await request.get(
    '/api/v1/monitoring/events?limit=1&not.source=belfry&not.source=belfry-auth',
    { headers: { authorization } },
  );
  const { data } = (await stored.json()) as { data: unknown[] };
  if (data.length === 0) {
    await page.goto('/');
    await expect(page).toHaveURL(/\/start$/);
    await expect(page.getByRole('heading', { name: 'Send your first event' })).toBeVisible();
    const sent = await request.post('/api/v1/monitoring/events', {
      headers: { authorization },
      data: { event_type: 'log', source: 'first', message: 'the very first' },
    });
    expect(sent.status()).toBe(201);
    await expect(page.getByTestId('arrived')).toContainText('the very first');
  }
  await page.goto('/');
  await expect(page.getByLabel('Search', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
});
