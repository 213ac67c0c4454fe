// The clients that are measured, in the order in which they are printed, and the rows in which each can take part.

const PEERS = [
  // The package and bare fetch are in every row.
  { file: "package", name: "node-provider-keys", rows: [] },
  { file: "bare", name: "bare fetch", rows: [] },
  // Itself, where the page does what the README says for a page that calls at once.
  { file: "preloaded", name: "node-provider-keys with its module preloaded", rows: ["start in a page"] },
  { file: "hand-written", name: "hand-written fetch", rows: ["size", "create", "start", "calls"] },
  { file: "same-result", name: "fetch with the same result, unchecked", rows: ["create", "start", "calls"] },
  { file: "openapi-fetch", name: "openapi-fetch", rows: ["size", "create", "start"] },
  { file: "ofetch", name: "ofetch", rows: ["size", "create", "start"] },
  { file: "ky1", name: "ky 1", rows: ["size", "create", "start"] },
  { file: "ky2", name: "ky 2", rows: ["size", "create", "start"] },
  { file: "azure", name: "Azure core-rest-pipeline", rows: ["size", "start"] },
  { file: "azure-client", name: "Azure core-client", rows: ["size"] },
  { file: "axios", name: "axios", rows: ["size", "create", "start", "calls", "peak"] },
  { file: "aws", name: "AWS client-iam", rows: ["size"] },
  { file: "gloo", name: "gloo-net in wasm", rows: ["size", "create"] },
  { file: "stripe", name: "stripe", rows: ["size"] },
  { file: "reqwest", name: "reqwest in wasm", rows: ["size"] },
  { file: "openai", name: "openai", rows: ["size", "create", "start"] },
];

/** All that can speak to the service. */
export const speakers = PEERS.map(({ file }) => file).filter((file) => !["aws", "preloaded", "stripe"].includes(file));

/** The files of all that are measured. */
export const measured = PEERS.map(({ file }) => file);

/** Who takes part in `row`, apart from the package and bare fetch. */
export const peersWith = (row) => PEERS.filter(({ rows }) => rows.includes(row));

/** What the reader calls the client in peers/`file`.js. */
export const nameOf = (file) => PEERS.find((peer) => peer.file === file).name;

/** The files of all that are measured in `row`. */
export const contendersOf = (row) => ["bare", "package", ...peersWith(row).map(({ file }) => file)];
