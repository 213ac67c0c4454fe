export const row = {
  name: "memory",
  question: "After the call: what is left in WebAssembly's memory",
  how: "A create succeeds; then 16 bytes in a row of the token, and of the key, are looked for in every linear memory.",
  on: ["node"],
  promised: "nothing",
  lacks: (client) => (client.wasm ? undefined : "it is no WebAssembly"),
  looksForSecrets: true,
  cases: (_, { made }) => [{ what: "a create", call: "create", answers: [made] }],
  judge: (_, [{ ended }], kept) => {
    if (ended !== "resolved") return "its create failed";
    return kept.length ? `the ${kept.join(" and the ")}` : "nothing";
  },
};
