// A generated SDK's core, used for paths of its own as its docs say.
import OpenAI from "openai";

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const client = new OpenAI({
    baseURL: endpoint,
    apiKey: "unused",
    defaultHeaders: { Authorization: null, "X-Auth-Token": token },
    dangerouslyAllowBrowser: true,
    ...more,
  });
  const path = `/v1/${projectId}/node-provider/credentials`;
  return {
    create: async (description) => {
      const response = await client.post(path, { body: { description }, __binaryResponse: true });
      return response.arrayBuffer();
    },
    remove: (credentialId) => client.delete(`${path}/${credentialId}`),
  };
};
