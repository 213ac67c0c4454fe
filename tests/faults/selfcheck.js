// The matrix tells only as much as its judge and its server do: both must see, and do, what is wrong.
import { connect } from "node:net";
import { within } from "../support/processes.js";
import { cells, judge } from "./cells.js";

const GOOD = { got: "network/unknown", fetches: 1, next: "ok", leaks: [] };
const BAD = {
  "another kind": { got: "http/unknown" },
  "another outcome": { got: "network/rejected" },
  "a success": { got: "ok" },
  "a hang": { got: "no end" },
  "two fetches": { fetches: 2 },
  "no fetch": { fetches: undefined },
  "a next call that fails": { next: "internal/unknown" },
  "a leak": { leaks: [".message"] },
};

function judgeSees() {
  const cell = cells.find(({ fault, call }) => fault.name === "closed within the status line" && call === "create");
  const wrong = (seen, requests) => judge(cell, "node", { ...GOOD, ...seen }, requests).length;
  const blind = Object.keys(BAD).filter((what) => wrong(BAD[what], [{}]) !== 1);
  if (wrong({}, [{}, {}]) !== 1) blind.push("a request too many");
  if (wrong({}, []) !== 1) blind.push("a request too few");
  if (wrong({}, [{}]) !== 0) blind.push("that all is well");
  return blind.length > 0 ? `it does not see ${blind.join(", ")}` : undefined;
}

/** How a connection ends whose answer stops so: as a socket tells. */
function endingOf(rogue, how) {
  const id = `selfcheck-${how}`;
  rogue.plan(id, { answers: [{ body: "0123456789", stop: { at: "body", after: 5, how } }] });
  const { hostname, port } = new URL(rogue.origins[0]);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(`GET /s/${id} HTTP/1.1\r\nHost: rogue\r\n\r\n`));
    socket
      .once("end", () => resolve("end"))
      .once("error", ({ code }) => resolve(code))
      .resume();
    rogue.wait(id, { held: 1 }).then(() => {
      resolve("nothing");
      socket.destroy();
    });
  });
}

async function serverMisbehaves(rogue) {
  const wanted = { close: "end", reset: "ECONNRESET", stall: "nothing" };
  for (const [how, ending] of Object.entries(wanted)) {
    const got = await within(10_000, `a ${how}`, endingOf(rogue, how));
    if (got !== ending) return `a ${how} shows as ${got}`;
  }
  return undefined;
}

/** What these find, as results. */
export async function selfcheck(rogue) {
  const misbehaving = await serverMisbehaves(rogue).catch(({ message }) => message);
  return [
    { title: "the judge sees what is wrong", reason: judgeSees() },
    { title: "the server closes, resets and stalls", reason: misbehaving },
  ];
}
