// The package itself.
import { createApiKey, deleteApiKey } from "node-provider-keys";

export const connect = (options) => ({
  create: (description) => createApiKey({ ...options, description }),
  remove: (credentialId) => deleteApiKey({ ...options, credentialId }),
});
