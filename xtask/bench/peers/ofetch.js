import { ofetch } from "ofetch";

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const client = ofetch.create({ baseURL: endpoint, headers: { "X-Auth-Token": token }, ...more });
  const path = `/v1/${projectId}/node-provider/credentials`;
  return {
    create: (description) => client(path, { method: "POST", body: { description }, responseType: "arrayBuffer" }),
    remove: (credentialId) => client(`${path}/${credentialId}`, { method: "DELETE" }),
  };
};
