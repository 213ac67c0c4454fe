import { createApiKey, deleteApiKey, isApiKeyError, readCredentials } from "node-provider-keys";

export async function makeAndRevoke(request) {
  const file = await createApiKey({ ...request, description: "Bundled" });
  const [{ credential_id: credentialId, description }] = await readCredentials(file);
  await deleteApiKey({ ...request, credentialId });
  const error = await deleteApiKey({ ...request, credentialId }).catch((thrown) => thrown);
  return { description, isOurs: isApiKeyError(error), status: error.status };
}
