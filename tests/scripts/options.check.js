// What must hold of the checks of texts and addresses, with the patterns of the rules.
import { equal, ok } from "node:assert/strict";
import { Call } from "../../pkg-template/call.js";
import { CHARACTER, GOOD, LONG, NOTHING, OTHER, SHORT } from "../../pkg-template/names.js";
import { Options } from "../../pkg-template/options.js";
import { RULES, rule, shape } from "./rules.js";

export const PROJECT_ID = shape("PROJECT_ID");
export const CREDENTIAL_ID = shape("CREDENTIAL_ID");
export const TOKEN = shape("TOKEN");
export const DESCRIPTION = shape("DESCRIPTION");
const LINE = shape("LINE");
const CODE = shape("CODE");
export const ALLOWED = rule("endpoint.rs", "ALLOWED");

const ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
/** ECMA-262, WhiteSpace and LineTerminator: what `trim` takes away. */
const SPACES =
  "\t\v\f \u00a0\ufeff\n\r\u2028\u2029\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000";

/** Reads a text as an option of that shape. */
export const found = (value, { least, most, other }) =>
  new Options({ option: value }).text("option", least, most, other);

const codePoints = (text) => Array.from(text).length;

/** What is found where so many code points of some kind are wanted. */
function wanted(text, least, most, isGood) {
  if (text.length < least) return SHORT;
  if (codePoints(text) > most) return LONG;
  return isGood(text) ? GOOD : CHARACTER;
}

const isOf = (alphabet) => (text) => [...text].every((character) => alphabet.includes(character));
const isPrintable = (text) => [...text].every((character) => character >= " " && character <= "~");
const isWhole = (text) =>
  Array.from(text).every((character) => codePoints(character) === 1 && !/^[\ud800-\udfff]$/.test(character));

const isLine = (text) => isWhole(text) && [...text].every((character) => character >= " " && character !== "\x7f");

function trimmed(text) {
  let [start, end] = [0, text.length];
  while (start < end && SPACES.includes(text[start])) start += 1;
  while (end > start && SPACES.includes(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** Each rule says of any text what the contract's words say of it. */
export function checkText(text) {
  equal(found(text, PROJECT_ID), wanted(text, 32, 32, isOf(ALPHABET)));
  equal(found(text, CREDENTIAL_ID), wanted(text, 36, 36, isOf(ALPHABET)));
  equal(found(text, DESCRIPTION), wanted(text, 0, 100, isWhole));
  equal(found(text, LINE), wanted(text, 1, 4096, isLine));
  equal(found(text, CODE), wanted(text, 6, 6, isOf("0123456789")));

  // A call takes a token without the white space at its ends.
  const call = new Call({ token: text, timeout: Number.POSITIVE_INFINITY });
  const token = trimmed(text);
  equal(call.options.values.token, token);
  const { least, most, other } = TOKEN;
  equal(call.options.text("token", least, most, other), wanted(token, 1, 65_535, isPrintable));
  call.release();

  // It leaves a password as it is.
  const entering = new Call({ password: text, timeout: Number.POSITIVE_INFINITY }, undefined, ["password"]);
  equal(entering.options.values.password, text);
  entering.release();
}

/** Eight bytes for a number, the rest for a text. */
export function check(data) {
  if (data.length >= 8) checkText(data.subarray(8).toString());
}

/** The rules for an endpoint, asked of what a parser says of it. */
function isAllowed({ protocol, hostname, username, password, href }) {
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  const isSafe = protocol === "https:" || (protocol === "http:" && isLoopback);
  return isSafe && username === "" && password === "" && !/[?#]/.test(href) && !/^[^/]*\/\/[^/]*@/.test(href);
}

/** The address as a parser has it. Node 20's `URL.canParse` refuses some that `new URL` takes. */
function urlOf(text) {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** An address with a scheme is taken exactly if it is allowed, and otherwise breaks one of the rules. */
export function checkEndpoint(text) {
  const options = new Options({ endpoint: text });
  const result = options.endpoint("endpoint", ALLOWED);
  const url = urlOf(text);
  if (!url) {
    equal(result, OTHER);
    return;
  }
  equal(result, isAllowed(url) ? GOOD : CHARACTER, url.href);
  const isBroken = RULES.some(([pattern, isWanted]) => options.endpointHas(pattern) !== isWanted);
  if (result === CHARACTER) ok(isBroken, url.href);
  else equal(options.base, url.href.replace(/\/*$/, ""));
}

/** The text as an id, or else one that is as much like it as an id may be. */
function idOf(text, of) {
  if (found(text, of) === GOOD) return text;
  const bytes = [...Buffer.from(text), ...new Array(of.most).fill(0)].slice(0, of.most);
  const id = bytes.map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  equal(found(id, of), GOOD);
  return id;
}

/** Where a call with these options sends its request. */
export async function addressOf(options, path) {
  let address;
  const fetch = (url) => {
    address = url;
    return { status: 204 };
  };
  const call = new Call({ token: "t", fetch, ...options });
  equal(call.options.endpoint("endpoint", ALLOWED), GOOD);
  await call.send("GET", path, "");
  call.release();
  return address;
}

/** Endpoint, project id and credential id, a line each: a call goes to the endpoint's origin, below its path. */
export async function checkPaths(data) {
  const [endpoint, project = "", ...rest] = data.toString().split("\n");
  checkEndpoint(endpoint);
  const above = urlOf(endpoint);
  if (!above || !isAllowed(above)) return;
  const projectId = idOf(project, PROJECT_ID);
  const credentialId = idOf(rest.join("\n"), CREDENTIAL_ID);
  const keys = `/v1/${projectId}/node-provider/credentials`;
  for (const [name, path] of [
    ["KEYS", keys],
    ["KEY", `${keys}/${credentialId}`],
  ]) {
    const address = await addressOf({ endpoint, projectId, credentialId }, rule("contract.rs", name));
    const url = new URL(address);
    equal(url.href, address, "the parser changed the address");
    equal(url.origin, above.origin);
    equal(url.pathname, above.pathname.replace(/\/*$/, "") + path);
    equal(url.username + url.password + url.search + url.hash, "");
  }
}

/** A text for the options, and lines for a path. */
async function checkBoth(data) {
  check(data);
  await checkPaths(data);
}

export const target = {
  check: checkBoth,
  seeds: ["fuzz/corpus/paths", "fuzz/corpus/options"],
  words: [
    "https://",
    "http://",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "//",
    "/..",
    "@",
    ":",
    "?",
    "#",
    "%2e",
    "\\",
    "\n",
    "\u3000",
  ],
};

export { NOTHING };
