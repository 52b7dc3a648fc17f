/** One file or command of a way to send. */
export interface Snippet {
  /** Where it goes: a file's name, or what to do with it. */
  title: string;
  code: string;
}

/** A way to send events. */
export interface Way {
  id: string;
  name: string;
  /** What it is for, in a sentence. */
  about: string;
  snippets: Snippet[];
}

/** Stands in the snippets until there is a key. */
export const keyPlaceholder = 'YOUR_API_KEY';

interface Server {
  origin: string;
  host: string;
  port: string;
  tls: boolean;
}

/** Ways to send to the Belfry at `origin`, with `key` in them. */
export function waysToSend(origin: string, key: string | null): Way[] {
  const url = new URL(origin);
  const tls = url.protocol === 'https:';
  const port = url.port || (tls ? '443' : '80');
  const server = { origin: url.origin, host: url.hostname, port, tls };
  const token = key ?? keyPlaceholder;
  return [
    curl(server, token),
    javaAgent(server, token),
    javaScript(server, token),
    python(server, token),
    collector(server, token),
    fluentBit(server, token),
    rsyslog(server, token),
    filebeat(server, token),
    alloy(server, token),
    prometheus(server, token),
  ];
}

function curl({ origin }: Server, key: string): Way {
  return {
    id: 'curl',
    name: 'curl',
    about: 'One event from a shell. An array, or one JSON object a line, sends many at once.',
    snippets: [
      {
        title: 'Run in a terminal',
        code: `curl ${origin}/api/v1/monitoring/events \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"event_type": "log", "source": "my-shell", "level": "info",
       "message": "Hello from curl", "tags": {"host": "'"$(hostname)"'"}}'`,
      },
    ],
  };
}

function javaAgent({ origin }: Server, key: string): Way {
  return {
    id: 'java',
    name: 'Java agent',
    about: 'Logs of any Java program, by the OpenTelemetry agent, without a change to its code.',
    snippets: [
      {
        title: 'Run in a terminal',
        code: `curl -sSLO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar

export OTEL_SERVICE_NAME=my-service
export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer ${key}"
export OTEL_LOGS_EXPORTER=otlp
export OTEL_TRACES_EXPORTER=none
export OTEL_METRICS_EXPORTER=none

java -javaagent:opentelemetry-javaagent.jar -jar my-service.jar`,
      },
    ],
  };
}

function javaScript({ origin }: Server, key: string): Way {
  return {
    id: 'javascript',
    name: 'JavaScript',
    about: 'From Node.js, by the OpenTelemetry SDK.',
    snippets: [
      {
        title: 'Install',
        code: 'npm install @opentelemetry/sdk-logs @opentelemetry/exporter-logs-otlp-http @opentelemetry/resources',
      },
      {
        title: 'hello.mjs, run with: node hello.mjs',
        code: `import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

const exporter = new OTLPLogExporter({
  url: '${origin}/v1/logs',
  headers: { Authorization: 'Bearer ${key}' },
});
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': 'my-node-service' }),
  processors: [new BatchLogRecordProcessor({ exporter })],
});

provider.getLogger('hello').emit({
  severityNumber: 9,
  severityText: 'INFO',
  body: 'Hello from JavaScript',
  attributes: { host: process.platform },
});

await provider.shutdown();`,
      },
    ],
  };
}

function python({ origin }: Server, key: string): Way {
  return {
    id: 'python',
    name: 'Python',
    about: 'A handler for the logging module; it needs nothing but the standard library.',
    snippets: [
      {
        title: 'hello.py, run with: python3 hello.py',
        code: `import json, logging, socket, urllib.request

class BelfryHandler(logging.Handler):
    def emit(self, record):
        event = {
            "event_type": "log",
            "source": "my-python-service",
            "level": record.levelname.lower(),
            "message": self.format(record),
            "tags": {"host": socket.gethostname(), "logger": record.name},
        }
        request = urllib.request.Request(
            "${origin}/api/v1/monitoring/events",
            data=json.dumps(event).encode(),
            headers={
                "Authorization": "Bearer ${key}",
                "Content-Type": "application/json",
            },
        )
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except OSError:
            self.handleError(record)

logging.basicConfig(level=logging.INFO, handlers=[BelfryHandler()])
logging.info("Hello from Python")`,
      },
    ],
  };
}

