// reqwest in WebAssembly: xtask/bench/reqwest, with the glue that wasm-bindgen makes for pages.
import init, { create_api_key, delete_api_key } from "../reqwest/reqwest.js";

// `module` has the bytes where there is nothing to fetch them from.
export const connect = ({ endpoint, projectId, token, module, timeout }) => {
  const ready = init(module && { module_or_path: module });
  return {
    create: async (description) => {
      await ready;
      return create_api_key(endpoint, projectId, token, description, timeout);
    },
    remove: async (credentialId) => {
      await ready;
      return delete_api_key(endpoint, projectId, token, credentialId);
    },
  };
};
