// Sends logs by the OpenTelemetry JS SDK: node send.js PROTOCOL URL KEY COUNT [PAUSE_MILLIS]
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

const [protocol, url, key, count, pause = '0'] = process.argv.slice(2);
const headers = { authorization: `Bearer ${key}` };

async function exporter() {
  switch (protocol) {
    case 'json': {
      const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-http');
      return new OTLPLogExporter({ url, headers });
    }
    case 'proto': {
      const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-proto');
      return new OTLPLogExporter({ url, headers, compression: 'gzip' });
    }
    default: {
      const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-grpc');
      const { Metadata } = await import('@grpc/grpc-js');
      const metadata = new Metadata();
      metadata.set('authorization', headers.authorization);
      return new OTLPLogExporter({ url, metadata, compression: 'gzip' });
    }
  }
}

const processor = new BatchLogRecordProcessor({
  exporter: await exporter(),
  scheduledDelayMillis: 100,
  exportTimeoutMillis: 30_000,
});
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': `js-${protocol}` }),
  processors: [processor],
});
logs.setGlobalLoggerProvider(provider);
const logger = logs.getLogger('e2e', '1.0.0');
for (let number = 0; number < Number(count); number++) {
  logger.emit({
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    body: `line ${number}`,
    attributes: { number, half: number / 2, ok: true, list: [1, 'two'], nested: { a: 'b' } },
  });
  if (Number(pause) > 0) await new Promise((resolve) => setTimeout(resolve, Number(pause)));
}
await provider.forceFlush();
await provider.shutdown();
