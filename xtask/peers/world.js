// A server that misbehaves as each case has it, and what the cases of a client are told.
import { randomBytes } from "node:crypto";
import { startRogue } from "../../tests/support/rogue.js";
import { madeKey } from "./answers.js";

/** Origins: browsers keep to a few connections each, and some cases hold theirs. */
const ORIGINS = 120;
/** Milliseconds in which a call ends whose server does its part, repetitions included. */
const PATIENCE = 40_000;

/** @param {(request: object) => Promise<object | null>} [serve] answers what is no case */
export async function openWorld(serve) {
  const rogue = await startRogue({ ports: ORIGINS, serve });
  let count = 0;

  /** Prepares one case: what the place is told, and what the judge gets beside what was seen. */
  function prepare({ call, answers, id, limit, patience = PATIENCE, address, ...rest }, token) {
    count += 1;
    const name = `case${count}`;
    // The last is the other origin of redirects.
    const port = count % (ORIGINS - 1);
    rogue.plan(name, { answers, preflight: "any" });
    const base = `/s/${name}`;
    const origin = address === "refused" ? rogue.refused : rogue.origins[port];
    const task = {
      call,
      id,
      limit,
      patience,
      token,
      endpoint: origin + base,
      warm: `${rogue.origins[0]}/control/log/warm`,
    };
    return { task, known: () => ({ token, port, base, ...rest, requests: rogue.log(name).requests }) };
  }

  return {
    origin: rogue.origins[0],
    close: () => rogue.close(),
    /** The cases of `row` for `client`, each with a token of its own. */
    async casesOf(row, client) {
      const secrets = { token: randomBytes(600).toString("base64"), key: randomBytes(48).toString("base64url") };
      const cases = await row.cases(client, { made: await madeKey(client, secrets.key), token: secrets.token });
      const prepared = cases.map(({ token = secrets.token, ...rest }) => prepare(rest, token));
      return { secrets, prepared };
    },
  };
}

/** A case in a line, for who looks at one client. */
function tell({ what, ended, fields, shown, requests }) {
  const error = fields?.message
    ? `: ${[fields.name, fields.message].join(" ").replaceAll(/\s+/g, " ").slice(0, 100)}`
    : "";
  const forms = shown?.length ? `; shown by ${shown.join(", ")}` : "";
  return `${what}: ${ended ?? "seen"}, ${requests.length} sent${forms}${error}`;
}

/** What the judge says of what was seen. */
export function judge(row, client, prepared, seen, kept) {
  // A row that counts sees all its cases at once.
  const results = prepared.map(({ known }, at) => ({ ...(row.contexts ? seen[0] : seen[at]), ...known() }));
  const verdict = row.judge(client, results, kept);
  return { cases: results.map(tell), ...(typeof verdict === "string" ? { cell: verdict } : verdict) };
}
