// Sends logs: node send.js elastic|splunk|datadog URL KEY COUNT [PAUSE_MILLIS]
const [client, url, key, count, pause = '0'] = process.argv.slice(2);

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function* documents() {
  for (let number = 0; number < Number(count); number++) {
    yield {
      '@timestamp': new Date().toISOString(),
      'log.level': 'warn',
      message: `line ${number}`,
      number,
      nested: { a: ['b'] },
    };
    if (Number(pause) > 0) await sleep(Number(pause));
  }
}

async function elastic() {
  const { Client } = await import('@elastic/elasticsearch');
  const node = new Client({
    node: url,
    auth: { apiKey: { id: 'e2e', api_key: key } },
    maxRetries: 200,
    retryOnTimeout: true,
    retryBackoff: () => 0.2,
    compression: true,
  });
  const info = await node.info();
  if (!info.version.number.startsWith('8.')) throw new Error(info.version.number);
  const result = await node.helpers.bulk({
    datasource: documents(),
    flushBytes: 2_000,
    flushInterval: 100,
    concurrency: 2,
    retries: 100,
    wait: 200,
    onDocument: () => ({ create: { _index: 'js-elastic' } }),
    onDrop: (dropped) => console.error('dropped', JSON.stringify(dropped)),
  });
  console.error(JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} failed`);
}

async function splunk() {
  const { default: library } = await import('splunk-logging');
  const logger = new library.Logger({ token: key, url, maxRetries: 50, maxBatchCount: 10 });
  logger.error = (error) => console.error(String(error));
  for await (const document of documents()) {
    logger.send({
      message: document.message,
      severity: 'error',
      metadata: { source: 'js-splunk', sourcetype: 'httpevent', host: 'web-1' },
    });
  }
  await new Promise((resolve, reject) =>
    logger.flush((error, response, body) =>
      !error || body?.code === 5 ? resolve() : reject(error),
    ),
  );
}

async function datadog() {
  const { client: core, v2 } = await import('@datadog/datadog-api-client');
  const configuration = core.createConfiguration({
    authMethods: { apiKeyAuth: key },
    baseServer: new core.BaseServerConfiguration(url, {}),
    enableRetry: true,
  });
  const api = new v2.LogsApi(configuration);
  for await (const document of documents()) {
    await api.submitLog({
      contentEncoding: 'gzip',
      ddtags: 'team:e2e',
      body: [
        {
          message: document.message,
          service: 'js-datadog',
          ddsource: 'nodejs',
          hostname: 'web-1',
          ddtags: 'env:test',
          additionalProperties: { status: 'error', number: String(document.number) },
        },
      ],
    });
  }
}

await { elastic, splunk, datadog }[client]();
