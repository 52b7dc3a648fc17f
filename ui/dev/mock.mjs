/*
 * A stand-in for the server while the page is worked on: the same calls over events made from a
 * seed and kept in memory. `node dev/mock.mjs [--port 3100] [--events 20000] [--seed 1] [--empty]`
 * It also serves the built page. Log in with admin / belfry-admin; `newcomer` / `first-login` must
 * change the password. A search for `boom` fails and one for `slow` takes three seconds.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { generateEvents, nextEvent } from './events.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '3100' },
    events: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    empty: { type: 'boolean', default: false },
  },
});

const statics = new URL('../target/classes/dev/belfry/ui/static/', import.meta.url).pathname;
const users = {
  admin: { password: 'belfry-admin', must_change_password: false },
  newcomer: { password: 'first-login', must_change_password: true },
};
const sessions = new Map();
const tails = new Set();
const base = '/api/v1/monitoring';

/* Newest first. */
let events = options.empty ? [] : generateEvents(Number(options.events), Number(options.seed));

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    sendError(response, error.status ?? 500, error.code ?? 'INTERNAL_SERVER_ERROR', error.message);
  });
});

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const path = url.pathname;
  if (!path.startsWith('/api/')) return sendStatic(path, response);
  if (path === '/api/v1/openapi.json') return send(response, 200, { openapi: '3.1.0', paths: {} });
  if (path === '/api/v1/auth/login') return logIn(await body(request), response);
  const user = session(request);
  if (!user) throw failure(401, 'UNAUTHORIZED', 'log in first');
  if (path === '/api/v1/auth/me') return sendData(response, describe(user));
  if (path === '/api/v1/auth/logout') return logOut(request, response);
  if (path === '/api/v1/auth/password') return changePassword(user, await body(request), response);
  if (path === `${base}/events` && request.method === 'POST') {
    return receive(await body(request), response);
  }
  const params = url.searchParams;
  if (params.get('q')?.includes('boom')) {
    throw failure(
      422,
      'QUERY_LIMIT',
      'query memory: 268 MiB (expected: <= 256 MiB); narrow the time range',
    );
  }
  if (params.get('q')?.includes('slow')) await new Promise((done) => setTimeout(done, 3000));
  if (path === `${base}/events`) return list(params, response);
  if (path === `${base}/events/histogram`) return histogram(params, response);
  if (path === `${base}/fields`) return fields(params, response);
  if (path.startsWith(`${base}/events/`)) return byId(path.split('/').at(-1), response);
  throw failure(404, 'NOT_FOUND', `no such path: ${path}`);
}

function list(params, response) {
  const started = performance.now();
  const matched = select(params);
  if (params.get('order') === 'asc') matched.reverse();
  const limit = Number(params.get('limit') ?? 100);
  const offset = Number(params.get('cursor') ?? params.get('offset') ?? 0);
  const data = matched.slice(offset, offset + limit);
  const next = offset + limit < matched.length ? String(offset + limit) : null;
  send(response, 200, {
    success: true,
    data,
    pagination: { limit, offset, total: null, next_cursor: next },
    statistics: statistics(started, events.length),
  });
}

function histogram(params, response) {
  const started = performance.now();
  const matched = select(params);
  const start = Date.parse(params.get('start_time') ?? matched.at(-1)?.timestamp ?? 0);
  const end = Date.parse(params.get('end_time') ?? new Date().toISOString());
  const steps = [
    100, 500, 1e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5, 108e5, 432e5, 864e5, 6048e5,
  ];
  const most = Number(params.get('buckets') ?? 120);
  const interval = steps.find((step) => (end - start) / step <= most) ?? 6048e5;
  const buckets = new Map();
  for (const event of matched) {
    const at = Math.floor(Date.parse(event.timestamp) / interval) * interval;
    const bucket = buckets.get(at) ?? { start: new Date(at).toISOString(), counts: {}, total: 0 };
    const level = event.level ?? '';
    bucket.counts[level] = (bucket.counts[level] ?? 0) + 1;
    bucket.total += 1;
    buckets.set(at, bucket);
  }
  send(response, 200, {
    success: true,
    data: {
      interval_ms: interval,
      buckets: [...buckets.entries()].sort((a, b) => a[0] - b[0]).map((entry) => entry[1]),
      total: matched.length,
    },
    statistics: statistics(started, matched.length),
  });
}

function fields(params, response) {
  const started = performance.now();
  const limit = Number(params.get('limit') ?? 10);
  const counts = new Map();
  const count = (name, value) => {
    if (value === null || value === undefined || typeof value === 'object') return;
    const values = counts.get(name) ?? new Map();
    values.set(value, (values.get(value) ?? 0) + 1);
    counts.set(name, values);
  };
  const matched = select(params);
  for (const event of matched) {
    count('source', event.source);
    count('level', event.level);
    count('event_type', event.event_type);
    for (const [key, value] of Object.entries(event.tags)) count(`tags.${key}`, value);
    for (const [key, value] of Object.entries(event.payload)) count(`payload.${key}`, value);
  }
  const data = [...counts].map(([name, values]) => ({
    name,
    count: [...values.values()].reduce((sum, n) => sum + n, 0),
    distinct: values.size,
    values: [...values]
      .sort((a, b) => b[1] - a[1])
      .slice(0, limit)
      .map(([value, n]) => ({ value, count: n })),
  }));
  send(response, 200, { success: true, data, statistics: statistics(started, matched.length) });
}

