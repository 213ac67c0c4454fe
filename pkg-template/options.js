import { ApiKeyError } from "./error.js";

// The options as they are now: own properties only, read once, on a record that inherits nothing.
export function snapshot(given, name) {
  if (typeof given !== "object" || given === null) return given;
  const options = { __proto__: null };
  let field = "options";
  try {
    for (const key of Reflect.ownKeys(given)) {
      if (typeof key !== "string") continue;
      field = /^[A-Za-z]{1,24}$/.test(key) ? key : "options";
      const value = given[key];
      // A URL may change after the call; its text does not.
      options[key] = key === "endpoint" && typeof value?.href === "string" ? value.href : value;
    }
  } catch {
    const message = "could not be read: its getter threw";
    throw new ApiKeyError({
      kind: "invalid_argument",
      outcome: "not_sent",
      message: `${name} was not given what it needs: ${field} ${message}; nothing was sent: mend the options and call again.`,
      issues: [{ field, message }],
    });
  }
  return options;
}
