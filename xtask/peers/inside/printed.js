// Whether a secret shows in what an error prints. For any host.

/** So many characters in a row are a leak. */
const WINDOW = 12;

/** Whether a part of `secret` is in `text`. */
export function shows(text, secret) {
  for (let at = 0; at + WINDOW <= secret.length; at += 1) {
    if (text.includes(secret.slice(at, at + WINDOW))) return true;
  }
  return false;
}

const attempt = (make) => {
  try {
    return String(make());
  } catch (error) {
    return String(error);
  }
};

/** What a console shows of a value when everything in it is opened. */
function opened(value, depth = 8, seen = new Set()) {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth === 0 || seen.has(value)) return "";
  seen.add(value);
  const members = Object.getOwnPropertyNames(value).map((name) => attempt(() => opened(value[name], depth - 1, seen)));
  return members.join("\n");
}

/** The ways to print an error; `inspect` is Node's. */
export const formsOf = (inspect) => ({
  String: (error) => attempt(() => error),
  "JSON.stringify": (error) => attempt(() => JSON.stringify(error)),
  ...(inspect
    ? {
        "console.log": (error) => attempt(() => inspect(error)),
        "console.dir with depth: null": (error) => attempt(() => inspect(error, { depth: null })),
      }
    : { "console.log, opened": (error) => `${attempt(() => error.stack)}\n${opened(error)}` }),
});
