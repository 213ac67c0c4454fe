// The clients, in the order of the tables. Each is `xtask/bench/peers/FILE.js`, in its default configuration.
//   npm, crate   what its version is read from
//   on           where it runs
//   limit        how its docs say a time limit in milliseconds; without it there is none of its own
//   stubbed      sends by the global fetch, and takes any answer of it
//   wasm         is a WebAssembly module
//   told         its options, where they are not ours
//   speaks       the answers that it expects, where they are not ours: see answers.js
//   not          rows that do not apply to it, each with the reason

const everywhere = ["node", "chromium"];
const timeout = (milliseconds) => ({ timeout: milliseconds });
const signal = (milliseconds) => ({ signal: AbortSignal.timeout(milliseconds) });

export const OWN = "package";

export const CLIENTS = [
  { file: OWN, name: "node-provider-keys", on: everywhere, limit: timeout, stubbed: true, wasm: true },
  { file: "fetch", name: "fetch", on: everywhere, limit: signal, stubbed: true },
  { file: "hand-written", name: "careful fetch", on: everywhere, limit: timeout, stubbed: true },
  { file: "ky1", name: "ky 1", npm: "ky1", on: everywhere, limit: timeout, stubbed: true },
  { file: "ky2", name: "ky 2", npm: "ky2", on: everywhere, limit: timeout, stubbed: true },
  { file: "ofetch", name: "ofetch", npm: "ofetch", on: everywhere, limit: timeout, stubbed: true },
  { file: "openapi-fetch", name: "openapi-fetch", npm: "openapi-fetch", on: everywhere, limit: signal, stubbed: true },
  { file: "axios", name: "axios", npm: "axios", on: everywhere, limit: timeout, stubbed: true },
  { file: "openai", name: "openai", npm: "openai", on: everywhere, limit: timeout, stubbed: true },
  { file: "stripe", name: "stripe", npm: "stripe", on: ["node"], limit: timeout },
  {
    file: "azure",
    name: "Azure core-rest-pipeline",
    npm: "@azure/core-rest-pipeline",
    on: everywhere,
    limit: timeout,
  },
  {
    file: "azure-client",
    name: "Azure core-client",
    npm: "@azure/core-client",
    on: everywhere,
    limit: (milliseconds) => ({ options: { requestOptions: { timeout: milliseconds } } }),
  },
  {
    file: "aws",
    name: "AWS client-iam",
    npm: "@aws-sdk/client-iam",
    on: everywhere,
    limit: (milliseconds) => ({ requestHandler: { requestTimeout: milliseconds, throwOnRequestTimeout: true } }),
    told: ({ endpoint, token }) => ({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "unused", sessionToken: token },
    }),
    speaks: "iam",
    not: { zip: "its own service answers with XML", id: "an id is no part of its path" },
  },
  { file: "gloo", name: "gloo-net in wasm", crate: "gloo-net", on: everywhere, stubbed: true, wasm: true },
  { file: "reqwest", name: "reqwest in wasm", crate: "reqwest", on: everywhere, limit: timeout, wasm: true },
  {
    file: "huawei",
    name: "Huawei Cloud SDK core",
    npm: "@huaweicloud/huaweicloud-sdk-core",
    on: ["node"],
    limit: (milliseconds) => ({ axiosRequestConfig: { timeout: milliseconds } }),
  },
];

/** The client that somebody calls `name`. */
export function clientCalled(name) {
  const found = CLIENTS.find((client) =>
    [client.file, client.name].some((it) => it.toLowerCase() === name.toLowerCase()),
  );
  if (!found) throw new Error(`No client is called ${name}: one of ${CLIENTS.map(({ file }) => file).join(", ")}`);
  return found;
}
