// Signing in, on every platform: the entry `node-provider-keys/sign-in`.

import { _Call, _keys, ApiKeyError } from "node-provider-keys";
import { NO_TOKEN } from "./sentences.js";
import { SECRETS, sessionOf } from "./session.js";

/** Milliseconds before its end in which a token is replaced. */
const NEAR = 600_000;

const callOf = (options) => new _Call(options, sessionOf, SECRETS);

/** The options to sign in anew; none where a secret is not a function: it is not kept, and a code is good once. */
function renewalOf(options) {
  const hasCode = options.passcode !== undefined;
  const canAsk = SECRETS.slice(0, hasCode ? 2 : 1).every((name) => typeof options[name] === "function");
  // Its members are among the options already.
  return canAsk ? { ...options, passcode: hasCode ? {} : undefined, signal: undefined } : undefined;
}

const ended = () =>
  new ApiKeyError({
    __proto__: null,
    kind: "invalid_argument",
    outcome: "not_sent",
    message:
      "session.token found that its token has ended; nothing was sent: sign in again, or give signIn a function as " +
      "password (and as passcode.code).",
    issues: [{ field: "password", message: "must be a function for a session that signs in anew" }],
  });

export async function signIn(options) {
  let session;
  let pending;

  async function enter(call) {
    const { values } = call.options;
    const renewal = renewalOf(values);
    const answer = await _keys.run("signIn", call, NO_TOKEN);
    const now = Date.now();
    const renewAt = answer.endsAt - Math.min(NEAR, (answer.endsAt - now) / 2);
    session = { ...answer, token: values.token, renewal, renewAt };
  }

  /** Signs in anew, once for all who ask meanwhile. */
  function renew() {
    pending ??= enter(callOf(session.renewal)).finally(() => {
      pending = undefined;
    });
    return pending;
  }

  await enter(callOf(options));
  return Object.freeze({
    get projectId() {
      return session.projectId;
    },
    get expiresAt() {
      return new Date(session.expiresAt);
    },
    async token() {
      const isRefused = _Call.refused === session.token;
      const now = Date.now();
      if (session.renewal) {
        if (isRefused || now >= session.renewAt) await renew();
      } else if (now >= session.endsAt) throw ended();
      return session.token;
    },
  });
}