function byId(id, response) {
  const event = events.find((candidate) => candidate.id === id);
  if (!event) throw failure(404, 'NOT_FOUND', `no event with id ${id}`);
  sendData(response, event);
}

function receive(posted, response) {
  const items = Array.isArray(posted) ? posted : [posted];
  const stored = items.map((item) => ({
    id: randomUUID(),
    message: null,
    level: null,
    tags: {},
    payload: {},
    created_by: 'admin',
    created_at: new Date().toISOString(),
    trace_id: null,
    span_id: null,
    ...item,
    timestamp: item.timestamp ?? new Date().toISOString(),
  }));
  store(stored);
  send(response, 201, {
    success: true,
    data: Array.isArray(posted) ? { ids: stored.map((e) => e.id), errors: [] } : stored[0],
  });
}

function store(added) {
  events = [...added, ...events].sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
  for (const { socket, matches } of tails) {
    for (const event of added.filter(matches)) {
      socket.send(JSON.stringify({ type: 'event', data: event }));
    }
  }
}

function select(params) {
  const matches = matcher(params);
  const start = params.get('start_time') ? Date.parse(params.get('start_time')) : -Infinity;
  const end = params.get('end_time') ? Date.parse(params.get('end_time')) : Infinity;
  return events.filter((event) => {
    const at = Date.parse(event.timestamp);
    return at >= start && at < end && matches(event);
  });
}

function matcher(params) {
  const terms = [...(params.get('q') ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map((match) =>
    (match[1] ?? match[2]).toLowerCase(),
  );
  const wanted = new Map();
  for (const [key, value] of params) {
    if (
      ['source', 'level', 'event_type', 'trace_id'].includes(key) ||
      /^(tag|payload)\./.test(key)
    ) {
      wanted.set(key, [...(wanted.get(key) ?? []), value]);
    }
  }
  return (event) => {
    for (const [key, values] of wanted) {
      const [, place, name] = /^(tag|payload)\.(.+)$/.exec(key) ?? [];
      const object = place === 'tag' ? event.tags : event.payload;
      const actual = name === undefined ? event[key] : leaf(object, name);
      if (!values.includes(String(actual ?? ''))) return false;
    }
    const text = terms.length > 0 ? JSON.stringify(event).toLowerCase() : '';
    return terms.every((term) => text.includes(term));
  };
}

function leaf(object, path) {
  return object[path] ?? path.split('.').reduce((inner, key) => inner?.[key], object);
}

function logIn({ username, password }, response) {
  const user = users[username];
  if (!user || user.password !== password) {
    throw failure(401, 'UNAUTHORIZED', 'wrong user name or password');
  }
  const token = randomUUID();
  sessions.set(token, username);
  response.setHeader('Set-Cookie', `belfry_session=${token}; HttpOnly; SameSite=Strict; Path=/`);
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  sendData(response, { token, expires_at: expires, user: describe(username) });
}

function logOut(request, response) {
  sessions.delete(cookie(request));
  response.setHeader('Set-Cookie', 'belfry_session=; HttpOnly; Path=/; Max-Age=0');
  sendData(response, {});
}

function changePassword(username, { current_password: current, new_password: next }, response) {
  if (users[username].password !== current) {
    throw failure(400, 'VALIDATION_ERROR', 'current_password: is not your password');
  }
  if (next.length < 12) {
    throw failure(400, 'VALIDATION_ERROR', 'new_password: 8 characters (expected: >= 12)');
  }
  users[username] = { password: next, must_change_password: false };
  sendData(response, describe(username));
}

function describe(username) {
  const must = users[username].must_change_password;
  return { id: username, username, role: 'admin', sources: [], must_change_password: must };
}

function session(request) {
  return sessions.get(cookie(request));
}

function cookie(request) {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? /belfry_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
}

function failure(status, code, message) {
  return Object.assign(new Error(message), { status, code });
}

function statistics(started, rows) {
  return {
    elapsed_ms: performance.now() - started,
    rows_read: rows,
    bytes_read: rows * 61,
    segments_total: 12,
    segments_skipped: 4,
    truncated: false,
  };
}

function sendData(response, data) {
  send(response, 200, { success: true, data });
}

function sendError(response, status, code, message) {
  send(response, status, { success: false, error: { code, message, details: null } });
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function sendStatic(path, response) {
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
  };
  const file = path === '/' ? '/index.html' : normalize(path);
  try {
    const bytes = await readFile(join(statics, file));
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(bytes);
  } catch {
    sendError(response, 404, 'NOT_FOUND', `no such path: ${path}`);
  }
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  if (!session(request)) return socket.destroy();
  const params = new URL(request.url, 'http://localhost').searchParams;
  return sockets.handleUpgrade(request, socket, head, (client) => {
    const tail = { socket: client, matches: matcher(params) };
    tails.add(tail);
    client.on('close', () => tails.delete(tail));
    client.send(JSON.stringify({ type: 'heartbeat' }));
  });
});

if (!options.empty) setInterval(() => store([nextEvent()]), 400).unref();
server.listen(Number(options.port), '127.0.0.1', () => {
  console.log(`mock at http://127.0.0.1:${options.port}`);
});
