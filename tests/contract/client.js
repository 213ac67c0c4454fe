// The client's reading of a row: its public functions, with a fetch that records and answers.
import { createRequire } from "node:module";
import { join } from "node:path";
import { assert } from "chai";
import { subject } from "../support/consumer.js";
import { CREDENTIAL, PROJECT, TOKEN } from "./world.js";

const keys = () => createRequire(join(subject.modules, "x.js"))("node-provider-keys");

/** How the client names what the tables name. */
export const OPTIONS = {
  project_id: "projectId",
  credential_id: "credentialId",
  "X-Auth-Token": "token",
  description: "description",
  offset: "offset",
  limit: "limit",
};
const ERROR_FIELDS = { code: "code", error_code: "errorCode", error_msg: "errorMsg", message: "detail" };
const KEY_FIELDS = { id: "id", description: "description", create_time: "createTime", update_time: "updateTime" };
const OUTCOMES = { 400: "rejected", 401: "rejected", 500: "unknown" };

const ENDPOINT = "https://api.example";
const LEGAL = {
  createApiKey: {},
  deleteApiKey: { credentialId: CREDENTIAL },
  listApiKeys: {},
};

/** Calls the client; gives what it sent, and its result or its error. */
async function call(operation, options, status, body) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url: new URL(url), init });
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  };
  const all = { endpoint: ENDPOINT, projectId: PROJECT, token: TOKEN, maxErrorBytes: 1 << 20, fetch };
  const settled = await keys()
    [operation]({ ...all, ...LEGAL[operation], ...options })
    .then(
      (result) => ({ result }),
      (error) => ({ error }),
    );
  if (settled.error) assert.isTrue(keys().isApiKeyError(settled.error), String(settled.error));
  return { sent, ...settled };
}

/** Where a value of a table stands in what was sent. */
function found(page, table, { parameter }, { url, init }) {
  if (table.in === "header") return new Headers(init.headers).get(parameter);
  if (table.in === "query") return url.searchParams.get(parameter);
  if (table.in === "body") return JSON.parse(init.body)[parameter];
  const at = page.uri.split("/").indexOf(`{${parameter}}`);
  return url.pathname.split("/")[at];
}

/** A value of a request is sent as it is, or refused by name before anything is sent. */
export async function checkRequest(page, table, row, { value, fits }) {
  const option = OPTIONS[row.parameter];
  const { sent, error } = await call(page.operation, { [option]: value }, 500, {});
  if (fits) {
    assert.lengthOf(sent, 1);
    assert.equal(sent[0].init.method, page.method);
    const there = found(page, table, row, sent[0]) ?? undefined;
    assert.equal(there, table.in === "query" && value !== undefined ? `${value}` : value);
  } else {
    assert.lengthOf(sent, 0);
    assert.deepInclude(error, { kind: "invalid_argument", outcome: "not_sent" });
    assert.deepEqual(
      error.issues.map(({ field }) => field),
      [option],
    );
  }
}

/** Whatever an error's field holds, the call fails as its status says; what fits is told as it is. */
export async function checkError(page, { status }, { parameter }, { value, fits }) {
  const body = { ...page.exampleAnswers[status], [parameter]: value };
  const { sent, error } = await call(page.operation, {}, status, body);
  assert.lengthOf(sent, 1);
  assert.deepInclude(error, { kind: "http", status, outcome: OUTCOMES[status] });
  if (fits) assert.equal(error[ERROR_FIELDS[parameter]], value);
}

/** What fits in a list is told as it is; what does not can do no more than fail the call. */
export async function checkList(page, table, { parameter }, { value, fits }) {
  const key = { id: CREDENTIAL, description: "a", create_time: "b", update_time: "c" };
  const body = { credentials: [key], count: 1 };
  (table.in === "key" ? key : body)[parameter] = value;
  const { result, error } = await call(page.operation, {}, 200, body);
  if (!fits) return assert.isTrue(result !== undefined || error.kind === "unexpected_response");
  if (table.in === "list") return assert.equal(result.count, value);
  return assert.equal(result.keys[0][KEY_FIELDS[parameter]], value);
}

/** The example of a status is taken for what it is. */
export async function checkStatus(page, status) {
  const { result, error } = await call(page.operation, {}, Number(status), page.exampleAnswers[status]);
  if (status !== "200") {
    const example = page.exampleAnswers[status];
    assert.deepInclude(error, { kind: "http", status: Number(status), outcome: OUTCOMES[status] });
    for (const [theirs, ours] of Object.entries(ERROR_FIELDS)) assert.equal(error[ours], `${example[theirs]}`);
  } else if (page.operation === "deleteApiKey") {
    assert.isUndefined(error);
    assert.isUndefined(result);
  } else {
    // "PKXXX" is the beginning of a file, not one: its bytes are kept, and the call says that it is not whole.
    assert.equal(error.kind, "unexpected_response");
  }
}
