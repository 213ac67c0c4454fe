// What every runtime must be able to do with the package; tells what came of it as plain data.

/** Counts from now on how often the package's module gets an instance: then it was compiled, here. */
function watchInstances() {
  const { Instance } = WebAssembly;
  const seen = { count: 0 };
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, values) {
      const instance = Reflect.construct(target, values);
      // Known by the name that the package's build gives to its glue; a platform's own modules have others.
      if (WebAssembly.Module.imports(values[0]).some(({ module }) => module === "a")) seen.count += 1;
      return instance;
    },
  });
  return seen;
}

/** The bytes of a blob, also where its class cannot read itself, as in jsdom. */
async function bytesOf(blob) {
  if (blob.arrayBuffer) return new Uint8Array(await blob.arrayBuffer());
  const reader = new FileReader();
  await new Promise((done) => {
    reader.onload = done;
    reader.readAsArrayBuffer(blob);
  });
  return new Uint8Array(reader.result);
}

/**
 * @param {typeof import("node-provider-keys")} keys
 * @param {{ endpoint: string, projectId: string, token: string }} request
 */
export async function consume(keys, request) {
  const { createApiKey, deleteApiKey, listApiKeys, readCredentials, isApiKeyError, ApiKeyError } = keys;
  const failure = async (promise) => {
    const error = await promise.then(
      () => new Error("it did not fail"),
      (thrown) => thrown,
    );
    return { isOurs: isApiKeyError(error) && error instanceof ApiKeyError, ...error, message: error.message };
  };

  const instances = watchInstances();
  const file = await createApiKey({ ...request, description: "For test" });
  const head = await bytesOf(file.slice(0, 4));
  const [row] = await readCredentials(file);
  const credentialId = row.credential_id;
  const { keys: listed } = await listApiKeys({ ...request, limit: 1000 });
  const deleted = await deleteApiKey({ ...request, credentialId });

  const controller = new AbortController();
  const reason = new Error("not wanted any more");
  const abortOnceSent = (...values) => {
    const answer = fetch(...values);
    controller.abort(reason);
    return answer;
  };
  const late = createApiKey({ ...request, signal: controller.signal, fetch: abortOnceSent });
  const isReason = late.then(
    () => false,
    ({ cause }) => cause === reason,
  );

  return {
    file: { name: file.name, type: file.type, head: [...head] },
    row: { project: row.project_id, description: row.description, key: row.api_key.length },
    isListed: listed.some(({ id }) => id === credentialId),
    deleted: String(deleted),
    again: await failure(deleteApiKey({ ...request, credentialId })),
    unauthorised: await failure(createApiKey({ ...request, token: "wrong" })),
    early: await failure(createApiKey({ ...request, signal: AbortSignal.abort() })),
    late: { ...(await failure(late)), isReason: await isReason },
    instances: instances.count,
  };
}
