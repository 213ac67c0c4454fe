// What a reader calls the parts of the module, and what each is there for.

/** By key, as the account prints them. */
export const PURPOSES = {
  calls: "the two calls",
  promises: "what they promise: refuse, check, redact, explain",
  others: "the other two calls",
  runtime: "Rust and wasm-bindgen",
};

const GLUE = "wasm-bindgen, js-sys, web-sys";
const OTHERS = "`listApiKeys`, `readCredentials`";

/** By modules of src/: of two that fit, the first. */
const OWN = [
  ["errors: fields, sentences, reasons", "promises", ["rules::failure", "rules::error_body", "rules::visible"]],
  [OTHERS, "others", ["credentials", "rules::csv", "rules::zip::walk", "rules::zip::Entry", "read_credentials"]],
  ["the key file checked", "promises", ["rules::zip", "rules::source"]],
  ["options read and checked", "promises", ["request", "rules::endpoint", "rules::contract"]],
  ["a call: attempts, deadline, what is certain", "calls", ["call", "rules::verdict", "rules::retry"]],
  ["a call: attempts, deadline, what is certain", "calls", ["create_api_key", "delete_api_key", "list_api_keys"]],
  ["the executor", "calls", ["task"]],
  ["the host: steps of a call", "calls", ["host"]],
  [GLUE, "runtime", ["_"]],
];

const RUST = ["alloc", "core", "std", "compiler_builtins", "memchr", "char", "str", "u8", "u16", "u32", "u64"];
const LIBM = ["fmin", "fmax", "memcpy", "memmove", "memset", "memcmp"];
const names = (...list) => new RegExp(`^(${list.join("|")})(?!\\w)`);

/** By crates, or by names that belong to none. */
const FOREIGN = [
  ["futures as promises", "runtime", names("js_sys::futures", "wasm_bindgen_futures")],
  [GLUE, "runtime", names("wasm_bindgen", "js_sys", "web_sys", "__wbindgen\\w*", "createApiKey", "deleteApiKey")],
  [OTHERS, "others", names("listApiKeys", "readCredentials")],
  ["serde-wasm-bindgen", "runtime", names("serde_wasm_bindgen", "serde_core", "serde")],
  ["gloo-net", "runtime", names("gloo_net", "gloo_utils")],
  ["the allocator", "runtime", names("rlsf", "__rustc")],
  ["Rust's strings, lists and numbers", "runtime", names(...RUST, ...LIBM)],
];

const KINDS = {
  data: ["texts: sentences, names of fields and options", "promises"],
  frame: ["types, imports, exports", "runtime"],
};

const isIn = (path) => (module) => path === module || path.startsWith(`${module}::`);

/** The modules of ours that a function's name has, such as `rules::zip::entries`. */
function ownPaths(name) {
  return [...name.matchAll(/node_provider_keys((?:>?::\w+)*)/g)].map(([, path]) => path.replaceAll(">", "").slice(2));
}

/** @returns {[string, string | undefined]} what a part belongs to, and why that is there; nothing is left out */
export function groupOf({ kind, name }) {
  if (kind !== "function") return KINDS[kind];
  if (!name) return ["without a name: wasm-opt made it of like functions", undefined];
  const plain = name.replace(/\[[0-9a-f]{16}\]/g, "");
  const paths = ownPaths(plain);
  // What Rust makes anew for a type of ours is ours. Work that races the deadline comes last in the race's name.
  const path = plain.includes("::race<") ? paths.at(-1) : paths[0];
  if (path !== undefined) {
    const [what, purpose] = OWN.find(([, , modules]) => modules.some(isIn(path))) ?? [];
    return what ? [what, purpose] : [`\`src/${path.split("::")[0] || "lib"}\``, "calls"];
  }
  const bare = plain.replace(/^([<&[]|mut |dyn )+/, "");
  const [what, purpose] = FOREIGN.find(([, , pattern]) => pattern.test(bare)) ?? [];
  return what ? [what, purpose] : [`\`${bare.split(/[:<> ]/)[0]}\``, undefined];
}
