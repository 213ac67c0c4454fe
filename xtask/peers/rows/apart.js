// What differs between an error of a create that was never sent and one of a create that was.
const steady = (text) => text?.replaceAll(/\/s\/\w+|\d+/g, "#");

export const row = {
  name: "apart",
  question: "Nothing listens, or the connection dies after the key was made: can a program tell",
  how:
    "One create meets a port where nobody listens; the other arrives, and its connection is reset. The cell names the " +
    "fields of the two errors that differ, texts meant for people aside.",
  promised: { node: "by `cause.code`", chromium: "no" },
  cases: () => [
    { what: "nobody listens", call: "create", answers: [], address: "refused" },
    { what: "a reset", call: "create", answers: [{ stop: { at: "status", how: "reset" } }] },
  ],
  judge: (_, [refused, reset]) => {
    if (refused.ended !== reset.ended) return "by how it ends";
    if (refused.ended === "not") return "neither ended";
    const names = new Set([...Object.keys(refused.fields), ...Object.keys(reset.fields)]);
    const differing = [...names].filter((name) => steady(refused.fields[name]) !== steady(reset.fields[name]));
    const fields = differing.filter((name) => !name.endsWith("message"));
    if (fields.length > 0) return `by ${fields.map((name) => `\`${name}\``).join(", ")}`;
    return differing.length > 0 ? "by the text alone" : "no";
  },
};
