// The platform's part alone: what every client pays that gives what this one gives, with nothing of it checked. A
// `File`, a deadline that covers the body, an end of its own for the exchange, a body that is counted as it comes.
import { PARTS, createWith } from "./parts.js";

export const connect = (options) => ({
  create: createWith(Object.keys(PARTS), options),
  async remove(credentialId) {
    const { endpoint, projectId, token } = options;
    const url = `${endpoint}/v1/${projectId}/node-provider/credentials/${credentialId}`;
    const response = await fetch(url, { method: "DELETE", headers: { "X-Auth-Token": token }, redirect: "manual" });
    if (!response.ok) throw new Error(`status ${response.status}`);
  },
});
