import createClient from "openapi-fetch";

const PATH = "/v1/{project_id}/node-provider/credentials";

const dataOf = ({ data, error }) => {
  if (error !== undefined) throw new Error("the service refused", { cause: error });
  return data;
};

export const connect = ({ endpoint, projectId, token }) => {
  const client = createClient({ baseUrl: endpoint, headers: { "X-Auth-Token": token } });
  const path = { project_id: projectId };
  return {
    create: async (description) => dataOf(await client.POST(PATH, { params: { path }, body: { description }, parseAs: "arrayBuffer" })),
    remove: async (credentialId) =>
      dataOf(await client.DELETE(`${PATH}/{credential_id}`, { params: { path: { ...path, credential_id: credentialId } } })),
  };
};
