// Put beside the scripts with faults in them: each fault asks here whether it is on. One is, or none, for as long as a
// process lives.

const { process } = globalThis;
// As a name of a property, which is quicker to compare.
const [on] = Object.keys({ [process?.env?.NPK_FAULT ?? ""]: true });
const file = process?.env?.NPK_FAULTS_REACHED;
const append = file && process.getBuiltinModule("node:fs").appendFileSync;
/** What a recorder empties now and then, in the realm that it is in; elsewhere what is reached is written down. */
const recorder = globalThis[Symbol.for("node-provider-keys.faults")];
const record = recorder ?? { reached: new Uint8Array(1 << 16) };

export const isOn = (id) => id === on;

/** Notes the places of faults that are reached, if a run records them. */
export const reach = file
  ? (...ids) => {
      const { reached } = record;
      for (const id of ids) {
        if (reached[id] === 1) continue;
        reached[id] = 1;
        if (!recorder) append(file, `${id}\n`);
      }
    }
  : () => {};
