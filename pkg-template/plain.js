// For who calls the crate's exports without this package's own entries: what they pass becomes a call here.

import { Call } from "./call.js";
import { KeyFile } from "./keyfile.js";
import { listOf } from "./list.js";

export const callOf = (given) => (given instanceof Call ? given : new Call(given, listOf));
export const fileOf = (given) => (given instanceof KeyFile ? given : new KeyFile(given));
