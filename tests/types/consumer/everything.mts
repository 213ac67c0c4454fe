// Uses every export and every option; it must compile. It is never run.
import * as keys from "node-provider-keys";
import { type Passcode, type Session, type SignInOptions, signIn } from "node-provider-keys/sign-in";

const create: Required<keys.CreateApiKeyOptions> = {
  endpoint: "https://bcs.eu-west-101.myhuaweicloud.com",
  projectId: "0123456789abcdef0123456789abcdef",
  token: "MIIFyQYJKoZIhvcNAQcCoIIFujCCBbYCAQExDTAL",
  signal: new AbortController().signal,
  timeout: Infinity,
  fetch: globalThis.fetch,
  maxFileBytes: 65_536,
  maxErrorBytes: 1_024,
  description: "For test",
};
const { description, ...request } = create;
const remove: Required<keys.DeleteApiKeyOptions> = {
  ...request,
  credentialId: "01234567-89ab-cdef-0123-456789abcdef",
  retries: 3,
};

// What may also stand for an option.
const shortest: keys.RequestOptions = { endpoint: new URL("https://localhost"), projectId: "", token: "" };
const providers: keys.RequestOptions["token"][] = [() => "token", async () => "token"];
const ownFetch: keys.RequestOptions["fetch"] = async (input, init) => {
  const response = await fetch(input, init);
  return response;
};
// As callers have it who pass on what may be missing.
const undefineds: keys.CreateApiKeyOptions & { retries?: number | undefined } = {
  ...shortest,
  signal: undefined,
  timeout: undefined,
  fetch: undefined,
  maxFileBytes: undefined,
  maxErrorBytes: undefined,
  description: undefined,
  retries: undefined,
};
const noSignal: keys.RequestOptions = { ...shortest, signal: null };

export async function calls(): Promise<void> {
  const file: File = await keys.createApiKey(create);
  const nothing: void = await keys.deleteApiKey(remove);
  await keys.createApiKey({ ...shortest, token: providers[0]!, fetch: ownFetch });
  await keys.createApiKey(undefineds);
  await keys.deleteApiKey({ ...noSignal, credentialId: "" });
  keys.saveFile(file);

  const list: Required<keys.ListApiKeysOptions> = { ...request, offset: 0, limit: 100, retries: 1 };
  const { count, keys: listed }: keys.ApiKeyList = await keys.listApiKeys(list);
  const all: keys.ApiKey[] = listed;
  const described: string[] = all.map(
    ({ id, description = id, createTime, updateTime }) => `${description} ${createTime} ${updateTime}`,
  );
  described.push(count.toFixed());

  const rows: Record<string, string>[] = await keys.readCredentials(file);
  const [row] = await keys.readCredentials(new Blob([await file.arrayBuffer()]));
  const columns: string[] = Object.keys(row!);
  for (const one of rows) for (const column of columns) one[column]?.toUpperCase();
  return nothing;
}

export async function loading(): Promise<void> {
  await keys.init();
  const sources: keys.ModuleSource[] = [
    "https://localhost/node_provider_keys.wasm",
    new URL("https://localhost/node_provider_keys.wasm"),
    new ArrayBuffer(8),
    new Uint8Array(8),
    new DataView(new ArrayBuffer(8)),
    new Response(""),
  ];
  for (const source of sources) await keys.init(source);
  await keys.init(fetch("https://localhost/node_provider_keys.wasm"));
}

function byKind(error: keys.ApiKeyError): string {
  switch (error.kind) {
    case "invalid_argument": {
      const issues: readonly keys.ApiKeyErrorIssue[] = error.issues;
      return error.issues.map(({ field, message }) => `${field} ${message}`).join() + issues.length;
    }
    case "http":
      return error.status.toFixed();
    case "network":
    case "timeout":
    case "aborted":
    case "redirect":
    case "unexpected_response":
    case "internal": {
      const status: number | undefined = error.status;
      return String(status);
    }
    default: {
      const never: never = error;
      return never;
    }
  }
}

export function errors(thrown: unknown): string | undefined {
  if (keys.isApiKeyError(thrown)) {
    const error: Error & keys.ApiKeyErrorFields = thrown;
    const kind: keys.ApiKeyErrorKind = thrown.kind;
    const outcome: keys.ApiKeyErrorOutcome = thrown.outcome;
    const name: "ApiKeyError" = thrown.name;
    const file: File | undefined = thrown.file;
    const texts: (string | undefined)[] = [
      thrown.message,
      thrown.stack,
      thrown.code,
      thrown.errorCode,
      thrown.errorMsg,
      thrown.detail,
      thrown.requestId,
    ];
    const issues: readonly keys.ApiKeyErrorIssue[] | undefined = thrown.issues;
    const cause: unknown = thrown.cause;
    return [error, kind, outcome, name, file, cause, issues, ...texts].join();
  }
  // The class narrows as the guard does.
  if (thrown instanceof keys.ApiKeyError) return byKind(thrown);
  return undefined;
}

const passcode: Passcode[] = [
  { userId: "", code: "123456" },
  { userId: "", code: async () => "123456" },
];
const signingIn: Required<SignInOptions> = {
  endpoint: new URL("https://iam.eu-west-101.myhuaweicloud.com"),
  account: "acme",
  user: "alice",
  password: () => "password",
  project: "eu-west-101",
  passcode: passcode[0],
  signal: null,
  timeout: 1000,
  fetch: globalThis.fetch,
  maxErrorBytes: 1024,
};
export async function rotate(): Promise<File> {
  const session: Session = await signIn(signingIn);
  const { projectId, token, expiresAt } = session;
  if (expiresAt.getTime() < Date.now()) throw new Error(await token());
  return keys.createApiKey({ endpoint: "https://localhost", projectId, token });
}
