import { createApiKey, deleteApiKey, isApiKeyError, listApiKeys } from "node-provider-keys";

export const runtime = "edge";

// Next's edge has no DecompressionStream, so the key's id comes from the list instead of the file.
export async function POST(incoming) {
  const request = await incoming.json();
  await createApiKey({ ...request, description: "Bundled" });
  const {
    keys: [{ id: credentialId, description }],
  } = await listApiKeys(request);
  await deleteApiKey({ ...request, credentialId });
  const error = await deleteApiKey({ ...request, credentialId }).catch((thrown) => thrown);
  return Response.json({ description, isOurs: isApiKeyError(error), status: error.status });
}
