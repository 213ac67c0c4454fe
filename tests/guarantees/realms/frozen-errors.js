import { answer } from "./realm.js";

async function work({ packageUrl, wrong, lost }) {
  // Before the package is imported, as a hardened host does it.
  Object.freeze(Error.prototype);
  const { createApiKey, isApiKeyError } = await import(packageUrl);
  const failure = (options) =>
    createApiKey(options).then(
      () => "resolved",
      (error) => ({
        name: error.name,
        kind: error.kind,
        outcome: error.outcome,
        isApiKeyError: isApiKeyError(error),
      }),
    );
  return { isFrozen: Object.isFrozen(Error.prototype), wrong: await failure(wrong), lost: await failure(lost) };
}

await answer(work);
