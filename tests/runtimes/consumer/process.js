// What a process is told, and which runtime it is.
const { ENDPOINT: endpoint, PROJECT_ID: projectId, TOKEN: token } = process.env;

export const request = { endpoint, projectId, token };
export const version = globalThis.Deno?.version.deno ?? globalThis.Bun?.version ?? process.versions.node;
