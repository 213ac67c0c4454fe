import { part, withEndless } from "./say.js";

const TYPES = [undefined, "text/plain", "application/json", "application/octet-stream", "application/zip"];

export const row = {
  name: "zip",
  question: "The file is a ZIP, with a content type or without: are its bytes right",
  how: `The key file comes without a content type, and as ${TYPES.slice(1).join(", ")}; the client is told to give bytes as its docs say. Counted are those that are the same byte for byte.`,
  promised: "yes",
  cases: (_, { made }) =>
    TYPES.map((type) => ({
      what: type ?? "no type",
      call: "create",
      answers: [{ ...made, headers: type ? { "Content-Type": type } : {} }],
      file: made.base64,
    })),
  judge: (_, results) => {
    const isRight = ({ bytes, file }) => bytes && Buffer.from(bytes).toString("base64") === file;
    return withEndless(part(results, isRight, "no", "yes"), results);
  },
};
