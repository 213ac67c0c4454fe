// Each of these must not compile; the number after the directive is what the newest TypeScript calls the error.
import * as keys from "node-provider-keys";

const request = { endpoint: "https://localhost", projectId: "", token: "" };
declare const file: File;
declare const error: keys.ApiKeyError;

// @ts-expect-error 2561: a typing slip
keys.createApiKey({ ...request, descripton: "For test" });
// @ts-expect-error 2353: an option of the other call
keys.createApiKey({ ...request, retries: 1 });
// @ts-expect-error 2353: an option of the other call
keys.deleteApiKey({ ...request, credentialId: "", description: "For test" });
// @ts-expect-error 2741: no endpoint
keys.createApiKey({ projectId: "", token: "" });
// @ts-expect-error 2741: no project
keys.createApiKey({ endpoint: "", token: "" });
// @ts-expect-error 2741: no token
keys.createApiKey({ endpoint: "", projectId: "" });
// @ts-expect-error 2741: no id
keys.deleteApiKey(request);
// @ts-expect-error 2554: no options
keys.createApiKey();
// @ts-expect-error 2322: a number as id
keys.createApiKey({ ...request, projectId: 42 });
// @ts-expect-error 2322: a promise as token
keys.createApiKey({ ...request, token: Promise.resolve("") });
// @ts-expect-error 2322: a function that gives no text
keys.createApiKey({ ...request, token: () => 42 });
// @ts-expect-error 2322: text as time
keys.createApiKey({ ...request, timeout: "30s" });
// @ts-expect-error 2322: null as description
keys.createApiKey({ ...request, description: null });
// @ts-expect-error 2740: the controller instead of its signal
keys.createApiKey({ ...request, signal: new AbortController() });
// @ts-expect-error 2322: a fetch without an answer
keys.createApiKey({ ...request, fetch: async () => null });

// @ts-expect-error 2345: a path instead of a file
keys.saveFile("key.zip");
// @ts-expect-error 2740: bytes instead of a file
keys.readCredentials(new Uint8Array());
// @ts-expect-error 2740: a promise of a file
keys.readCredentials(keys.createApiKey(request));
// @ts-expect-error 2345: a number as module
keys.init(42);

export async function results() {
  // @ts-expect-error 2740: a file, not bytes
  const bytes: Uint8Array = await keys.createApiKey(request);
  // @ts-expect-error 2322: nothing
  const answer: object = await keys.deleteApiKey({ ...request, credentialId: "" });
  // @ts-expect-error 2339: a promise, until it is awaited
  return [bytes, answer, keys.createApiKey(request).name];
}

// @ts-expect-error 2351: only the package makes its errors
new keys.ApiKeyError();
// @ts-expect-error 2540: errors do not change
error.kind = "http";
// @ts-expect-error 2540: errors do not change
error.outcome = "rejected";
// @ts-expect-error 2540: errors do not change
error.file = file;
// @ts-expect-error 2367: no such kind
error.kind === "https";
// @ts-expect-error 18048: only some errors have issues
error.issues.length;
// @ts-expect-error 2339: no such field
error.body;
export function narrowed(error: keys.ApiKeyError) {
  if (error.kind === "network") {
    // @ts-expect-error 18048: there may have been no answer
    error.status.toFixed();
  }
  if (error.kind === "invalid_argument") {
    // @ts-expect-error 2542: a list that does not change
    error.issues[0] = { field: "", message: "" };
  }
}
// @ts-expect-error 2375: any error is none of the package's
const other: keys.ApiKeyError = new Error("");
// @ts-expect-error 2459: what the declarations keep to themselves
export type { WebAssemblyModule } from "node-provider-keys";
// @ts-expect-error 2305: a name that is not exported
export type { NoSuchName } from "node-provider-keys";
