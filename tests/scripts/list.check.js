// What must hold of the answer to a list call, whatever document it is.
import { deepEqual } from "node:assert/strict";
import { listOf } from "../../pkg-template/list.js";
import { documentOf } from "./kit.js";

const WORDS = ["credentials", "count", "id", "description", "create_time", "update_time", "allowlists", "__proto__"];

/** The list of a document, or nothing, told member by member. */
export function reference(document) {
  const isRecord = typeof document === "object" && document !== null && !Array.isArray(document);
  if (!isRecord || !Array.isArray(document.credentials)) return undefined;
  const keys = [];
  for (const credential of document.credentials) {
    if (typeof credential !== "object" || credential === null || typeof credential.id !== "string") return undefined;
    const key = { id: credential.id };
    if (typeof credential.description === "string") key.description = credential.description;
    if (typeof credential.create_time === "string") key.createTime = credential.create_time;
    if (typeof credential.update_time === "string") key.updateTime = credential.update_time;
    keys.push(key);
  }
  return { count: typeof document.count === "number" ? document.count : keys.length, keys };
}

export const checkDocument = (document) => deepEqual(listOf(document), reference(document));

export const check = (data) => checkDocument(documentOf(data, WORDS));

export const target = { check, seeds: ["scripts/corpus/list"], words: [...WORDS, '{"credentials":[', '{"id":"', "]}"] };
