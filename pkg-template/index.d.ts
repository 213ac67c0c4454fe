/** What every call takes. Only own properties count, and each is read once, at the call. */
export interface RequestOptions {
  /**
   * Where the API is: `"https://bcs.<region>.myhuaweicloud.com"`, or in a page also a relay's prefix such as `"/nes"`.
   * A prefix begins with `/` or `.` and stays on the page's origin.
   * `https:` only, except for `localhost`, `127.0.0.0/8` and `[::1]`; no query, fragment, user name or password.
   */
  endpoint: string | URL;
  /** The project's id: exactly 32 characters of `A-Z a-z 0-9 _ -`. */
  projectId: string;
  /**
   * The token for `X-Auth-Token`: 1 to 65,535 printable ASCII characters; white space at its ends is ignored.
   * A function is called once per attempt, and once more after a 401: if it then returns another token, the call is
   * sent once more.
   */
  token: string | (() => string | Promise<string>);
  /** Aborts the call at any stage. */
  signal?: AbortSignal | null | undefined;
  /**
   * Milliseconds for the whole call, from loading the module to the last byte: more than 0, or `Infinity`. More than
   * 2,147,483,647 (25 days) is no limit.
   * @defaultValue 30_000
   */
  timeout?: number | undefined;
  /** Called instead of `globalThis.fetch`, with a URL and an init object. */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * The most bytes of the body of a success, from 1 to 2,147,483,647.
   * @defaultValue 1_048_576
   */
  maxFileBytes?: number | undefined;
  /**
   * The most bytes of the body of an error, from 1 to 2,147,483,647; a longer one is not read.
   * @defaultValue 65_536
   */
  maxErrorBytes?: number | undefined;
}

/** What {@link createApiKey} takes. */
export interface CreateApiKeyOptions extends RequestOptions {
  /** At most 100 characters (code points). Absent and empty are different requests. */
  description?: string | undefined;
}

/** What {@link deleteApiKey} takes. */
export interface DeleteApiKeyOptions extends RequestOptions {
  /** The API key's id: exactly 36 characters of `A-Z a-z 0-9 _ -`. */
  credentialId: string;
  /**
   * Extra attempts after network errors and the statuses 429, 502, 503 and 504, from 0 to 10, inside the one timeout.
   * @defaultValue 0
   */
  retries?: number | undefined;
}

/** What {@link listApiKeys} takes. */
export interface ListApiKeysOptions extends RequestOptions {
  /**
   * How many keys to skip, from 0 to 1,000. If it is absent, the service decides.
   */
  offset?: number | undefined;
  /** How many keys to return at most, from 1 to 1,000. If it is absent, the service decides. */
  limit?: number | undefined;
  /**
   * Extra attempts, as for {@link deleteApiKey}, from 0 to 10.
   * @defaultValue 0
   */
  retries?: number | undefined;
}

/** An API key as the service lists it, without its secret. Times are text as the service writes it. */
export interface ApiKey {
  /** The id that {@link deleteApiKey} takes as `credentialId`. */
  id: string;
  /** The description that it was created with. */
  description?: string;
  /** When it was created. */
  createTime?: string;
  /** When it was last used. */
  updateTime?: string;
}

/** One page of a project's API keys. */
export interface ApiKeyList {
  /** The number of all keys of the project. */
  count: number;
  /** The keys of this page. */
  keys: ApiKey[];
}

/**
 * Creates an API key and returns its file: a ZIP with `credential.csv` in it, byte for byte as it arrived. It can be
 * downloaded only once.
 *
 * Contract: "Creating an API Key". The request is sent once, whatever the answer. The one exception is a 401 with a
 * token function that then returns another token, since a 401 means that nothing was created.
 *
 * @throws {ApiKeyError} and nothing else. With `outcome` `"unknown"` a key may exist whose file can no longer be
 * downloaded.
 * @example
 * const file = await createApiKey({ endpoint, projectId, token, description: "For test" });
 * saveFile(file);
 */
export function createApiKey(options: CreateApiKeyOptions): Promise<File>;

/**
 * Deletes an API key.
 *
 * Contract: "Deleting an API Key". With `retries`, a 404 after an attempt that may have worked counts as done.
 *
 * @throws {ApiKeyError} and nothing else.
 * @example
 * await deleteApiKey({ endpoint, projectId, token, credentialId, retries: 2 });
 */
export function deleteApiKey(options: DeleteApiKeyOptions): Promise<void>;

