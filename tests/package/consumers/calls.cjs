// What every way of getting the package must be able to do with the service; tells what came of it.

const { ENDPOINT: endpoint, PROJECT_ID: projectId, TOKEN: token } = process.env;
const request = { endpoint, projectId, token };

module.exports = async function calls(keys) {
  const { createApiKey, deleteApiKey, readCredentials, isApiKeyError, ApiKeyError } = keys;
  const failure = async (promise) => {
    const error = await promise.then(
      () => new Error("it did not fail"),
      (thrown) => thrown,
    );
    return {
      isOurs: isApiKeyError(error) && error instanceof ApiKeyError && error instanceof Error,
      ...error,
      message: error.message,
    };
  };

  const file = await createApiKey({ ...request, description: "For test" });
  const bytes = Buffer.from(await file.arrayBuffer());
  const [row] = await readCredentials(file);
  const credentialId = row.credential_id;
  const deleted = await deleteApiKey({ ...request, credentialId });

  const early = await failure(createApiKey({ ...request, signal: AbortSignal.abort() }));
  const controller = new AbortController();
  const reason = new Error("not wanted any more");
  const abortOnceSent = (...values) => {
    const answer = fetch(...values);
    controller.abort(reason);
    return answer;
  };
  const late = await createApiKey({ ...request, signal: controller.signal, fetch: abortOnceSent }).catch(
    (error) => error,
  );

  return {
    file: {
      isFile: file instanceof File,
      name: file.name,
      type: file.type,
      size: file.size,
      head: bytes.subarray(0, 4).toString("latin1"),
    },
    row: { ...row, api_key: row.api_key.length },
    deleted: String(deleted),
    again: await failure(deleteApiKey({ ...request, credentialId })),
    unauthorised: await failure(createApiKey({ ...request, token: "wrong" })),
    early,
    late: { ...(await failure(Promise.reject(late))), isReason: late.cause === reason },
  };
};
