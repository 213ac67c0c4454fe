import ky from "ky1";

export const connect = ({ endpoint, projectId, token }) => {
  const prefixUrl = `${endpoint}/v1/${projectId}/node-provider`;
  const client = ky.create({ prefixUrl, headers: { "X-Auth-Token": token } });
  return {
    create: (description) => client.post("credentials", { json: { description } }).arrayBuffer(),
    remove: (credentialId) => client.delete(`credentials/${credentialId}`).json(),
  };
};
