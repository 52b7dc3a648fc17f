// Loads JSON lines into ClickHouse's engine, a statement a batch, and asks it questions:
// node chdb.mjs LINES QUESTIONS STORE BATCH; answers in lines of JSON.
import { Session } from "chdb";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const [lines, questions, store, batch] = process.argv.slice(2);
const session = new Session(store);
const cpu = () => {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1e6;
};
const sleep = (millis) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
const number = (text) => Number(session.query(text, "TabSeparated"));
const say = (name, values) => console.log(JSON.stringify({ name, values }));

function batches(use) {
  const file = openSync(lines, "r");
  const buffer = Buffer.alloc(1 << 22);
  let filled = 0;
  for (;;) {
    const read = readSync(file, buffer, filled, buffer.length - filled, null);
    filled += read;
    let from = 0;
    for (;;) {
      let end = from;
      let count = 0;
      while (count < Number(batch)) {
        const next = buffer.indexOf(10, end);
        if (next < 0 || next >= filled) break;
        end = next + 1;
        count++;
      }
      if (count === 0 || (count < Number(batch) && read > 0)) break;
      use(buffer.latin1Slice(from, end));
      from = end;
    }
    if (read === 0) break;
    buffer.copy(buffer, 0, from, filled);
    filled -= from;
  }
  closeSync(file);
}

session.query("CREATE DATABASE IF NOT EXISTS b");
session.query("SET allow_experimental_full_text_index = 1");
session.query(`CREATE TABLE b.events (
    event_type LowCardinality(String) CODEC(ZSTD(1)), source LowCardinality(String) CODEC(ZSTD(1)),
    level LowCardinality(String) CODEC(ZSTD(1)), timestamp DateTime64(3) CODEC(Delta, ZSTD(1)),
    message String CODEC(ZSTD(1)), trace_id String CODEC(ZSTD(1)),
    tags Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    payload Tuple(duration_ms Float64, user String) CODEC(ZSTD(1)),
    INDEX words message TYPE text(tokenizer = 'splitByNonAlpha'),
    INDEX ids trace_id TYPE bloom_filter(0.01) GRANULARITY 1)
  ENGINE = MergeTree ORDER BY timestamp PARTITION BY toDate(timestamp)`);
console.log(JSON.stringify({ version: session.query("SELECT version()", "TabSeparated").trim() }));

let characters = 0;
let before = cpu();
batches((text) => (characters += text.length));
const reading = cpu() - before;
before = cpu();
batches((text) => session.query(
  "INSERT INTO b.events SETTINGS date_time_input_format = 'best_effort' FORMAT JSONEachRow\n" + text));
for (let quiet = 0, last = cpu(); quiet < 4; ) {
  sleep(500);
  const merges = number("SELECT count() FROM system.merges");
  const now = cpu();
  quiet = merges === 0 && now - last < 0.05 ? quiet + 1 : 0;
  last = now;
}
const used = cpu() - before - reading;
const count = number("SELECT count() FROM b.events");
if (characters === 0 || count === 0) throw new Error("nothing was loaded");
say("EVENTS_IN", [count / used]);
say("BYTES", [number(
  "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'") / count]);
say("RESIDENT", [process.memoryUsage().rss / 1048576]);
for (const { name, texts } of JSON.parse(readFileSync(questions))) {
  for (const text of texts.slice(0, (texts.length + 3) / 4)) session.query(text, "JSONCompact");
  say(name, texts.map((text) => {
    const start = performance.now();
    session.query(text, "JSONCompact");
    return performance.now() - start;
  }));
}
session.cleanup();
