// The core of the vendor's SDKs for Node, called as these call it; there is none for these two calls.
import { HcClient } from "@huaweicloud/huaweicloud-sdk-core/HcClient.js";
import { DefaultHttpClient } from "@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js";

export const connect = ({ endpoint, projectId, token, ...more }) => {
  const client = new HcClient(new DefaultHttpClient(more, [endpoint])).withEndpoints([endpoint]);
  const send = (method, url, pathParams, data) =>
    client.sendRequest({
      method,
      url,
      contentType: "application/json",
      queryParams: {},
      pathParams: { project_id: projectId, ...pathParams },
      headers: { "X-Auth-Token": token },
      data,
    });
  const path = "/v1/{project_id}/node-provider/credentials";
  return {
    create: async (description) => (await send("POST", path, {}, { description })).body,
    remove: (credentialId) => send("DELETE", `${path}/{credential_id}`, { credential_id: credentialId }, {}),
  };
};
