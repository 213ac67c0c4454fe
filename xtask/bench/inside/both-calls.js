// Every client makes a key and deletes it: node inside/both-calls.js '{"contenders":[…],"options":{…}}'
import { readCredentials } from "node-provider-keys";
import { ON_NODE } from "./on-node.js";
import { DESCRIPTION } from "./options.js";

const { contenders, options } = JSON.parse(process.argv[2]);
for (const name of contenders) {
  const { connect } = await import(`../peers/${name}.js`);
  const { create, remove } = connect({ ...options, ...ON_NODE[name] });
  const [{ credential_id: id, description }] = await readCredentials(new Blob([await create(DESCRIPTION)]));
  if (description !== DESCRIPTION) throw new Error(`${name} made a key with another description`);
  await remove(id);
  const again = await remove(id).then(
    () => "a success",
    () => "an error",
  );
  // Bare fetch looks at nothing.
  if (again !== (name === "bare" ? "a success" : "an error")) throw new Error(`${name} takes a 404 for ${again}`);
}
console.log(JSON.stringify(contenders.length));
process.exit();
