import { createApiKey, deleteApiKey, isApiKeyError, readCredentials } from "node-provider-keys";

const { ENDPOINT: endpoint, TOKEN: token, PROJECT_ID: projectId } = process.env;
const options = { endpoint, token, projectId };

const file = await createApiKey({ ...options, description: "demo" });
console.log(`check: made a key; its file is ${file.name}, ${file.size} bytes`);

const [credentials] = await readCredentials(file);
console.log(`check: opened the file; its columns are ${Object.keys(credentials).join(", ")}`);

const credentialId = credentials.credential_id;
await deleteApiKey({ ...options, credentialId });
console.log(`check: revoked the key ${credentialId}`);

const again = await deleteApiKey({ ...options, credentialId }).catch((error) => error);
if (!isApiKeyError(again) || again.status !== 404) {
  throw new Error("the key could be revoked twice", { cause: again });
}
console.log("check: revoking it again is refused with 404, so it is gone");
