/*
 * How the page feels in Chromium, against a Belfry that runs: `BELFRY_URL=… npm run bench`. It sends 12,000 events and 200 series
 * of its own, measures each figure several times, and prints medians beside their targets.
 */
import { chromium } from '@playwright/test';
import { randomUUID } from 'node:crypto';

const address = process.env.BELFRY_URL ?? 'http://127.0.0.1:3000';
const username = process.env.BELFRY_USER ?? 'admin';
const password = process.env.BELFRY_PASSWORD ?? 'belfry-admin';
const rounds = 7;
const rowsWanted = 10_000;
const seriesCount = 200;
const run = randomUUID().slice(0, 8);

const browser = await chromium.launch({
  executablePath: process.env.BELFRY_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--disable-gpu'],
});
const context = await browser.newContext({
  baseURL: address,
  viewport: { width: 1440, height: 900 },
  // A Belfry takes changes from its own origin only.
  extraHTTPHeaders: { origin: address },
});
await send('/api/v1/auth/login', { data: { username, password } });
const page = await context.newPage();
await sendEvents();
await sendSeries();

const figures = [
  ...(await firstPaint()),
  ...(await scrolling()),
  ...(await completion()),
  ...(await hovering()),
];
await browser.close();
for (const { name, value, unit, target } of figures) {
  console.log(`${name.padEnd(58)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(4)} (${target})`);
}

async function send(path, options) {
  const answer = await context.request.post(path, options);
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
}

async function sendEvents() {
  const now = Date.now();
  for (let sent = 0; sent < rowsWanted + 2000; sent += 2000) {
    const events = Array.from({ length: 2000 }, (_, i) => ({
      event_type: 'log',
      source: `bench-${run}`,
      level: i % 10 === 0 ? 'error' : 'info',
      message: `request ${sent + i} of client ${i % 97} answered in ${i % 311} ms by node-${i % 7}`,
      timestamp: new Date(now - (sent + i) * 200).toISOString(),
      tags: { host: `node-${i % 7}`, route: `/orders/${i % 400}`, order: `o${sent + i}` },
      payload: { duration_ms: i % 311 },
    }));
    await send('/api/v1/monitoring/events', { data: events });
  }
}

async function sendSeries() {
  const now = Math.floor(Date.now() / 15_000) * 15_000;
  const lines = [`# TYPE bench_${run} gauge`];
  for (let step = 0; step < 240; step++) {
    for (let at = 0; at < seriesCount; at++) {
      const value = at + Math.sin(step / 9 + at) * 20 + 40;
      lines.push(`bench_${run}{n="${at}"} ${value.toFixed(3)} ${now - (239 - step) * 15_000}`);
    }
  }
  const headers = { 'content-type': 'text/plain' };
  await send('/api/v1/import/prometheus', { headers, data: `${lines.join('\n')}\n` });
}

/** Explore, opened anew with nothing in the browser's cache; and what its scripts weigh on the way. */
async function firstPaint() {
  const seen = [];
  for (let round = 0; round < rounds; round++) {
    const fresh = await browser.newContext({
      baseURL: address,
      storageState: await context.storageState(),
    });
    const tab = await fresh.newPage();
    const cost = await cpuOf(tab);
    await tab.addInitScript(() => {
      const look = () => {
        if (document.querySelector('[role="row"][data-event]')) window.rowsAt = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await tab.goto(`/?source=bench-${run}`);
    await tab.waitForFunction(() => window.rowsAt);
    const worked = await cost();
    const figures = await tab.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      rows: window.rowsAt,
      bytes: performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    }));
    seen.push({ ...figures, worked });
    await fresh.close();
  }
  const of = (name) => median(seen.map((one) => one[name]));
  return [
    { name: 'first paint of Explore', value: of('paint'), unit: 'ms', target: '<= 1000' },
    { name: 'its first rows', value: of('rows'), unit: 'ms', target: 'told' },
    {
      name: 'CPU of the page until its first rows',
      value: of('worked'),
      unit: 'ms',
      target: 'told',
    },
    { name: 'its scripts, compressed', value: of('bytes') / 1000, unit: 'kB', target: '<= 500' },
  ];
}

