import axios from "axios";

// `more` may choose axios's adapter: its default on Node is no fetch.
export const connect = ({ endpoint, projectId, token, ...more }) => {
  const client = axios.create({ baseURL: endpoint, headers: { "X-Auth-Token": token }, ...more });
  const path = `/v1/${projectId}/node-provider/credentials`;
  return {
    create: async (description) => (await client.post(path, { description }, { responseType: "arraybuffer" })).data,
    remove: async (credentialId) => (await client.delete(`${path}/${credentialId}`)).data,
  };
};
