// A consumer's test in Jest, whose realm has intrinsics of its own: the package is required, fetch is mocked.
/* global jest, describe, test, expect, afterEach */
const { createApiKey, deleteApiKey, ApiKeyError, isApiKeyError, init } = require("node-provider-keys");

const options = { endpoint: process.env.NPK_ENDPOINT, projectId: "0123456789abcdef0123456789abcdef", token: "token" };
const credentialId = "01234567-89ab-cdef-0123-456789abcdef";
const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const failure = (call) =>
  call.then(
    () => {
      throw new Error("it should have failed");
    },
    (error) => error,
  );

// The smallest ZIP with an entry: "a", empty.
const ZIP = Buffer.from(
  "UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAYVBLAQIUAAoAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAABhUEsFBgAAAAABAAEALwAAAB8AAAAAAA==",
  "base64",
);

test("the module loads", async () => {
  await init();
});

test("a mocked Response becomes a File", async () => {
  globalThis.fetch = jest.fn(async () => new Response(ZIP));
  const file = await createApiKey(options);
  expect(Buffer.from(await file.arrayBuffer()).equals(ZIP)).toBe(true);
  expect(globalThis.fetch).toHaveBeenCalledTimes(1);
});

test("a mocked plain object settles as an ApiKeyError", async () => {
  globalThis.fetch = jest.fn(async () => ({ ok: true, json: async () => ({}) }));
  const error = await failure(createApiKey(options));
  expect(error).toBeInstanceOf(ApiKeyError);
  expect(error.outcome).toBe("unknown");
});

test.each([
  ["an Error", () => new Error("mocked")],
  ["a text", () => "mocked"],
  ["null", () => null],
])("a mock that rejects with %s is a network error", async (_, make) => {
  globalThis.fetch = jest.fn(() => Promise.reject(make()));
  const error = await failure(deleteApiKey({ ...options, credentialId }));
  expect(isApiKeyError(error)).toBe(true);
  expect([error.kind, error.outcome]).toEqual(["network", "unknown"]);
  expect(error).toBeInstanceOf(Error);
});

test("the platform's fetch fails and is aborted as anywhere", async () => {
  const refused = await failure(createApiKey({ ...options, endpoint: process.env.NPK_REFUSED }));
  expect([refused.kind, refused.outcome]).toEqual(["network", "unknown"]);
  const aborted = await failure(createApiKey({ ...options, signal: AbortSignal.abort("reason") }));
  expect([aborted.kind, aborted.cause]).toEqual(["aborted", "reason"]);
});

test("under fake timers a mocked call settles, and after them the next one does", async () => {
  const answer = { status: 200, headers: { get: () => null }, arrayBuffer: async () => ZIP };
  jest.useFakeTimers();
  globalThis.fetch = jest.fn(async () => answer);
  expect((await createApiKey(options)).size).toBe(ZIP.length);
  jest.useRealTimers();
  expect((await createApiKey(options)).size).toBe(ZIP.length);
});
