// The service's creates a second beside bare inserts, or beside itself with another queue of connections that wait:
//   node xtask/bench/service.js --service BIN --limit BIN --load BIN [--rounds N] [--creates N] [--connections N] [--queue N]
// BIN are release builds: the service, and bare_inserts and creates of service/examples. Prints JSON on the last line.
//   --queue N   in place of bare inserts, the service where the system lets no queue be longer than N; for that it has to run
//               in a network namespace of its own, whose limit it sets
import { execFile, spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { parseArgs, promisify } from "node:util";

const { values } = parseArgs({
  options: {
    service: { type: "string" },
    limit: { type: "string" },
    load: { type: "string" },
    rounds: { type: "string", default: "9" },
    creates: { type: "string", default: "2000" },
    connections: { type: "string", default: "64" },
    queue: { type: "string" },
    // Where the databases are: a disk, since a commit into memory costs nothing.
    folder: { type: "string", default: "target" },
  },
});
const PROJECT = "0123456789abcdef0123456789abcdef";
const TOKEN = "a-token-of-the-bench";

const json = async (program, ...args) => JSON.parse((await promisify(execFile)(program, args)).stdout);
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const median = (numbers) => sorted(numbers)[numbers.length >> 1];
const spread = (numbers) => [sorted(numbers)[0], sorted(numbers).at(-1)];
const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const folder = await mkdtemp(join(values.folder, "bench-service-"));
const log = openSync(join(folder, "log"), "w");

async function start(data) {
  const service = spawn(values.service, ["--listen", "127.0.0.1:0", "--data", data, "--project-id", PROJECT], {
    env: { ...process.env, NODE_PROVIDER_TOKEN: TOKEN },
    stdio: ["ignore", "pipe", log],
  });
  const exited = once(service, "exit");
  const ended = exited.then(() => Promise.reject(new Error(`${values.service} does not start`)));
  const [line] = await Promise.race([once(createInterface(service.stdout), "line"), ended]);
  ended.catch(() => {});
  const stop = () => {
    service.kill();
    return exited;
  };
  return { pid: service.pid, address: new URL(line.replace("listening on ", "")).host, stop };
}

// Everything begins with an empty file, grows it by as much before it is measured, and has it alone.
const file = (name) => join(folder, name);
await (await start(file("empty.sqlite"))).stop();

async function bare(perCommit) {
  await copyFile(file("empty.sqlite"), file("bare.sqlite"));
  return json(values.limit, file("bare.sqlite"), values.creates, perCommit);
}

async function served() {
  await copyFile(file("empty.sqlite"), file("keys.sqlite"));
  const { pid, address, stop } = await start(file("keys.sqlite"));
  try {
    const load = () => json(values.load, address, PROJECT, TOKEN, values.connections, values.creates);
    await load();
    const before = cpuSeconds(pid);
    const creates = await load();
    return { ...creates, load_cpu_share: creates.cpu_seconds / (creates.cpu_seconds + cpuSeconds(pid) - before) };
  } finally {
    await stop();
  }
}

/** The service's own queue is as long as the system lets it be, up to its own limit. */
async function queued(most) {
  writeFileSync("/proc/sys/net/core/somaxconn", most);
  return served();
}

async function besideInserts(of, rounds) {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const limit = await bare("1");
    const grouped = await bare(values.connections);
    const creates = await served();
    rounds.push({
      limit,
      grouped,
      creates,
      ratio: creates.per_second / limit.per_second,
      ratio_grouped: creates.per_second / grouped.per_second,
    });
  }
  return {
    creates_per_second: of((round) => round.creates.per_second),
    limit_per_second: of((round) => round.limit.per_second),
    // Each round against the bare inserts right before it.
    ratio: of((round) => round.ratio),
    ratio_spread: spread(rounds.map((round) => round.ratio)),
    ratio_to_grouped_inserts: of((round) => round.ratio_grouped),
    ratio_to_grouped_spread: spread(rounds.map((round) => round.ratio_grouped)),
    p50_ms: of((round) => round.creates.p50_ms),
    p99_ms: of((round) => round.creates.p99_ms),
    p99_to_p50: of((round) => round.creates.p99_ms / round.creates.p50_ms),
    limit_p99_to_p50: of((round) => round.limit.p99_ms / round.limit.p50_ms),
    // Of the processor time that both used: how much the tool took away from what it measures.
    load_cpu_share: of((round) => round.creates.load_cpu_share),
  };
}

async function besideAnotherQueue(of, rounds) {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const short = await queued(values.queue);
    const own = await queued("65535");
    rounds.push({ p99: own.p99_ms / short.p99_ms, rate: own.per_second / short.per_second });
  }
  return {
    p99_ratio: of((round) => round.p99),
    p99_ratio_spread: spread(rounds.map((round) => round.p99)),
    rate_ratio: of((round) => round.rate),
    rate_ratio_spread: spread(rounds.map((round) => round.rate)),
  };
}

try {
  const rounds = [];
  const of = (pick) => median(rounds.map(pick));
  const measured = await (values.queue ? besideAnotherQueue : besideInserts)(of, rounds);
  console.log(JSON.stringify({ ...measured, rounds: rounds.length }));
} finally {
  await rm(folder, { recursive: true });
}
