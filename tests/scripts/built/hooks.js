// Gives the package's scripts, which are tested as they are written, what only a build puts beside them.
const BUILT = {
  __proto__: null,
  "./glue.js": "glue.js",
  "./build.js": "build.js",
  "./wasm-base64.js": "wasm-base64.js",
  "./node_provider_keys.wasm": "module.js",
  "./node_provider_keys.wasm?module": "module.js",
  "node-provider-keys": "../../../pkg-template/node.js",
};

export async function resolve(specifier, context, next) {
  const built = context.parentURL?.includes("/pkg-template/") ? BUILT[specifier] : undefined;
  if (!built) return next(specifier, context);
  return { url: new URL(built, import.meta.url).href, shortCircuit: true };
}
