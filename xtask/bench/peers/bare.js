// What everything is compared with: fetch, and nothing looked at.
export const connect = ({ endpoint, projectId, token }) => {
  const url = `${endpoint}/v1/${projectId}/node-provider/credentials`;
  return {
    async create(description) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Auth-Token": token },
        body: JSON.stringify({ description }),
      });
      return response.arrayBuffer();
    },
    async remove(credentialId) {
      const response = await fetch(`${url}/${credentialId}`, { method: "DELETE", headers: { "X-Auth-Token": token } });
      return response.arrayBuffer();
    },
  };
};