/**
 * Lists API keys. Call it to learn a new key's id, and after an `unknown` outcome.
 *
 * Contract: the service's sibling call, `GET /v1/{project_id}/node-provider/credentials`. Its other fields are left out.
 *
 * @throws {ApiKeyError} and nothing else. Listing changes nothing, whatever `outcome` says.
 * @example
 * const { count, keys } = await listApiKeys({ endpoint, projectId, token, limit: 100 });
 */
export function listApiKeys(options: ListApiKeysOptions): Promise<ApiKeyList>;

/**
 * Opens a key file, new or from disk, and returns the rows of its `credential.csv` as objects by column. The file may
 * have 64 MiB, the table 1 MiB.
 *
 * @throws {ApiKeyError} of kind `"invalid_argument"` for a broken file; it never quotes the content.
 * @example
 * const [row] = await readCredentials(file);
 */
export function readCredentials(file: Blob): Promise<Record<string, string>[]>;

/**
 * Downloads a file in a page, under its own name.
 *
 * @throws {ApiKeyError} if there is no page, or the value is not a file.
 */
export function saveFile(file: File): void;

// Without the DOM's types there is no name for a module.
type WebAssemblyModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : never;

/** A WebAssembly module, its bytes, or where to get them. */
export type ModuleSource = WebAssemblyModule | ArrayBuffer | ArrayBufferView | Response | URL | string;

/**
 * Loads the WebAssembly module early, or from elsewhere. You never need it: the first call loads the module. Once it is
 * loaded, this does nothing.
 *
 * @throws {ApiKeyError} of kind `"internal"` if the module cannot be loaded; the next call tries again.
 */
export function init(source?: ModuleSource | Promise<ModuleSource>): Promise<void>;

/** What went wrong. */
export type ApiKeyErrorKind =
  | "invalid_argument"
  | "network"
  | "timeout"
  | "aborted"
  | "redirect"
  | "http"
  | "unexpected_response"
  | "internal";

/**
 * What is certain about the service's state: nothing reached it, it answered that it did not do it, or it may have
 * done it.
 */
export type ApiKeyErrorOutcome = "not_sent" | "rejected" | "unknown";

/** A rule that an argument breaks. */
export interface ApiKeyErrorIssue {
  /** The option's name; `"options"` for all of them, `"file"` for what `readCredentials` and `saveFile` take. */
  readonly field: string;
  /** The rule. It never quotes the value. */
  readonly message: string;
}

/** What an {@link ApiKeyError} of any kind may have. */
export interface ApiKeyErrorFields extends Error {
  /** The class's name. */
  readonly name: "ApiKeyError";
  /** What went wrong. */
  readonly kind: ApiKeyErrorKind;
  /** What is certain about the service's state. */
  readonly outcome: ApiKeyErrorOutcome;
  /** One sentence of fewer than 500 characters: what happened and what to do. */
  readonly message: string;
  /** The reason of an abort; otherwise a new error with the original's name, code and message, without secrets. */
  readonly cause?: unknown;
  /** The answer's status, if there was an answer. */
  readonly status?: number;
  /** The body's `code`, always as text. */
  readonly code?: string;
  /** The body's `error_code`, such as `"BCS.03401001"`. */
  readonly errorCode?: string;
  /** The body's `error_msg`. */
  readonly errorMsg?: string;
  /** The body's `message`: the details. */
  readonly detail?: string;
  /** The id of the request, from the header `X-Request-Id`, else from the body. */
  readonly requestId?: string;
  /** Every argument that breaks a rule. */
  readonly issues?: readonly ApiKeyErrorIssue[];
  /** The bytes that arrived with a broken success: they may be the only copy of a key. It is not printed. */
  readonly file: File | undefined;
}

/**
 * The one error. Neither it nor what printing it shows has a token or a key in it. Its `kind` tells which other fields
 * are there.
 */
export type ApiKeyError = ApiKeyErrorFields &
  (
    | { readonly kind: "invalid_argument"; readonly issues: readonly ApiKeyErrorIssue[] }
    | { readonly kind: "http"; readonly status: number }
    | { readonly kind: Exclude<ApiKeyErrorKind, "invalid_argument" | "http"> }
  );

interface ApiKeyErrorClass extends Function {
  readonly prototype: ApiKeyError;
}

/** The class of every {@link ApiKeyError}, for `instanceof`. Only this package creates them. */
export const ApiKeyError: ApiKeyErrorClass;

/** Whether a value is an {@link ApiKeyError}, even from another copy of this package. */
export function isApiKeyError(value: unknown): value is ApiKeyError;

// Without this line a declaration file exports all that it declares.
export {};
