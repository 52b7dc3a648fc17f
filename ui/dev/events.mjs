/* Events of an invented shop, from a seed: the same seed gives the same ones. */
const hourMillis = 3_600_000;

const kinds = [
  {
    source: 'checkout',
    level: 'info',
    weight: 20,
    message: (r) =>
      `order ${num(r, 99999)} placed for user ${num(r, 9999)}, total ${num(r, 400)}.${num(r, 89) + 10} EUR`,
  },
  {
    source: 'checkout',
    level: 'error',
    weight: 2,
    message: (r) =>
      `payment failed: connection refused to psp-${num(r, 4)}.pay.internal:443 after ${num(r, 3000)} ms`,
  },
  {
    source: 'checkout',
    level: 'warn',
    weight: 4,
    message: (r) => `retrying payment for order ${num(r, 99999)}, attempt ${num(r, 4) + 1} of 5`,
  },
  {
    source: 'catalog',
    level: 'info',
    weight: 26,
    message: (r) => `GET /api/products/${num(r, 5000)} 200 in ${num(r, 90)} ms`,
  },
  {
    source: 'catalog',
    level: 'debug',
    weight: 18,
    message: (r) => `cache hit ratio ${90 + num(r, 9)}.${num(r, 9)} % over ${num(r, 9000)} lookups`,
  },
  {
    source: 'auth',
    level: 'warn',
    weight: 5,
    message: (r) =>
      `failed password for invalid user admin from 203.0.113.${num(r, 254)} port ${1024 + num(r, 60000)}`,
  },
  {
    source: 'auth',
    level: 'info',
    weight: 12,
    message: (r) => `session opened for user ${num(r, 9999)} by token`,
  },
  {
    source: 'db-primary',
    level: 'warn',
    weight: 3,
    message: (r) =>
      `slow statement: ${1000 + num(r, 4000)} ms: SELECT * FROM orders WHERE customer_id = $1 ORDER BY created_at DESC`,
  },
  {
    source: 'db-primary',
    level: 'fatal',
    weight: 0.3,
    message: () => 'too many connections for role "shop": the limit is 200',
  },
  { source: 'mailer', level: 'trace', weight: 6, message: (r) => `queue depth ${num(r, 40)}` },
  {
    source: 'mailer',
    level: null,
    weight: 2,
    message: (r) => `250 2.0.0 Ok: queued as ${num(r, 1e6).toString(16).toUpperCase()}`,
  },
];
const totalWeight = kinds.reduce((sum, kind) => sum + kind.weight, 0);

let random = generator(1);

/* The release that fails, and the part of the machines that have it. */
const badRelease = '2026.11.3';

/** Events of the last 24 hours, newest first, denser towards now and with one bad half hour. */
export function generateEvents(count, seed) {
  random = generator(seed);
  const now = Date.now();
  const made = [];
  while (made.length < count) {
    const age = random() ** 2.2 * 24 * hourMillis;
    made.push(...makeRequest(now - age, age > 20 * 60_000 && age < 32 * 60_000));
  }
  return made.slice(0, count).sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
}

/** One more event, now. */
export function nextEvent() {
  return makeRequest(Date.now(), false)[0];
}

/* What happens for one request, in up to four services, with ids that they share. */
function makeRequest(epochMillis, bad) {
  const shared = {
    request_id: `req-${hex(8)}`,
    trace_id: hex(32),
    region: ['eu-west-1', 'eu-central-1', 'us-east-1'][num(random, 2)],
    method: ['GET', 'GET', 'GET', 'POST'][num(random, 3)],
    released: random() < 0.3,
  };
  const fails = bad && shared.released && random() < 0.8;
  return Array.from({ length: 1 + num(random, 3) }, (_, step) => {
    const kind = fails && step === 0 ? kinds[1] : pick();
    return makeEvent(epochMillis + step * num(random, 400), kind, shared);
  });
}

function makeEvent(epochMillis, kind, shared) {
  const nanos = String(num(random, 999_999)).padStart(6, '0');
  const timestamp = new Date(Math.floor(epochMillis)).toISOString().replace('Z', `${nanos}Z`);
  const failed = kind.level === 'error' || kind.level === 'fatal';
  const status = failed
    ? [500, 502, 503][num(random, 2)]
    : [200, 200, 200, 201, 404][num(random, 4)];
  return {
    id: hex(32).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5'),
    event_type: 'log',
    source: kind.source,
    message: kind.message(random),
    level: kind.level,
    tags: {
      host: `node-${num(random, 5)}`,
      pod: `${kind.source}-${'abcdef'[num(random, 5)]}${num(random, 9)}`,
      region: shared.region,
      version: kind.source === 'checkout' && shared.released ? badRelease : '2026.11.2',
      request_id: shared.request_id,
      'http.method': shared.method,
      canary: random() < 0.1,
    },
    payload: {
      duration_ms: failed ? 1000 + num(random, 2500) : 5 + Math.floor(random() ** 3 * 900),
      status,
      request: { path: `/api/v2/${kind.source}`, bytes: num(random, 20_000) },
    },
    timestamp,
    created_at: timestamp,
    created_by: 'shipper',
    trace_id: shared.trace_id,
    span_id: hex(16),
  };
}

function pick() {
  let left = random() * totalWeight;
  return kinds.find((kind) => (left -= kind.weight) <= 0) ?? kinds[0];
}

function num(next, max) {
  return Math.floor(next() * (max + 1));
}

function hex(length) {
  return Array.from({ length }, () => num(random, 15).toString(16)).join('');
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
