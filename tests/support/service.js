// The local service as a child process.
import { existsSync } from "node:fs";
import { start } from "./processes.js";

/**
 * Starts the service on a free port and waits for its address.
 * @param {{ binary: string, data: string, token: string, projectId: string, args?: string[], env?: Record<string, string> }} options
 * @returns {Promise<{ url: string, output: () => string, stop: () => Promise<number | null> }>}
 *   `stop` sends SIGTERM and resolves with the exit code.
 */
export async function startService({ binary, data, token, projectId, args = [], env = {} }) {
  if (!existsSync(binary)) {
    throw new Error(`The service is not at ${binary}: build it with "cargo build -p node-provider-service".`);
  }
  const { match, output, stop } = await start(
    binary,
    ["--listen", "127.0.0.1:0", "--data", data, "--project-id", projectId, ...args],
    { ready: /^listening on (http:\/\/\S+)\s*$/m, env: { NODE_PROVIDER_TOKEN: token, ...env } },
  );
  return { url: match[1], output, stop };
}
