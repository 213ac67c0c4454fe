// Reads values that somebody else made. A property of Object.prototype never counts, so that whatever pollutes it
// changes nothing here. What throws reads as undefined.

export const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

/** Takes whatever it is given. */
export const ignore = (_given) => {};

/** The result of `use`; undefined if it throws. */
export function quietly(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** A property of the value's own, as errors, records and parsed documents have them. */
export function own(value, name) {
  try {
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/** A property of the value's own or of its class, as a platform's objects have them. */
export function get(value, name) {
  try {
    let at = value;
    while (isObject(at) && !Object.hasOwn(at, name)) at = Object.getPrototypeOf(at);
    const isCommon = at !== value && isObject(at) && Object.getPrototypeOf(at) === null;
    return isObject(at) && !isCommon ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether that property is a function. */
export const can = (value, name) => typeof get(value, name) === "function";

/** Whether a text matches; it is taken from RegExp's static properties, where it would stay: it may be a secret. */
export function isMatch(pattern, text) {
  const found = pattern.test(text);
  if (found) /$/.test("");
  return found;
}
