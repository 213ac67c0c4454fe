// For who calls the crate's exports without this package's own entries: what they pass becomes a call here.

import { Call } from "./call.js";
import { KeyFile } from "./keyfile.js";
import { listOf } from "./list.js";

export const callOf = (given) => (Call.is(given) ? given : new Call(given, listOf));
export const fileOf = (given) => (KeyFile.is(given) ? given : new KeyFile(given));
