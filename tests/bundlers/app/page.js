import { makeAndRevoke } from "./keys.js";

globalThis.makeAndRevoke = makeAndRevoke;
