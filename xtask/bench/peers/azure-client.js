// The client that Azure's generated SDKs are made of, told about the two calls as these tell it.
import { createSerializer, ServiceClient } from "@azure/core-client";

const PATH = "/v1/{project_id}/node-provider/credentials";
const text = (serializedName) => ({ serializedName, required: true, type: { name: "String" } });
const projectId = { parameterPath: "projectId", mapper: text("project_id") };
const credentialId = { parameterPath: "credentialId", mapper: text("credential_id") };
const token = { parameterPath: "token", mapper: text("X-Auth-Token") };
const NewKey = {
  type: {
    name: "Composite",
    className: "NewKey",
    modelProperties: { description: { serializedName: "description", type: { name: "String" } } },
  },
};
const serializer = createSerializer({ NewKey }, false);

const CREATE = {
  path: PATH,
  httpMethod: "POST",
  requestBody: { parameterPath: "key", mapper: { ...NewKey, required: true } },
  responses: { 200: { bodyMapper: { serializedName: "parsedResponse", type: { name: "Stream" } } } },
  urlParameters: [projectId],
  headerParameters: [token],
  contentType: "application/json",
  mediaType: "json",
  serializer,
};
const DELETE = {
  path: `${PATH}/{credential_id}`,
  httpMethod: "DELETE",
  responses: { 200: {} },
  urlParameters: [projectId, credentialId],
  headerParameters: [token],
  serializer,
};

const bytesOf = async ({ blobBody, readableStreamBody }) => {
  if (blobBody) return (await blobBody).arrayBuffer();
  const chunks = [];
  for await (const chunk of readableStreamBody) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export const connect = ({ endpoint, options = {}, ...given }) => {
  const client = new ServiceClient({ endpoint, allowInsecureConnection: true });
  return {
    create: async (description) =>
      bytesOf(await client.sendOperationRequest({ ...given, key: { description }, options }, CREATE)),
    remove: (id) => client.sendOperationRequest({ ...given, credentialId: id, options }, DELETE),
  };
};
