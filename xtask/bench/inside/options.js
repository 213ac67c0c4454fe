// What all clients are told, and how a stubbed fetch answers them.
export const OPTIONS = {
  endpoint: "https://bcs.example",
  projectId: "0123456789abcdef0123456789abcdef",
  // Real ones have thousands of characters.
  token: "MIIBench+Token/".padEnd(3_000, "aZ9+/"),
};
export const DESCRIPTION = "For test";
export const ANSWER = {
  status: 200,
  headers: {
    "Content-Type": "application/zip",
    "Content-Disposition": 'attachment; filename="node-provider-key-0123456789abcdef.zip"',
    "Cache-Control": "no-store",
  },
};
