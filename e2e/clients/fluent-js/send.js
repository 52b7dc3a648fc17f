// Sends records: node send.js MODE PORT SHARED_KEY|- COUNT PAUSE_MILLIS; says "half" when half was acknowledged.
// MODE: Message, Forward, PackedForward, CompressedPackedForward (@fluent-org/logger), or logger (fluent-logger).
const [mode, port, key, count, pause] = process.argv.slice(2);

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function forward() {
  const { default: fluent } = await import('@fluent-org/logger');
  const { FluentClient } = fluent;
  const client = new FluentClient('js', {
    eventMode: mode,
    socket: { host: '127.0.0.1', port: Number(port), reconnect: { backoff: 1.2, delay: 100, maxDelay: 500 } },
    security: key === '-' ? undefined : { clientHostname: 'e2e', sharedKey: key },
    ack: { ackTimeout: 3_000 },
    flushInterval: 20,
    eventRetry: { attempts: 100, backoff: 1.2, delay: 100, maxDelay: 500 },
  });
  client.socketOn('error', (error) => console.error(String(error)));
  let acknowledged = 0;
  const all = [];
  for (let number = 0; number < Number(count); number++) {
    const record = { message: `line ${number}`, level: 'warn', number, nested: { a: ['b'] } };
    all.push(
      client.emit(mode, record, new Date()).then(() => {
        if (++acknowledged === Math.floor(Number(count) / 2)) console.log('half');
      }),
    );
    if (Number(pause) > 0) await sleep(Number(pause));
  }
  await Promise.all(all);
  await client.shutdown();
}

async function logger() {
  const { default: library } = await import('fluent-logger');
  const sender = library.createFluentSender('js', {
    host: '127.0.0.1',
    port: Number(port),
    timeout: 3,
    reconnectInterval: 200,
    requireAckResponse: true,
    ...(key === '-' ? {} : { security: { clientHostname: 'e2e', sharedKey: key } }),
  });
  sender.on('error', (error) => console.error(String(error)));
  const emitted = [];
  for (let number = 0; number < Number(count); number++) {
    const record = { message: `line ${number}`, level: 'warn', number, nested: { a: ['b'] } };
    emitted.push(
      new Promise((resolve, reject) =>
        sender.emit(mode, record, (error) => (error ? reject(error) : resolve())),
      ),
    );
  }
  await Promise.all(emitted);
  sender.end();
}

await (mode === 'logger' ? logger() : forward());
