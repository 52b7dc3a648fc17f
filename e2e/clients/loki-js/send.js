// Pushes logs as to Loki by winston-loki: node send.js json|proto URL KEY COUNT [PAUSE_MILLIS]
import winston from 'winston';
import LokiTransport from 'winston-loki';

const [form, host, key, count, pause = '0'] = process.argv.slice(2);
const transport = new LokiTransport({
  host,
  json: form === 'json',
  basicAuth: `anything:${key}`,
  labels: { job: `loki-${form}` },
  interval: 0.2,
  replaceTimestamp: false,
  timeout: 5000,
  format: winston.format.printf(({ message }) => message),
  onConnectionError: (error) => console.error(String(error)),
});
// After an error it sends nothing for a minute; a test has not so much time.
transport.batcher.circuitBreakerInterval = 300;
const logger = winston.createLogger({ level: 'debug', transports: [transport] });
for (let number = 0; number < Number(count); number++) {
  logger.warn({ message: `line ${number}`, labels: { number: `n${number % 3}` } });
  if (Number(pause) > 0) await new Promise((resolve) => setTimeout(resolve, Number(pause)));
}
await transport.flush();
await new Promise((resolve) => setTimeout(resolve, 1500));
process.exit(0);
