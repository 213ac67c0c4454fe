import { withEndless } from "./say.js";

const headers = { "Content-Type": "application/json" };

export const row = {
  name: "keys",
  question: "The connection dies after the server made the key: how many keys",
  how:
    "A create arrives, and then comes a reset, the end of the connection, a 500, a 502 or a 504; a second create would " +
    "work. The service of these two calls knows no idempotency key, so that each request is a key.",
  promised: "1",
  cases: (_, { made }) =>
    [
      ["a reset", { stop: { at: "status", how: "reset" } }],
      ["a close", { stop: { at: "status", how: "close" } }],
      ...[500, 502, 504].map((status) => [`a ${status}`, { status, body: "{}", headers }]),
    ].map(([what, answer]) => ({ what, call: "create", answers: [answer, made] })),
  judge: (_, results) => {
    const counts = results.map(({ requests }) => requests.filter(({ method }) => method === "POST").length);
    const most = Math.max(...counts);
    const times = counts.filter((count) => count === most).length;
    return withEndless(times === counts.length ? String(most) : `${most} in ${times} of ${counts.length}`, results);
  },
};