/** The list with 10,000 rows, scrolled by 300 px a frame. */
async function scrolling() {
  await page.goto(`/?source=bench-${run}&from=now-3h&to=now`);
  const list = page.getByTestId('events');
  const full = page.getByTestId('cost').getByText('10,000', { exact: true });
  await list.waitFor();
  while ((await full.count()) === 0) {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(100);
  }
  return frames('scrolling 10,000 rows', () =>
    list.evaluate(
      (element) =>
        new Promise((done) => {
          element.scrollTo(0, 0);
          let left = 120;
          let first;
          const step = (time) => {
            first ??= time;
            element.scrollTop += 300;
            if (left-- > 0) requestAnimationFrame(step);
            else done((time - first) / 120);
          };
          requestAnimationFrame(step);
        }),
    ),
  );
}

/** The pointer over a chart of 200 series, one move a frame. */
async function hovering() {
  await page.goto(`/query?q=bench_${run}`);
  const chart = page.getByRole('img', { name: `${seriesCount} series over time` });
  await chart.waitFor();
  return frames(`the pointer over ${seriesCount} series`, () =>
    chart.locator('.u-over').evaluate(
      (element) =>
        new Promise((done) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          let moves = 0;
          let first;
          const step = (time) => {
            first ??= time;
            const part = moves / 121;
            const at = { clientX: left + width * part, clientY: top + height * (1 - part) };
            element.dispatchEvent(new MouseEvent('mousemove', { ...at, bubbles: true }));
            if (moves++ < 120) requestAnimationFrame(step);
            else done((time - first) / 120);
          };
          element.dispatchEvent(new MouseEvent('mouseenter'));
          requestAnimationFrame(step);
        }),
    ),
  );
}

/** What 120 frames take, each: on the clock, and of the page's thread. */
async function frames(name, move) {
  const clock = [];
  const worked = [];
  for (let round = 0; round < rounds; round++) {
    const cost = await cpuOf(page);
    clock.push(await move());
    worked.push((await cost()) / 120);
  }
  const target = '<= 16.7';
  return [
    { name: `a frame, ${name}`, value: median(clock), unit: 'ms', target },
    { name: `CPU of a frame, ${name}`, value: median(worked), unit: 'ms', target },
  ];
}

/** Milliseconds of CPU that the page's thread works from now on: other programs do not count. */
async function cpuOf(tab) {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const before = await spent();
  return async () => (await spent()) - before;
}

/** From a key in the search bar to the list of what may be meant. */
async function completion() {
  await page.goto(`/?source=bench-${run}`);
  await page.locator('[role="row"][data-event]').first().waitFor();
  const field = page.getByRole('combobox', { name: 'Search' });
  const measure = async (name, text) => {
    const times = [];
    for (let round = 0; round < rounds; round++) {
      const [typed, wanted] = text(round);
      await field.fill(typed.slice(0, -1));
      await page.evaluate((label) => {
        window.shown = new Promise((done) => {
          const look = (pressed) => {
            const options = [...document.querySelectorAll('[role="listbox"] [role="option"]')];
            if (options.some((option) => option.textContent.includes(label))) {
              done(performance.now() - pressed);
            } else requestAnimationFrame(() => look(pressed));
          };
          const begin = () => look(performance.now());
          window.addEventListener('keydown', begin, { once: true, capture: true });
        });
      }, wanted);
      await field.press(typed.at(-1));
      times.push(await page.evaluate(() => window.shown));
    }
    return { name, value: median(times), unit: 'ms', target: '<= 100' };
  };
  return [
    await measure('completion of a frequent value', () => ['host:', 'node-3']),
    await measure('completion of a rare value', (round) => {
      const order = `o${5000 + round * 37}`;
      return [`order:${order}`, order];
    }),
  ];
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
