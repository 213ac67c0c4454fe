// Getting the WebAssembly module.

// From bytes, whatever their content type: a server that does not know .wasm must not matter.
export async function compile(source) {
  let given = await (typeof source === "function" ? source() : source);
  if (typeof given === "string" || given instanceof URL) given = await fetch(given);
  if (typeof given?.arrayBuffer === "function") {
    if (given.ok === false) throw new Error(`the module's address answered with status ${given.status}`);
    given = await given.arrayBuffer();
  }
  if (Object.prototype.toString.call(given) === "[object WebAssembly.Module]") return given;
  // Not every engine compiles from a DataView.
  const bytes = ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given);
  if (!isWasm(bytes)) throw new Error("what came is no WebAssembly module");
  return WebAssembly.compile(bytes);
}

export function isWasm(bytes) {
  return String.fromCharCode(...bytes.subarray(0, 4)) === "\0asm";
}

export function decode(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

// The smallest module there is: if not even that compiles, it is not for its bytes.
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function isBlocked() {
  try {
    return !new WebAssembly.Module(EMPTY);
  } catch {
    return true;
  }
}

// The fields of the error of a call whose module could not be had.
export function whyNotLoaded(error) {
  let happened;
  if (typeof WebAssembly === "undefined") {
    happened = "found no WebAssembly here; nothing was sent: use a host that has it.";
  } else if (isBlocked()) {
    happened =
      "may not run WebAssembly here; nothing was sent: add 'wasm-unsafe-eval' to script-src of the Content-Security-Policy.";
  } else {
    happened =
      "could not load its WebAssembly module; nothing was sent: see that node_provider_keys.wasm is served beside the script, or pass it to init().";
  }
  const cause = new Error(String(error?.message ?? "no reason was given"));
  return { kind: "internal", outcome: "not_sent", happened, cause };
}
