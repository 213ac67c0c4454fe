// A generated SDK's core, used for paths of its own as its docs say, and for bytes as its own downloads are. Its bodies
// are forms, so the service itself refuses it.
import Stripe from "stripe";

const bytesOf = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Blob(chunks).arrayBuffer();
};

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const { protocol, hostname: host, port, pathname } = new URL(endpoint);
  const client = new Stripe("unused", { host, port, protocol: protocol.slice(0, -1), ...more });
  const path = `${pathname.replace(/\/$/, "")}/v1/${projectId}/node-provider/credentials`;
  const additionalHeaders = { "X-Auth-Token": token };
  return {
    create: async (description) =>
      bytesOf(await client.rawRequest("POST", path, { description }, { additionalHeaders, streaming: true })),
    remove: (credentialId) => client.rawRequest("DELETE", `${path}/${credentialId}`, {}, { additionalHeaders }),
  };
};
