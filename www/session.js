// As whom the page calls: with a token that was typed, or as the user who signed in. A session's token is nowhere but here.
import { announce, button, byId, emit, make } from "./dom.js";
import { value } from "./fields.js";
import { text } from "./text.js";

const words = text.session;
/** Milliseconds before a session's end in which the page speaks of it: it cannot renew it without the password. */
const NEAR = 600_000;
const TICK = 10_000;

/**
 * @typedef {object} Session
 * @property {string} account
 * @property {string} user
 * @property {string} project as it was typed, a name or an id
 * @property {string} iam the endpoint of IAM
 * @property {string} projectId
 * @property {Date} expiresAt
 * @property {string} token
 */

/**
 * Who has signed in; nothing while the page uses a typed token.
 * @type {Session | undefined}
 */
let current;
/** What was last said of the session's end. */
let said = "";

export const session = () => current;

/** The token that calls take. */
export const token = () => current?.token ?? value("token").trim();

/** What no report may show, wherever it was pasted; `another` is one more. */
export const secrets = (another = "") =>
  [current?.token ?? "", value("token").trim(), value("password"), another].filter(({ length }) => length >= 8);

/** Calls as this session from now on; without one, with the typed token. */
export function callAs(/** @type {Session | undefined} */ next) {
  current = next;
  said = "";
  byId("near-end").replaceChildren();
  look();
}

/** Says that the session's end is near, and then that it has come: each once. */
function look() {
  if (!current) return;
  const left = current.expiresAt.getTime() - Date.now();
  if (left > NEAR) return;
  const now = left > 0 ? words.ends(current.expiresAt) : words.ended(current.expiresAt);
  if (now === said) return;
  said = now;
  const place = byId("near-end");
  // The button stays: it may have the focus.
  if (place.childElementCount > 0) place.querySelector("p").textContent = now;
  else
    place.append(
      make("p", {}, now),
      button(words.again, () => emit("renew"), { class: "small" }),
    );
  announce(now);
}

setInterval(look, TICK);
// A computer that slept has missed its ticks.
document.addEventListener("visibilitychange", look);
