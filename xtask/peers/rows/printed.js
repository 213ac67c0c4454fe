import { failed, part, withEndless } from "./say.js";

const json = (error_msg) => JSON.stringify({ code: 400, error_code: "BCS.03400001", error_msg });
/** In the order in which the cell names them. */
const FORMS = [
  "String",
  "JSON.stringify",
  "console.log",
  "console.log, opened",
  "console.dir with depth: null",
  "what it writes itself",
];
const headers = { "Content-Type": "application/json" };

export const row = {
  name: "printed",
  question: "The error is printed: is the token in it",
  how:
    "Six creates fail: by 400, 401, 500, a reset, an answer that repeats the token, and a token with a line break in it. " +
    "Counted are the errors that show 12 characters of the token in a row, and named what shows them; in " +
    "Chromium `console.log` is also looked at with everything in it opened.",
  promised: "no",
  cases: (_, { token }) => [
    ...[400, 401, 500].map((status) => ({
      what: `a ${status}`,
      call: "create",
      answers: [{ status, headers, body: json("No.") }],
    })),
    { what: "a reset", call: "create", answers: [{ stop: { at: "status", how: "reset" } }] },
    {
      what: "an echo",
      call: "create",
      answers: [{ status: 400, headers, body: json(`The token ${token} is not valid.`) }],
    },
    {
      what: "a line break",
      call: "create",
      answers: [{ status: 401 }],
      token: `${token.slice(0, 200)}\n${token.slice(200)}`,
    },
  ],
  judge: (_, results) => {
    const errors = results.filter(failed);
    const count = part(errors, ({ shown }) => shown.length > 0, "no");
    const forms = FORMS.filter((form) => errors.some(({ shown }) => shown.includes(form)));
    const where = forms.length ? ` (${forms.join(", ")})` : "";
    return { short: withEndless(count, results), cell: withEndless(`${count}${where}`, results) };
  },
};
