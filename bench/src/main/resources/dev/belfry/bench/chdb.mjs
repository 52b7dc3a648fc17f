// Loads JSON lines into ClickHouse's engine and asks it the questions of the benchmark.
import { Session } from "chdb";
import { execSync } from "node:child_process";

const file = process.argv[2];
const session = new Session("./store");
const cpu = () => {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e6;
};
session.query("CREATE DATABASE IF NOT EXISTS b");
session.query(`CREATE TABLE b.events (event_type LowCardinality(String), source LowCardinality(String),
  level LowCardinality(String), timestamp DateTime64(9), message String, trace_id String,
  tags Map(LowCardinality(String), String), payload Tuple(duration_ms Float64, user String),
  INDEX words message TYPE tokenbf_v1(32768, 3, 0) GRANULARITY 1,
  INDEX ids trace_id TYPE bloom_filter(0.01) GRANULARITY 1)
  ENGINE = MergeTree ORDER BY timestamp PARTITION BY toDate(timestamp)`);
const before = cpu();
session.query(`INSERT INTO b.events SELECT * FROM file('${file}', JSONEachRow,
  'event_type String, source String, level String, timestamp DateTime64(9), message String, trace_id String,
   tags Map(String, String), payload Tuple(duration_ms Float64, user String)')
  SETTINGS date_time_input_format='best_effort', max_insert_block_size=1000, min_insert_block_size_rows=1000,
  min_insert_block_size_bytes=0`);
session.query("OPTIMIZE TABLE b.events FINAL");
const count = Number(session.query("SELECT count() FROM b.events", "TabSeparated"));
const bytes = Number(session.query(
  "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'", "TabSeparated"));
console.log(`chdb, ${count} events: ${Math.round(count / (cpu() - before))} events per CPU-second, ` +
  `${(bytes / count).toFixed(1)} bytes an event`);
const questions = {
  "count by minute and level":
    "SELECT toStartOfMinute(timestamp) t, level, count() FROM b.events GROUP BY t, level",
  "group by a tag": "SELECT tags['host'] h, count() FROM b.events GROUP BY h",
  "p95 of a payload number": "SELECT quantile(0.95)(payload.duration_ms) FROM b.events",
};
for (const [name, text] of Object.entries(questions)) {
  const times = [];
  for (let i = 0; i < 9; i++) {
    const start = performance.now();
    session.query(text, "JSONCompact");
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`chdb ${name}: p50 ${times[4].toFixed(1)} ms`);
}
session.cleanup();
