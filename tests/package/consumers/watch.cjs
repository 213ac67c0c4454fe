// Loads the package and tells what changed in the process meanwhile.

// Every property of every global and of its prototype, by path; getters are not called.
function globals() {
  const found = new Map();
  const note = (path, object) => {
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key);
      found.set(`${path}.${String(key)}`, [value, get, set]);
    }
  };
  note("globalThis", globalThis);
  for (const key of Reflect.ownKeys(globalThis)) {
    const { value } = Reflect.getOwnPropertyDescriptor(globalThis, key);
    if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
    note(String(key), value);
    if (typeof value === "function" && value.prototype) note(`${String(key)}.prototype`, value.prototype);
  }
  return found;
}

const differences = (before, after) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    return !old || !now || old.some((part, at) => !Object.is(part, now[at]));
  });

// What an import could do that leaves no trace in the globals.
const DEEDS = [
  [WebAssembly, "compile"],
  [WebAssembly, "instantiate"],
  [WebAssembly, "Module"],
  [WebAssembly, "Instance"],
  [globalThis, "fetch"],
  [globalThis, "setTimeout"],
  [globalThis, "setInterval"],
  [globalThis, "eval"],
];

module.exports = async function watch(load) {
  const done = [];
  const originals = DEEDS.map(([object, name]) => object[name]);
  DEEDS.forEach(([object, name], at) => {
    object[name] = new Proxy(originals[at], {
      apply: (target, self, values) => (done.push(name), Reflect.apply(target, self, values)),
      construct: (target, values) => (done.push(name), Reflect.construct(target, values)),
    });
  });
  const listeners = () =>
    JSON.stringify(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
  const [keys, properties, listening] = [Reflect.ownKeys(globalThis), globals(), listeners()];
  const loaded = await load();
  const changes = {
    names: Reflect.ownKeys(globalThis)
      .filter((key) => !keys.includes(key))
      .map(String),
    changed: differences(properties, globals()),
    done,
    newListeners: listeners() === listening ? [] : [listening, listeners()],
  };
  DEEDS.forEach(([object, name], at) => {
    object[name] = originals[at];
  });
  return { loaded, changes };
};
