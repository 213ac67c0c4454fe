// Real calls on Node: node inside/calls.js '{"contenders":[…],"options":{…},"runs":[…]}'
import { slices } from "./slices.js";

const { contenders, options, runs } = JSON.parse(process.argv[2]);
const creates = {};
for (const name of contenders) {
  const { connect } = await import(`../peers/${name}.js`);
  const client = connect(options);
  creates[name] = () => client.create("For test");
}
const measured = [];
for (const run of runs) measured.push(await slices(creates, run));
console.log(JSON.stringify(measured));
process.exit();
