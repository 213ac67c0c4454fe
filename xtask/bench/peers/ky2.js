import ky from "ky2";

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const prefix = `${endpoint}/v1/${projectId}/node-provider`;
  const client = ky.create({ prefix, headers: { "X-Auth-Token": token }, ...more });
  return {
    create: (description) => client.post("credentials", { json: { description } }).arrayBuffer(),
    remove: (credentialId) => client.delete(`credentials/${credentialId}`).json(),
  };
};
