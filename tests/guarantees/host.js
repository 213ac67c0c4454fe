// What differs between the places where the suite runs; node.js and page.js fill it in before any test is loaded.

/**
 * @type {{
 *   name: string,                       "node", "chromium", "firefox"…
 *   page: boolean,                      a browser page: CORS, relative addresses, opaque redirects
 *   origins: string[],                  the rogue server's origins; the page comes from the first
 *   refused: string, resetting: string, addresses where nothing listens, and where each connection is reset
 *   leaving: () => Promise<string>,     an address that answers one request with 421, and then listens no more
 *   pkg: object,                        the package under test
 *   signInUrl: string,                  where its entry for signing in is
 *   signIn: function,                   what that exports
 *   freshPackage: () => Promise<object>,  another copy of it, with nothing loaded yet
 *   trapPackage: () => Promise<object>,   a copy built with the feature `trap`
 *   packageUrl: string,                 where a worker imports it from
 *   worker: (name: string, data: object) => Promise<any>,  runs realms/NAME.js in a worker
 *   inspect: ((value: unknown) => string) | null,          the platform's deepest way to print a value
 *   unhandled: string[],                unhandled rejections and global errors of the current test
 *   globalsBefore: string[],            Object.keys(globalThis) before the package was imported
 *   globalsAfter: string[],             … and after
 *   config: object,                     what the runner passed on
 * }}
 */
export const host = {};

/** The platform's own, whatever a test patches. */
export const platform = {
  fetch: globalThis.fetch.bind(globalThis),
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
};

/** Resolves in a later task. */
export const task = () => new Promise((resolve) => platform.setTimeout(resolve, 0));
