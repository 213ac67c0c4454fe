// What must hold of the answer to a sign-in, whatever document it is.
import { deepEqual, equal } from "node:assert/strict";
import { sessionOf } from "../../pkg-template/session.js";
import { documentOf } from "./kit.js";

const ID = "0123456789abcdef0123456789abcdef";
const ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const MEMBERS = ["token", "project", "id", "expires_at", "issued_at", "__proto__"];
const TIMES = ["2999-01-02T00:00:00.000000Z", "2998-12-31T23:59:59Z", "1999-01-01", "2026-02-30T00:00:00Z", "+010000"];
const WORDS = [...MEMBERS, ...TIMES, ID, `${ID}0`, `${ID.slice(1)}\n`];

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A time as the service writes it, put together from its parts; any other as the platform reads it. */
function timeOf(value) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z$/.exec(value);
  if (!parts || typeof value !== "string") return Date.parse(value);
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const isTime =
    (hour < 24 && minute < 60 && second < 60) || (hour === 24 && minute + second === 0 && !Number(parts[7]));
  // The days of a month are the platform's affair: it takes the 30th of February for a day in March.
  if (month < 1 || month > 12 || day < 1 || day > 31 || !isTime) return Number.NaN;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number((parts[7] ?? "").padEnd(3, "0").slice(0, 3)));
  if (!(parts[7]?.length > 9)) return date.getTime();
  // V8 takes .0123456789 for 123 milliseconds: only the second is certain.
  const read = Date.parse(value);
  equal(Math.floor(read / 1000), Math.floor(date.getTime() / 1000));
  return read;
}

/** The session of a document, or nothing, told member by member. */
export function reference(document) {
  if (!isRecord(document) || !isRecord(document.token)) return undefined;
  const { project, expires_at, issued_at } = document.token;
  if (!isRecord(project) || typeof project.id !== "string" || project.id.length !== ID.length) return undefined;
  for (const character of project.id) if (!ALPHABET.includes(character)) return undefined;
  const expiresAt = timeOf(expires_at);
  if (Number.isNaN(expiresAt)) return undefined;
  const lifetime = expiresAt - timeOf(issued_at);
  return { projectId: project.id, expiresAt, endsAt: lifetime > 0 ? NOW + lifetime : expiresAt };
}

/** A session's end goes by the clock: here it stands still. */
export function checkDocument(document) {
  const { now } = Date;
  Date.now = () => NOW;
  try {
    deepEqual(sessionOf(document), reference(document));
  } finally {
    Date.now = now;
  }
}

export const check = (data) => checkDocument(documentOf(data, WORDS));

export const target = {
  check,
  seeds: ["scripts/corpus/session"],
  words: [...WORDS, `{"token":{"project":{"id":"${ID}"},"expires_at":"`, '","issued_at":"', '"}}'],
};
