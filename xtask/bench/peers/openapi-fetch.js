import createClient from "openapi-fetch";

const PATH = "/v1/{project_id}/node-provider/credentials";

const dataOf = ({ data, error }) => {
  if (error !== undefined) throw new Error("the service refused", { cause: error });
  return data;
};

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const client = createClient({ baseUrl: endpoint, headers: { "X-Auth-Token": token }, ...more });
  return {
    async create(description) {
      const params = { path: { project_id: projectId } };
      return dataOf(await client.POST(PATH, { params, body: { description }, parseAs: "arrayBuffer" }));
    },
    async remove(credentialId) {
      const params = { path: { project_id: projectId, credential_id: credentialId } };
      return dataOf(await client.DELETE(`${PATH}/{credential_id}`, { params }));
    },
  };
};
