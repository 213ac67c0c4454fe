// The matrix: each fault in each call, what the server is told of it, and what is right in a place.
import { base64 } from "../support/zip.js";
import { faults } from "./table.js";

export const CALLS = ["create", "delete", "list", "signIn"];

/** Every cell, in any place. `title` names it, `id` its plan; `fault` is its row of the table. */
export const cells = faults.flatMap((fault, row) =>
  CALLS.map((call) => ({ id: `${row}-${call}`, title: `${fault.group}: ${fault.name}: ${call}`, fault, call })),
);

/** What the answer to a sign-in has beside its body; the secret is its token. */
const granting = (secret) => ({
  "X-Subject-Token": secret,
  "Access-Control-Expose-Headers": "X-Subject-Token, X-Request-Id",
});

/** Bytes and texts as a plan takes them. */
function told({ bytes, raw, ...answer }, secret) {
  return {
    ...answer,
    ...(bytes && { base64: base64(bytes), body: undefined }),
    ...(raw && { raw: base64(raw) }),
    ...(answer.body && { body: answer.body.replaceAll("{{secret}}", secret) }),
  };
}

/**
 * The two plans of a cell: its fault's, and that of the call after it.
 * @param {Record<string, Uint8Array>} bodies the good answers' bodies by call
 */
export function plans({ fault, call }, bodies, secret) {
  const headers = call === "signIn" ? granting(secret) : {};
  const good = { bytes: bodies[call], headers };
  const answer = typeof fault.answer === "function" ? fault.answer(good) : fault.answer;
  const whole = { ...good, ...answer, headers: { ...headers, ...answer.headers } };
  const faulty = told({ ...whole, ...("base64" in answer && { bytes: undefined }) }, secret);
  const next = { answers: [told(good, secret)] };
  if (!fault.more.first) return [{ answers: [faulty] }, next];
  const kept = { ...told(good, secret), keepAlive: true };
  return [{ answers: [kept, faulty, kept], preflight: "keep" }, next];
}

/** What a table's entry says of a place and a call, as a list. */
function pick(entry, place, call) {
  if (typeof entry !== "object" || Array.isArray(entry)) return [entry].flat();
  const page = place === "node" ? undefined : entry.page;
  return pick(entry[place] ?? page ?? entry[call] ?? entry.rest, place, call);
}

/** How many requests the server gets if each fetch is one. */
export const ourRequests = ({ answer, more }) => (answer.at ? 0 : more.first ? 2 : 1);

/**
 * What is wrong with a cell: a list, empty when nothing is.
 * @param {object} seen what call.js saw of it
 * @param {object[]} requests what the server saw of it
 */
export function judge({ fault, call }, place, seen, requests) {
  const { expect, more } = fault;
  const wrong = [];
  const check = (what, got, wanted) => {
    if (!wanted.includes(got)) wrong.push(`${what}: ${got}, not ${wanted.join(" or ")}`);
  };
  check("it ended as", seen.got, pick(expect, place, call));
  check("calls of fetch", seen.fetches, [1]);
  check("requests at the server", requests.length, pick(more.requests ?? ourRequests(fault), place, call));
  check("the next call", seen.next, ["ok"]);
  if (more.first) {
    check("the first call", seen.first, ["ok"]);
    check("whether its connection was kept from before", requests[1]?.turn > 0, pick(more.kept, place, call));
  }
  if (more.status && seen.got.startsWith("http/")) check("error.status", seen.status, [more.status]);
  if (seen.leaks.length > 0) wrong.push(`a secret shows: ${seen.leaks.join(", ")}`);
  return wrong;
}
