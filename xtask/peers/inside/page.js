// The calls of all clients for one row, in a page: the clients side by side.
import { actAll } from "./act.js";

let text = "";
for (const name of ["debug", "error", "info", "log", "warn"]) {
  console[name] = (...values) => {
    for (const value of values) text += `${String(value)}\n${value?.stack ?? ""}\n`;
  };
}

/** @param {Record<string, { connect: Function }>} clients by file */
export function offer(clients) {
  const all = async (file, tasks, together) => [
    file,
    await actAll(file, clients[file].connect, tasks, together, { written: () => text }),
  ];
  globalThis.measure = async (work, together) =>
    Object.fromEntries(await Promise.all(Object.entries(work).map(([file, tasks]) => all(file, tasks, together))));
}
