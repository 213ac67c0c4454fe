// The answer to a list call.

import { own } from "./own.js";

/** The members of a key that are kept, by the service's name and by ours. Others may come and go. */
const MEMBERS = { id: "id", description: "description", create_time: "createTime", update_time: "updateTime" };

function keyOf(credential) {
  const texts = Object.keys(MEMBERS).filter((name) => typeof own(credential, name) === "string");
  return Object.fromEntries(texts.map((name) => [MEMBERS[name], credential[name]]));
}

/** `{ count, keys }` of a parsed body; undefined where it is not a list of keys with ids. */
export function listOf(document) {
  const credentials = own(document, "credentials");
  if (!Array.isArray(credentials)) return undefined;
  const keys = credentials.map(keyOf);
  if (!keys.every((key) => Object.hasOwn(key, "id"))) return undefined;
  const count = own(document, "count");
  return { count: typeof count === "number" ? count : keys.length, keys };
}
