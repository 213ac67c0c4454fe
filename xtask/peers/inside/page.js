// The calls of all clients for one row, in a page: each client's one after another, the clients side by side.
import { act } from "./act.js";

let text = "";
for (const name of ["debug", "error", "info", "log", "warn"]) {
  console[name] = (...values) => {
    for (const value of values) text += `${String(value)}\n${value?.stack ?? ""}\n`;
  };
}

/** @param {Record<string, { connect: Function }>} clients by file */
export function offer(clients) {
  const all = async (file, tasks) => {
    const seen = [];
    for (const task of tasks) seen.push(await act(file, clients[file].connect, task, { written: () => text }));
    return [file, seen];
  };
  globalThis.measure = async (work) =>
    Object.fromEntries(await Promise.all(Object.entries(work).map(([file, tasks]) => all(file, tasks))));
}
