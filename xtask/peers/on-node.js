// A row of a client on Node: its calls, in a process of their own.
import { fork } from "node:child_process";
import { judge } from "./world.js";

/** Runs inside/node.js in the project. */
function inChild(folder, config) {
  return new Promise((done, reject) => {
    const child = fork("measure/inside/node.js", {
      cwd: folder,
      env: { ...process.env, NPK_PEERS: JSON.stringify(config) },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-2_000);
    });
    child.once("message", done);
    child.once("close", (code, signal) => reject(new Error(`${config.file} ended with ${signal ?? code}: ${said}`)));
  });
}

export async function measureOnNode(world, folder, row, client) {
  const { secrets, prepared } = await world.casesOf(row, client);
  const { seen, kept, error } = await inChild(folder, {
    file: client.file,
    tasks: prepared.map(({ task }) => task),
    together: row.isSlow,
    contexts: row.contexts,
    secrets: row.looksForSecrets ? secrets : undefined,
  });
  if (error) throw new Error(error);
  return judge(row, client, prepared, seen, kept);
}
