// Import to first answer in this fresh process: node inside/first.js '{"contender":"axios","endpoint":"http://…"}'
import { DESCRIPTION, OPTIONS } from "./options.js";

const { contender, endpoint } = JSON.parse(process.argv[2]);
const start = performance.now();
const { connect } = await import(`../peers/${contender}.js`);
await connect({ ...OPTIONS, endpoint }).create(DESCRIPTION);
console.log(JSON.stringify(performance.now() - start));
// A connection that is kept alive would keep the process, too.
process.exit();
