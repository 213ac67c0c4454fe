// What a careful engineer writes in an hour: arguments checked, no redirect, one deadline, the file looked at.
const SEGMENT = /^[\w-]+$/;

const check = (name, id, length) => {
  if (id.length === length && SEGMENT.test(id)) return;
  throw new TypeError(`${name} must have ${length} letters, digits, - or _`);
};

const request = async ({ endpoint, projectId, token, timeout = 30_000 }, path, init) => {
  check("projectId", projectId, 32);
  if (!/^[!-~]{1,65535}$/.test(token)) throw new TypeError("token must be 1 to 65,535 printable characters");
  const url = `${endpoint}/v1/${projectId}/node-provider/credentials${path}`;
  const response = await fetch(url, {
    ...init,
    headers: { ...init.headers, "X-Auth-Token": token },
    redirect: "error",
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(timeout),
  });
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new Error(`status ${response.status}: ${said.error_code ?? "no code"} ${said.error_msg ?? ""}`);
};

export const connect = (options) => ({
  async create(description) {
    const length = [...(description ?? "")].length;
    if (length > 100) throw new RangeError("description must have at most 100 characters");
    const response = await request(options, "", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ description }),
    });
    const file = new Uint8Array(await response.arrayBuffer());
    if (file[0] !== 0x50 || file[1] !== 0x4b) throw new Error("the answer is no ZIP file");
    return file;
  },
  async remove(credentialId) {
    check("credentialId", credentialId, 36);
    const response = await request(options, `/${credentialId}`, { method: "DELETE" });
    await response.arrayBuffer();
  },
});
