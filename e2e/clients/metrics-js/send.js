// Sends metrics: node send.js json|proto|grpc URL KEY, or node send.js statsd PORT
const [protocol, url, key] = process.argv.slice(2);
const orders = [0.02, 0.2, 2];

if (protocol === 'statsd') {
  const { default: StatsD } = await import('hot-shots');
  const client = new StatsD({ host: '127.0.0.1', port: Number(url), globalTags: { env: 'e2e' } });
  for (const seconds of orders) {
    client.increment('statsd.orders', 2, { kind: 'book' });
    client.timing('statsd.duration', seconds * 1000);
    client.distribution('statsd.size', seconds);
  }
  client.gauge('statsd.queue', 7);
  client.gaugeDelta('statsd.queue', -3);
  client.set('statsd.users', 'anna');
  client.set('statsd.users', 'ben');
  await new Promise((resolve) => client.close(resolve));
} else {
  await openTelemetry();
}

async function exporter(temporalityPreference) {
  const headers = { authorization: `Bearer ${key}` };
  switch (protocol) {
    case 'json': {
      const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
      return new OTLPMetricExporter({ url, headers, temporalityPreference });
    }
    case 'proto': {
      const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
      return new OTLPMetricExporter({ url, headers, temporalityPreference, compression: 'gzip' });
    }
    default: {
      const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-grpc');
      const { Metadata } = await import('@grpc/grpc-js');
      const metadata = new Metadata();
      metadata.set('authorization', headers.authorization);
      return new OTLPMetricExporter({ url, metadata, temporalityPreference });
    }
  }
}

async function openTelemetry() {
  const sdk = await import('@opentelemetry/sdk-metrics');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { AggregationTemporalityPreference } = await import(
    '@opentelemetry/exporter-metrics-otlp-http'
  );
  const temporality =
    protocol === 'proto'
      ? AggregationTemporalityPreference.DELTA
      : AggregationTemporalityPreference.CUMULATIVE;
  const provider = new sdk.MeterProvider({
    resource: resourceFromAttributes({ 'service.name': `js-${protocol}` }),
    views: [
      {
        instrumentName: 'js.size',
        aggregation: { type: sdk.AggregationType.EXPONENTIAL_HISTOGRAM },
      },
    ],
    readers: [
      new sdk.PeriodicExportingMetricReader({
        exporter: await exporter(temporality),
        exportIntervalMillis: 60_000,
      }),
    ],
  });
  const meter = provider.getMeter('e2e', '1.0.0');
  const counter = meter.createCounter('js.orders');
  const duration = meter.createHistogram('js.duration', { unit: 's' });
  const size = meter.createHistogram('js.size', { unit: 'By' });
  meter.createObservableGauge('js.queue').addCallback((result) => result.observe(4));
  for (let round = 0; round < 2; round++) {
    for (const seconds of orders) {
      counter.add(2, { kind: 'book' });
      duration.record(seconds);
      size.record(seconds * 1000);
    }
    await provider.forceFlush();
  }
  await provider.shutdown();
}
