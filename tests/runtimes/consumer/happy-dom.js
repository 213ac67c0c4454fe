// What a page of happy-dom has becomes global, also its fetch.
import { createRequire } from "node:module";

const { GlobalRegistrator } = createRequire(process.env.TOOLS)("@happy-dom/global-registrator");
GlobalRegistrator.register({ url: process.env.ENDPOINT });
// It tells every answer that is an error there.
console.error = () => {};
