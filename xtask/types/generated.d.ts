// For the type checker: what the build puts beside the scripts of pkg-template and www, and how they write records.

/** The package, where it is not built. */
declare module "*/pkg/page.js" {
  export * from "node-provider-keys/declared";
}

/** Its part that signs in. */
declare module "*/pkg/page-sign-in.js" {
  export const signIn: typeof import("../../pkg-template/sign-in.d.ts").signIn;
}

/** The package by its own name. */
declare module "node-provider-keys" {
  export * from "node-provider-keys/declared";
  /** What the entry for signing in shares with the others. */
  export const _Call: typeof import("../../pkg-template/call.js").Call;
  export const _keys: ReturnType<typeof import("../../pkg-template/client.js").client>;
  /** As it is made inside. */
  export const ApiKeyError: typeof import("../../pkg-template/error.js").ApiKeyError;
}

declare module "*/glue.js" {
  /** Makes the glue of an instance: its functions by name. */
  export default function glue(
    instantiate: (imports: WebAssembly.Imports) => WebAssembly.Exports,
    coders: object,
  ): Record<string, (given: object) => Promise<unknown>>;
}

declare module "*/build.js" {
  /** The name of this build. */
  const build: string;
  export default build;
}

declare module "*/wasm-base64.js" {
  /** The module as text. */
  const text: string;
  export default text;
}

declare module "*/node_provider_keys.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/node_provider_keys.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

/** A record that inherits nothing: a polluted prototype changes nothing in it. */
interface WithoutPrototype {
  __proto__?: null;
}
interface ErrorOptions extends WithoutPrototype {}
interface FilePropertyBag extends WithoutPrototype {}
interface PropertyDescriptor extends WithoutPrototype {}
interface RequestInit extends WithoutPrototype {}
interface TextDecoderOptions extends WithoutPrototype {}
