// Keeps hold of every WebAssembly.Memory and looks for secrets in it.

/** A copy of this many bytes of a secret counts. */
export const WINDOW = 16;

const memories = new Set();

function keep(instance) {
  for (const value of Object.values(instance.exports)) {
    if (value instanceof WebAssembly.Memory) memories.add(value);
  }
  return instance;
}

/** Has to run before the package is imported. The handlers inherit no traps: tests pollute prototypes. */
export function captureMemories() {
  const { Instance, Memory, instantiate, instantiateStreaming } = WebAssembly;
  const replace = (name, value) =>
    Object.defineProperty(WebAssembly, name, { value, writable: true, configurable: true, enumerable: false });
  replace(
    "Instance",
    new Proxy(Instance, {
      __proto__: null,
      construct: (target, args, self) => keep(Reflect.construct(target, args, self)),
    }),
  );
  replace(
    "Memory",
    new Proxy(Memory, {
      __proto__: null,
      construct(target, args, self) {
        const memory = Reflect.construct(target, args, self);
        memories.add(memory);
        return memory;
      },
    }),
  );
  const wrap = (original) =>
    async function (...args) {
      const result = await Reflect.apply(original, WebAssembly, args);
      keep(result instanceof Instance ? result : result.instance);
      return result;
    };
  replace("instantiate", wrap(instantiate));
  if (instantiateStreaming) replace("instantiateStreaming", wrap(instantiateStreaming));
}

/** The memories seen so far. */
export const captured = () => [...memories];

/** Whether any window of `needle` (bytes) is in `bytes`. */
function contains(bytes, needle) {
  const windows = new Set();
  // A sieve on three bytes, so that the slow look-up is rare in a megabyte of memory.
  const sieve = new Uint8Array(1 << 16);
  const hash = (list, at) => ((list[at] * 31 + list[at + 1]) * 31 + list[at + 2]) & 0xffff;
  const key = (list, at) => String.fromCharCode(...list.subarray(at, at + WINDOW));
  for (let at = 0; at + WINDOW <= needle.length; at += 1) {
    sieve[hash(needle, at)] = 1;
    windows.add(key(needle, at));
  }
  for (let at = 0; at + WINDOW <= bytes.length; at += 1) {
    if (sieve[hash(bytes, at)] === 1 && windows.has(key(bytes, at))) return true;
  }
  return false;
}

/** The forms in which a secret is found in one of the captured memories: "as UTF-8", "as UTF-16". */
export function secretsInMemory(secrets) {
  const found = [];
  for (const memory of memories) {
    const bytes = new Uint8Array(memory.buffer);
    for (const secret of secrets) {
      const wide = new Uint8Array(secret.length * 2);
      const latin1 = new Uint8Array(secret.length);
      for (let at = 0; at < secret.length; at += 1) {
        const unit = secret.charCodeAt(at);
        latin1[at] = unit;
        wide[at * 2] = unit & 0xff;
        wide[at * 2 + 1] = unit >> 8;
      }
      const forms = { "Latin-1": latin1, "UTF-8": new TextEncoder().encode(secret), "UTF-16": wide };
      for (const [form, needle] of Object.entries(forms)) {
        if (contains(bytes, needle)) found.push(`as ${form} in a memory of ${bytes.length} bytes`);
      }
    }
  }
  return found;
}
