// What a reader calls the parts of the module, and what each is there for.

/** The two calls themselves; what the package promises of them; the calls beside them; what makes Rust run in a page. */
export const PURPOSES = {
  calls: "the two calls",
  promises: "the promises: refuse, redact, explain",
  others: "the other two calls",
  runtime: "Rust and wasm-bindgen",
};

const GLUE = "wasm-bindgen, js-sys, web-sys";

/** By modules of src/, the longer path before the shorter. */
const OWN = [
  ["errors redacted", "promises", ["rules::redact", "rejection::clean", "handles::redacted", "handles::Document"]],
  ["errors: fields, sentences, the service's reason", "promises", ["rules::failure", "rules::error_body", "rejection"]],
  ["the key file checked", "promises", ["rules::zip"]],
  ["its name made safe", "promises", ["rules::disposition", "rules::visible"]],
  ["options read and checked", "promises", ["request", "rules::endpoint", "rules::limits", "rules::token"]],
  ["`listApiKeys`, `readCredentials`", "others", ["listing", "credentials", "rules::csv", "list_api_keys", "read_credentials"]],
  ["a call: attempts, deadline, what is certain", "calls", ["call", "rules::answer", "rules::retry", "create_api_key", "delete_api_key"]],
  ["`fetch`, timers, signals", "calls", ["host"]],
  [GLUE, "runtime", ["_"]],
  ["answers and their bodies", "calls", ["response"]],
  ["values read by handle", "calls", ["handles", "rules::source"]],
];

/** By crates, or by names that belong to none. */
const FOREIGN = [
  ["futures as promises", "runtime", /^(js_sys::futures|wasm_bindgen_futures)\b/],
  [GLUE, "runtime", /^(wasm_bindgen|js_sys|web_sys|__wbindgen\w*|_::__wasm_bindgen\w*|(create|delete)ApiKey)\b/],
  ["`listApiKeys`, `readCredentials`", "others", /^(listApiKeys|readCredentials)\b/],
  ["serde-wasm-bindgen", "runtime", /^(serde_wasm_bindgen|serde_core|serde)\b/],
  ["gloo-net", "runtime", /^gloo_\w+\b/],
  ["the allocator", "runtime", /^(rlsf|__rustc)\b/],
  ["Rust's strings, lists and numbers", "runtime", /^(alloc|core|std|compiler_builtins|memchr|char|str|u(8|16|32|64)|f(min|max)|mem(cpy|move|set|cmp))(\b|$)/],
];

const KINDS = {
  data: ["texts: sentences, names of fields and options", "promises"],
  frame: ["types, imports, exports", "runtime"],
};

const isIn = (path) => (module) => path === module || path.startsWith(`${module}::`);

/** @returns {[string, string | undefined]} what a part belongs to, and why that is there; nothing is left out */
export function groupOf({ kind, name }) {
  if (kind !== "function") return KINDS[kind];
  if (!name) return ["functions without a name, which wasm-opt made of like ones", undefined];
  const plain = name.replace(/\[[0-9a-f]{16}\]/g, "");
  // What Rust makes anew for a type of ours is ours. Work that is raced with the deadline comes last in the race's name.
  const paths = [...plain.matchAll(/node_provider_keys((?:::\w+|>::\w+)*)/g)].map(([, path]) => path.replaceAll(">", "").slice(2));
  if (paths.length > 0) {
    const path = plain.includes("::race<") ? paths.at(-1) : paths[0];
    const [what, purpose] = OWN.find(([, , modules]) => modules.some(isIn(path))) ?? [];
    return what ? [what, purpose] : [`src, ${path.split("::")[0] || "lib"}`, "calls"];
  }
  const bare = plain.replace(/^([<&[]|mut |dyn )+/, "");
  const [what, purpose] = FOREIGN.find(([, , names]) => names.test(bare)) ?? [];
  return what ? [what, purpose] : [`\`${bare.split(/[:<> ]/)[0]}\``, undefined];
}
