// Child processes of a test run: none may outlive it, however it ends.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

const running = new Set();

process.once("exit", killAll);
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.once(signal, () => process.exit(code));
}

function killAll() {
  for (const kill of running) kill();
}

/** Rejects with `what` when `promise` takes more than `milliseconds`. */
export async function within(milliseconds, what, promise) {
  let timer;
  const watchdog = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not done after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, watchdog]);
  } finally {
    clearTimeout(timer);
  }
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((found, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => found(port));
      });
  });
}

/** Registers a process by its number, so that it is killed with the run; call the answer to kill it now. */
export function killLater(pid) {
  const kill = () => {
    running.delete(kill);
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself, or it was never a group.
    }
  };
  running.add(kill);
  return kill;
}

/**
 * Starts a program in a process group of its own and waits until a line of its output matches `ready`.
 * Resolves with the match, everything printed so far (`output()`), `exited`, `stop()` for what should end well, and
 * `kill()` for what ends as it likes.
 */
export async function start(program, args, { ready, env, cwd, limit = 30_000 }) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let failed;
  const exited = new Promise((resolve) => {
    child.once("error", (error) => {
      failed = error;
      resolve(null);
    });
    child.once("exit", (code) => resolve(code));
  });
  const matched = new Promise((resolve) => {
    const listen = (chunk) => {
      output += chunk;
      const match = ready.exec(output);
      if (match) resolve(match);
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
  });
  const kill = child.pid ? killLater(-child.pid) : () => {};
  const stop = async () => {
    child.kill("SIGTERM");
    try {
      return await within(10_000, `${program} after SIGTERM`, exited);
    } finally {
      kill();
    }
  };
  const ended = exited.then((code) => {
    throw new Error(`${program} ended before it was ready (${failed?.message ?? `exit code ${code}`}):\n${output}`);
  });
  try {
    const match = await within(limit, `${program} to be ready`, Promise.race([matched, ended]));
    ended.catch(() => {});
    return { match, output: () => output, exited, stop, kill };
  } catch (error) {
    kill();
    throw error;
  }
}
