import { part } from "./say.js";

const IDS = ["..", "../..", "", "?", "#"];
const COLLECTION = "/v1/0123456789abcdef0123456789abcdef/node-provider/credentials/";

export const row = {
  name: "id",
  question: "An id is `..`: what is deleted",
  how:
    `The id is ${IDS.map((id) => `\`${JSON.stringify(id)}\``).join(", ")}. The cell has the path of the DELETE for the ` +
    "first, and how many of the five reach an address that is no key's.",
  promised: "nothing",
  cases: () =>
    IDS.map((id) => ({ what: JSON.stringify(id), call: "remove", id, answers: [{ status: 404, body: "{}" }] })),
  judge: (_, results) => {
    const paths = results.map(({ requests, base }) => requests[0]?.path.replace(base, ""));
    const isElsewhere = (path, at) =>
      path !== undefined && (!IDS[at] || path !== COLLECTION + encodeURIComponent(IDS[at]));
    const count = part(
      paths.map((path, at) => isElsewhere(path, at)),
      Boolean,
      "",
    );
    const first = paths[0] === undefined ? "nothing" : `\`${paths[0].replace(/\/[0-9a-f]{32}/, "/{project_id}")}\``;
    return count ? `${first}; ${count} elsewhere` : first;
  },
};
