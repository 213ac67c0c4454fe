// The service's reading of a row: over HTTP, and by which callers it can be started for.
import { request } from "node:http";
import { assert } from "chai";
import { PAGES } from "./pages.js";
import { CREDENTIAL, PROJECT, TOKEN, spoilt, usual, withService } from "./world.js";

/** The request was done, or would have been if there were such a key. */
const assertUnderstood = ({ status, json }) => {
  if (status !== 200) assert.deepEqual([status, json?.error_code], [404, "BCS.03404001"]);
};

/** Sends one request of a page; `values` by the names of its tables, an absent one is left out. */
export async function send(url, page, values = {}) {
  const all = { project_id: PROJECT, credential_id: CREDENTIAL, "X-Auth-Token": TOKEN, ...values };
  const query = new URLSearchParams();
  const headers = {};
  const body = { ...page.exampleRequest };
  for (const { in: where, rows } of page.tables) {
    for (const { parameter } of rows) {
      if (!(parameter in all)) continue;
      const value = all[parameter];
      if (where === "body" && value === undefined) delete body[parameter];
      else if (where === "body") body[parameter] = value;
      if (where === "query" && value !== undefined) query.set(parameter, value);
      if (where === "header" && value !== undefined) headers[parameter] = value;
    }
  }
  const path = page.uri.replace(/\{(\w+)\}/g, (_, name) => all[name] ?? "");
  const content = page.method === "POST" ? { body: JSON.stringify(body) } : {};
  const target = `${url}${path}${query.size > 0 ? `?${query}` : ""}`;
  const response = await fetch(target, { method: page.method, headers, ...content });
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** The id of the newest key. */
export async function anyKey() {
  const { json } = await send(
    usual().url,
    PAGES.find(({ operation }) => operation === "listApiKeys"),
  );
  return json.credentials[0].id;
}

/** A value of a request is understood, or refused as bad input or as a stranger's. */
export async function checkRequest(page, table, { parameter }, { value, fits, otherType }) {
  // A path and a header are text, whatever it says.
  if (otherType && ["path", "header"].includes(table.in)) return;
  const caller = { project_id: "projectId", "X-Auth-Token": "token" }[parameter];
  if (fits && caller) {
    const answer = await withService({ [caller]: value }, ({ url }) => send(url, page, { [parameter]: value }));
    return assertUnderstood(answer);
  }
  const answer = await send(usual().url, page, { [parameter]: value });
  if (fits) return assertUnderstood(answer);
  // Without its last part a path is another one.
  if (parameter === "credential_id" && value === undefined) return assert.equal(answer.status, 404);
  assert.equal(answer.status, caller ? 401 : 400);
  if (caller && value !== undefined) {
    const { error } = await withService({ [caller]: value }, () => {}).then(
      () => ({}),
      (error) => ({ error }),
    );
    assert.match(error?.message, /exit code 2/, "no service is to be had for such a caller");
  }
}

/** The error of a status, made to happen. */
async function fail(page, status) {
  if (status === 401) return send(usual().url, page, { "X-Auth-Token": "another" });
  if (status === 500) return send((await spoilt()).url, page);
  const [parameter, value] = {
    createApiKey: ["description", 7],
    deleteApiKey: ["credential_id", "short"],
    listApiKeys: ["limit", 0],
  }[page.operation];
  return send(usual().url, page, { [parameter]: value });
}

/** A field of an answer is there, of the type and within the limits of its row. */
function checkField({ parameter, type, min = 0, max = Infinity }, value) {
  // The tables say that `code` is a String, every example shows a number.
  const given = parameter === "code" ? `${value}` : value;
  assert.typeOf(given, type === "Integer" ? "number" : "string");
  const size = type === "Integer" ? given : [...given].length;
  assert.isAtLeast(size, min);
  assert.isAtMost(size, max);
}

/** The service's own error has the row's field. */
export async function checkError(page, { status }, row) {
  const answer = await fail(page, status);
  assert.equal(answer.status, status);
  checkField(row, answer.json[row.parameter]);
}

/** The service's own list has the row's field. */
export async function checkList(page, table, row) {
  const { json } = await send(usual().url, page);
  assert.isNotEmpty(json.credentials);
  checkField(row, (table.in === "key" ? json.credentials[0] : json)[row.parameter]);
}

/** The service answers with the status, and with its example where it says more than that there is a file. */
export async function checkStatus(page, status) {
  if (status !== "200") {
    const answer = await fail(page, Number(status));
    assert.equal(answer.status, Number(status));
    assert.deepEqual(answer.json, page.exampleAnswers[status]);
  } else if (page.operation === "createApiKey") {
    const { status: given, text } = await send(usual().url, page);
    assert.equal(given, 200);
    assert.equal(text.slice(0, 2), page.exampleAnswers[200].slice(0, 2));
  } else if (page.operation === "deleteApiKey") {
    const { json } = await send(usual().url, page, { credential_id: await anyKey() });
    assert.strictEqual(json, page.exampleAnswers[200]);
  } else {
    assert.equal((await send(usual().url, page)).status, 200);
  }
}

const LONG = "a".repeat(200_000);

/** How the statuses come about that need a request which fetch would not send; the same for every path. */
export const RAW = {
  400: (page) => raw(page, { headers: { "content-length": "none" } }),
  403: (page) => raw(page, { headers: { host: "rebound.test" } }),
  405: (page) => raw(page, { method: "PUT" }),
  414: (page) => raw(page, { query: `?offset=${LONG.slice(0, 66_000)}` }),
  431: (page) => raw(page, { headers: { "x-other": LONG } }),
};

/** What fetch would not send. */
function raw(page, { method = page.method, query = "", headers = {} }) {
  const path = page.uri.replace(/\{\w+\}/g, "a");
  return new Promise((done, fail) => {
    const options = { method, headers: { "X-Auth-Token": TOKEN, ...headers } };
    request(`${usual().url}${path}${query}`, options, (response) => {
      let text = "";
      response
        .setEncoding("utf8")
        .on("data", (chunk) => {
          text += chunk;
        })
        .on("end", () => {
          done({ status: response.statusCode, headers: new Headers(response.headers), json: JSON.parse(text) });
        });
    })
      .once("error", fail)
      .end();
  });
}

/** Only for a hang. */
const OVERLOAD_LIMIT = 60_000;

/** Asks `count` times at once, and again, until an answer says that there is too much to do. */
export async function overload(count, ask) {
  const until = Date.now() + OVERLOAD_LIMIT;
  let busy;
  const insist = async () => {
    while (!busy && Date.now() < until) {
      const answer = await ask();
      if (answer.status === 503) busy = answer;
    }
  };
  await Promise.all(Array.from({ length: count }, insist));
  assert.isDefined(busy, "no answer was a 503");
  return busy;
}
