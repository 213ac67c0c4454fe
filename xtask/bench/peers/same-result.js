// The platform's part alone: what every client pays that gives what this one gives, with nothing of it checked. A `File`,
// a deadline that covers the body, an end of its own for the exchange, and a body that is counted as it comes.
export const connect = ({ endpoint, projectId, token }) => ({
  async remove(credentialId) {
    const url = `${endpoint}/v1/${projectId}/node-provider/credentials/${credentialId}`;
    const response = await fetch(url, { method: "DELETE", headers: { "X-Auth-Token": token }, redirect: "manual" });
    if (!response.ok) throw new Error(`status ${response.status}`);
  },
  async create(description) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 30_000);
    try {
      const headers = new Headers({ "Content-Type": "application/json" });
      headers.set("X-Auth-Token", token);
      const { href } = new URL(`${endpoint}/v1/${projectId}/node-provider/credentials`);
      const body = JSON.stringify({ description });
      const response = await fetch(href, { method: "POST", headers, body, redirect: "manual", signal: controller.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const chunks = [];
      let size = 0;
      for (const reader = response.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        chunks.push(value);
      }
      const name = /"(.*)"/.exec(response.headers.get("Content-Disposition"))?.[1] ?? `${size}.zip`;
      return new File(chunks, name, { type: "application/zip" });
    } finally {
      clearTimeout(timer);
    }
  },
});
