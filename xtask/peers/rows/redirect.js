import { part } from "./say.js";

const STATUSES = [301, 302, 303, 307, 308];
const Location = "{{other}}/s/{{id}}/elsewhere";

export const row = {
  name: "redirect",
  question: "A redirect to another origin: who gets the token",
  how: `The service answers a create with ${STATUSES.join(", ")}; counted are the redirects that bring the token there.`,
  promised: "nobody",
  cases: (_, { made }) =>
    STATUSES.map((status) => ({
      what: `a ${status}`,
      call: "create",
      answers: [{ status, headers: { Location } }, made],
    })),
  judge: (_, results) => {
    const handed = ({ requests, token, port }) =>
      requests.some((request) => request.port !== port && Object.values(request.headers).includes(token));
    const count = part(results, handed, "");
    return count ? `the other origin, ${count}` : "nobody";
  },
};
