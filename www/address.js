// Takes the token, or the code for one, out of the address. A script of its own, so that it runs before anything else loads.
const WANTED = ["token", "projectId", "code"];
/** The project in the address. */
let shown = "";

/**
 * Reads `#token=…&projectId=…`, or the demo's `#code=…`. Only the project stays in the address, for a reload: the token must be on no screen and
 * in no bookmark. The endpoint is never taken from there: a link could otherwise send the token to a stranger.
 */
function takeAddress() {
  // A plus sign is part of a base64 token here, not a space.
  const fragment = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  const found = WANTED.filter((name) => fragment.has(name)).map((name) => [name, fragment.get(name)]);
  if (fragment.has("token") || fragment.has("code")) showProject(fragment.get("projectId") ?? "");
  else if (fragment.has("projectId")) shown = fragment.get("projectId") ?? "";
  // A link within the page has taken its place.
  else if (shown) showProject(shown);
  return Object.fromEntries(found);
}

/** Puts the project into the address, in place of the former one. */
export function showProject(projectId) {
  shown = projectId;
  const fragment = projectId ? `#projectId=${encodeURIComponent(projectId)}` : "";
  history.replaceState(null, "", location.pathname + location.search + fragment);
}

let first = takeAddress();

/** Calls `receive` with `{ token, projectId, code }` of this address, as far as it has them, and of each that is typed later. */
export function onAddress(receive) {
  receive(first);
  first = {};
  addEventListener("hashchange", () => receive(takeAddress()));
}
