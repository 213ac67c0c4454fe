import ky from "ky2";

export const connect = ({ endpoint, projectId, token }) => {
  const client = ky.create({ prefix: `${endpoint}/v1/${projectId}/node-provider`, headers: { "X-Auth-Token": token } });
  return {
    create: (description) => client.post("credentials", { json: { description } }).arrayBuffer(),
    remove: (credentialId) => client.delete(`credentials/${credentialId}`).json(),
  };
};
