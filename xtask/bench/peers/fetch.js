// What people write by hand, as docs/migrating.md has it; `more` is for fetch.
export const connect = ({ endpoint, projectId, token, ...more }) => {
  const url = `${endpoint}/v1/${projectId}/node-provider/credentials`;
  const send = async (path, init) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { "Content-Type": "application/json", "X-Auth-Token": token },
      ...more,
    });
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  return {
    create: async (description) =>
      (await send("", { method: "POST", body: JSON.stringify({ description }) })).arrayBuffer(),
    remove: async (credentialId) => (await send(`/${credentialId}`, { method: "DELETE" })).json(),
  };
};
