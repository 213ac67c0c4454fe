import ky from "ky1";

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const prefixUrl = `${endpoint}/v1/${projectId}/node-provider`;
  const client = ky.create({ prefixUrl, headers: { "X-Auth-Token": token }, ...more });
  return {
    create: (description) => client.post("credentials", { json: { description } }).arrayBuffer(),
    remove: (credentialId) => client.delete(`credentials/${credentialId}`).json(),
  };
};
