// Tells apart what a browser calls one network error: no network, a policy of this page's, another origin's silence.
const blocked = new Set();

document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  if (effectiveDirective === "connect-src" && URL.canParse(blockedURI)) blocked.add(new URL(blockedURI).origin);
});

/** `"offline"`, `"csp"`, `"cors"` (it can be no better than a guess), or nothing where nothing is known. */
export function networkCause(endpoint) {
  if (!navigator.onLine) return "offline";
  if (!URL.canParse(endpoint, location.href)) return undefined;
  const { origin } = new URL(endpoint, location.href);
  if (blocked.has(origin)) return "csp";
  return origin === location.origin ? undefined : "cors";
}
