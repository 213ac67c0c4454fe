// What a sign-in has that other calls have not.

import { isMatch, own } from "./own.js";

/** The options that no text may quote. */
export const SECRETS = ["password", "passcode.code"];

const PROJECT_ID = /^[\w-]{32}$/;

/** What the answer says of its token; undefined where it lacks something. Times are milliseconds since 1970. */
export function sessionOf(document) {
  const token = own(document, "token");
  const projectId = own(own(token, "project"), "id");
  const expiresAt = Date.parse(own(token, "expires_at"));
  if (typeof projectId !== "string" || !isMatch(PROJECT_ID, projectId) || Number.isNaN(expiresAt)) return undefined;
  const lifetime = expiresAt - Date.parse(own(token, "issued_at"));
  // By the clock here, where the answer says how long the token lives: the service's may differ.
  const endsAt = lifetime > 0 ? Date.now() + lifetime : expiresAt;
  return { projectId, expiresAt, endsAt };
}
