// What all clients are told, and a key file as the local service makes them.
export const OPTIONS = {
  endpoint: "https://bcs.example",
  projectId: "0123456789abcdef0123456789abcdef",
  // Real ones have thousands of characters.
  token: "MIIBench+Token/".padEnd(3_000, "aZ9+/"),
};
export const DESCRIPTION = "For test";
