// What schemathesis says of each request that it made: what it was for, which checks it met, what came back.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { operations } from "./description.js";
import { TOKEN } from "./world.js";

/** Reads a report of the form `ndjson`, which a long run makes too large for one string. */
export async function* requests(report) {
  const all = Object.entries(await operations());
  for await (const line of createInterface({ input: createReadStream(report) })) {
    const { cases = {}, checks, interactions } = JSON.parse(line).ScenarioFinished?.recorder ?? {};
    for (const [id, { value: made }] of Object.entries(cases)) {
      const ofPath = all.filter(([, { uri }]) => uri === made.path);
      // What no operation has, the first of its path answers for.
      const [operation] = ofPath.find(([, { method }]) => method === made.method) ?? ofPath[0];
      const { request, response } = interactions[id];
      yield {
        operation,
        scenario: made.meta?.phase.data.scenario ?? undefined,
        token: tokenOf(request),
        checks: (checks[id] ?? []).map(({ name }) => name),
        answer: answerOf(response),
      };
    }
  }
}

const tokenOf = ({ headers }) => {
  const token = headers["X-Auth-Token"];
  if (!token) return "no token";
  return token.join() === TOKEN ? "the token" : "another token";
};

function answerOf({ status_code: status, headers: told, content }) {
  const headers = new Headers(Object.entries(told).flatMap(([name, values]) => values.map((value) => [name, value])));
  const isJson = headers.get("content-type") === "application/json";
  return { status, headers, json: isJson ? JSON.parse(Buffer.from(content.$base64, "base64")) : undefined };
}
