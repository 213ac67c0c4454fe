// The sign-in as IAM's pages have it: "Obtaining a User Token Through Password Authentication" and "… Virtual MFA
// Authentication". The tables there nest, and give no lengths: those are the client's.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { subject } from "../support/consumer.js";
import { CODE, PROJECT, USER } from "./world.js";

export const SIGN_IN = { operation: "signIn", method: "POST", uri: "/v3/auth/tokens", query: "?nocatalog=true" };
export const DEMO = { operation: "openDemo", method: "POST", uri: "/demo/session" };

const row = (at, option, min, max, more) => ({ at, option, mandatory: "Yes", type: "String", min, max, ...more });

/** Each text of a body: where it stands, and which option of the client's it is. */
export const ROWS = [
  row("auth.identity.password.user.domain.name", "account", 1, 4096),
  row("auth.identity.password.user.name", "user", 1, 4096),
  row("auth.identity.password.user.password", "password", 1, 4096),
  row("auth.scope.project.name", "project", 1, 4096),
  row("auth.scope.project.id", "project", 32, 32, { where: "path" }),
  row("auth.identity.totp.user.id", "passcode.userId", 32, 32, { where: "path" }),
];

/** A body of the right user; by the project's id or with a code if asked for. */
export function bodyOf({ byId = false, code } = {}) {
  const { account, user: name, password, project, userId } = USER;
  const identity = { methods: ["password"], password: { user: { name, password, domain: { name: account } } } };
  if (code) {
    identity.methods.push("totp");
    identity.totp = { user: { id: userId, passcode: code } };
  }
  return { auth: { identity, scope: { project: byId ? { id: PROJECT } : { name: project } } } };
}

/** The body that a row of the table stands in. */
export const bodyFor = ({ at }) =>
  bodyOf({ byId: at.endsWith("project.id"), code: at.includes("totp") ? "123456" : undefined });

/** Puts a value at a place of a body; `undefined` takes the place away. */
export function put(body, at, value) {
  const names = at.split(".");
  const last = names.pop();
  const object = names.reduce((part, name) => part[name], body);
  if (value === undefined) delete object[last];
  else object[last] = value;
  return body;
}

export const get = (body, at) => at.split(".").reduce((part, name) => part?.[name], body);

/** Every object within a body, by its place. */
function objects(value, at = []) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => objects(inner, [...at, name]))];
}

const CODED = () => bodyOf({ code: "123456" });
const at = (place, value, body = bodyOf()) => put(body, place, value);

/** Bodies that are a sign-in's. */
export const SHAPES = [
  ["of the page", bodyOf()],
  ["by the project's id", bodyOf({ byId: true })],
  ["with the project's domain", at("auth.scope.project.domain", { name: USER.account })],
  ["with a code", CODED()],
  ["with a code, named first", at("auth.identity.methods", ["totp", "password"], CODED())],
];

/** Bodies that are none. */
export const OTHER_SHAPES = [
  ...objects(CODED()).map((place) => [
    `one more member in ${place.join(".") || "the body"}`,
    at([...place, "more"].join("."), "x", CODED()),
  ]),
  ...objects(CODED()).flatMap((place) =>
    Object.keys(place.reduce((part, name) => part[name], CODED())).map((name) => {
      const inner = [...place, name].join(".");
      return [`no ${inner}`, at(inner, undefined, CODED())];
    }),
  ),
  ...[[], ["totp"], ["token"], ["password", "password"], ["password", "totp"], "password", [1]].map((methods) => [
    `the methods ${JSON.stringify(methods)}`,
    at("auth.identity.methods", methods),
  ]),
  ["a code without its method", at("auth.identity.methods", ["password"], CODED())],
  ["a name and an id of a project", at("auth.scope.project.id", PROJECT)],
  ["a domain of an id", at("auth.scope.project.domain", { name: USER.account }, bodyOf({ byId: true }))],
  ["a domain by its id", at("auth.identity.password.user.domain", { id: PROJECT })],
  ["a user by id", at("auth.identity.password.user.id", USER.userId)],
  ["no scope of a project", at("auth.scope", { domain: { name: USER.account } })],
  ...[null, 7, "x", [], true].map((body) => [`the body ${JSON.stringify(body)}`, body]),
];

const JSON_TYPE = "application/json;charset=utf8";

/** Posts a body to a service. */
export async function post(url, { uri, query = "" }, body, { type = JSON_TYPE, headers = {} } = {}) {
  const sent = { "Content-Type": type, ...headers };
  const response = await fetch(`${url}${uri}${query}`, { method: "POST", headers: sent, body: JSON.stringify(body) });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

export const enter = (url, body, query = SIGN_IN.query) => post(url, { ...SIGN_IN, query }, body);
export const openDemo = (url, headers) => post(url, DEMO, { code: CODE }, { headers });

/** Calls the client with an answer; gives the requests that it sent, and its result or its error. */
export async function call(options, status = 500, body = {}, headers = {}) {
  const load = createRequire(join(subject.modules, "x.js"));
  const { signIn } = load("node-provider-keys/sign-in");
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url: new URL(url), init });
    const all = { "content-type": "application/json", ...headers };
    return new Response(JSON.stringify(body), { status, headers: all });
  };
  const { account, user, password, project } = USER;
  const all = { endpoint: "https://iam.example", account, user, password, project, fetch, ...options };
  const settled = await signIn(all).then(
    (result) => ({ result }),
    (error) => ({ error }),
  );
  if (settled.error && !load("node-provider-keys").isApiKeyError(settled.error)) throw settled.error;
  return { sent, ...settled };
}

/** What an authenticator with the secret `12345678901234567890` shows (RFC 6238). */
export const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
export function codeOf(seconds) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac("sha1", "12345678901234567890").update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
