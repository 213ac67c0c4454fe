// As tests without a runner do it: the classes of a page of jsdom become global, in place of Node's. It has no fetch.
import { createRequire } from "node:module";

const { JSDOM } = createRequire(process.env.TOOLS)("jsdom");
const { window } = new JSDOM("", { url: process.env.ENDPOINT });
const { document } = window;
const classes = Object.getOwnPropertyNames(window).filter(
  (name) => /^[A-Z]/.test(name) && typeof window[name] === "function",
);
for (const name of classes)
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
Object.assign(globalThis, { window, document });
