import { makeAndRevoke } from "./keys.js";

self.onmessage = ({ data }) =>
  makeAndRevoke(data).then(
    (result) => postMessage({ result }),
    (error) => postMessage({ error: String(error) }),
  );
