// The pipeline under Azure's SDKs, with the policies that these have by default.
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";

const bytesOf = async ({ blobBody, readableStreamBody }) => {
  if (blobBody) return (await blobBody).arrayBuffer();
  const chunks = [];
  for await (const chunk of readableStreamBody) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export const connect = ({ endpoint, projectId, token, ...options }) => {
  const pipeline = createPipelineFromOptions({});
  const client = createDefaultHttpClient();
  const send = async (path, more) => {
    const answer = await pipeline.sendRequest(
      client,
      createPipelineRequest({
        url: `${endpoint}/v1/${projectId}/node-provider/credentials${path}`,
        headers: createHttpHeaders({ "Content-Type": "application/json", "X-Auth-Token": token }),
        allowInsecureConnection: true,
        ...more,
        ...options,
      }),
    );
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    return answer;
  };
  return {
    create: async (description) =>
      bytesOf(
        await send("", {
          method: "POST",
          body: JSON.stringify({ description }),
          streamResponseStatusCodes: new Set([200]),
        }),
      ),
    remove: async (credentialId) => JSON.parse((await send(`/${credentialId}`, { method: "DELETE" })).bodyAsText),
  };
};