function collector({ origin }: Server, key: string): Way {
  return {
    id: 'collector',
    name: 'Collector',
    about: 'From the OpenTelemetry Collector, for everything that it can receive.',
    snippets: [
      {
        title: 'collector.yaml',
        code: `receivers:
  otlp:
    protocols:
      grpc: { endpoint: "127.0.0.1:14317" }
      http: { endpoint: "127.0.0.1:14318" }
  filelog:
    include: [/var/log/*.log]
    include_file_path: true

processors:
  batch: {}

exporters:
  otlphttp/belfry:
    endpoint: ${origin}
    headers:
      Authorization: "Bearer ${key}"

service:
  pipelines:
    logs:
      receivers: [otlp, filelog]
      processors: [batch]
      exporters: [otlphttp/belfry]`,
      },
    ],
  };
}

function prometheus({ origin }: Server, key: string): Way {
  return {
    id: 'prometheus',
    name: 'Prometheus',
    about:
      'Metrics of a Prometheus that you have, by remote write. They are no events: look under Metrics, Catalogue.',
    snippets: [
      {
        title: 'prometheus.yml',
        code: `remote_write:
  - url: ${origin}/api/v1/write
    authorization:
      credentials: ${key}`,
      },
    ],
  };
}

function fluentBit({ host, port, tls }: Server, key: string): Way {
  return {
    id: 'fluent-bit',
    name: 'Fluent Bit',
    about:
      'From files, containers and the journal of systemd, by Fluent Bit’s OpenTelemetry output.',
    snippets: [
      {
        title: 'fluent-bit.yaml, run with: fluent-bit -c fluent-bit.yaml',
        code: `pipeline:
  inputs:
    - name: tail
      path: /var/log/*.log
      tag: logs
      processors:
        logs:
          - name: opentelemetry_envelope
          - name: content_modifier
            context: otel_resource_attributes
            action: upsert
            key: service.name
            value: my-host
  outputs:
    - name: opentelemetry
      match: "*"
      host: ${host}
      port: ${port}
      tls: ${tls ? 'on' : 'off'}
      logs_uri: /v1/logs
      logs_body_key: log
      header:
        - Authorization Bearer ${key}`,
      },
    ],
  };
}

function rsyslog({ host, port, tls }: Server, key: string): Way {
  return {
    id: 'rsyslog',
    name: 'rsyslog',
    about:
      'The system’s own log, by rsyslog’s Elasticsearch output; it waits and repeats while Belfry is away.',
    snippets: [
      { title: 'Install', code: 'sudo apt-get install rsyslog rsyslog-elasticsearch' },
      {
        title: '/etc/rsyslog.d/60-belfry.conf, then: sudo systemctl restart rsyslog',
        code: `module(load="omelasticsearch")

template(name="belfry" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="source" name="programname" format="jsonf")
  property(outname="level" name="syslogseverity-text" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
}

action(type="omelasticsearch" server="${host}" serverport="${port}" usehttps="${tls ? 'on' : 'off'}"
  uid="key" pwd="${key}"
  searchIndex="syslog" searchType="" bulkmode="on" template="belfry"
  action.resumeRetryCount="-1" queue.type="LinkedList" queue.filename="belfry" queue.saveOnShutdown="on")`,
      },
    ],
  };
}

function filebeat({ origin }: Server, key: string): Way {
  return {
    id: 'filebeat',
    name: 'Filebeat',
    about: 'From Elastic’s Filebeat, which takes Belfry for an Elasticsearch.',
    snippets: [
      {
        title: 'filebeat.yml',
        code: `filebeat.inputs:
  - type: filestream
    id: logs
    paths: [/var/log/*.log]

output.elasticsearch:
  hosts: ["${origin}"]
  api_key: "belfry:${key}"

setup.template.enabled: false
setup.ilm.enabled: false`,
      },
    ],
  };
}

function alloy({ origin }: Server, key: string): Way {
  return {
    id: 'alloy',
    name: 'Alloy (Docker)',
    about: 'The logs of all Docker containers, by Grafana Alloy, which takes Belfry for a Loki.',
    snippets: [
      {
        title: 'config.alloy',
        code: `discovery.docker "containers" {
  host = "unix:///var/run/docker.sock"
}

discovery.relabel "names" {
  targets = discovery.docker.containers.targets
  rule {
    source_labels = ["__meta_docker_container_name"]
    regex         = "/(.*)"
    target_label  = "service_name"
  }
}

loki.source.docker "containers" {
  host       = "unix:///var/run/docker.sock"
  targets    = discovery.relabel.names.output
  forward_to = [loki.write.belfry.receiver]
}

loki.write "belfry" {
  endpoint {
    url          = "${origin}/loki/api/v1/push"
    bearer_token = "${key}"
  }
}`,
      },
    ],
  };
}
