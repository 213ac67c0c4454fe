import { NO_LIMIT } from "./limit.js";

const DECIDE_BY = ["name", "code", "kind", "outcome", "status", "type"];

export const row = {
  name: "timeout",
  question: "After a timeout: what does the error let you conclude",
  how:
    "A create arrives and is never answered; the client's own limit is one second. The cell has what a program can " +
    "decide by (`name`, `code`, `kind`, `outcome`, `status`, `type`), and how often the create had arrived by then.",
  promised: "`ApiKeyError`, kind `timeout`, outcome `unknown`; sent once",
  lacks: (client) => (client.limit ? undefined : NO_LIMIT),
  cases: () => [
    {
      what: "no answer",
      call: "create",
      answers: [{ stop: { at: "status", how: "stall" } }],
      limit: 1_000,
      patience: 30_000,
    },
  ],
  judge: (_, [{ ended, fields, requests }]) => {
    if (ended === "not") return "it never ended";
    if (ended === "resolved") return "it ended as a success";
    const told = DECIDE_BY.filter((name) => fields[name]).map((name) =>
      name === "name" ? `\`${fields.name}\`` : `${name} \`${fields[name]}\``,
    );
    const { length } = requests.filter(({ method }) => method === "POST");
    return `${told.join(", ") || "no name"}; sent ${length === 1 ? "once" : `${length} times`}`;
  },
};
