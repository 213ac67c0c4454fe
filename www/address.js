// Takes the token out of the address. A script of its own, so that it runs before anything else loads.
const WANTED = ["token", "projectId"];

/**
 * Reads `#token=…&projectId=…` and clears the fragment, so that neither stays on the screen or in a bookmark.
 * The endpoint is never taken from there: a link could otherwise send the token to a stranger.
 */
function takeAddress() {
  // A plus sign is part of a base64 token here, not a space.
  const fragment = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  const found = WANTED.filter((name) => fragment.has(name)).map((name) => [name, fragment.get(name)]);
  if (found.length > 0) history.replaceState(null, "", location.pathname + location.search);
  return found;
}

let first = takeAddress();

/** Calls `receive` with the `[name, value]` pairs of this address and of each that is typed into this tab later. */
export function onAddress(receive) {
  receive(first);
  first = [];
  addEventListener("hashchange", () => receive(takeAddress()));
}
