// For who calls the crate's exports without this package's own entries: what they pass becomes a call here.

import { Call } from "./call.js";
import { KeyFile } from "./keyfile.js";
import { listOf } from "./list.js";
import { SECRETS, sessionOf } from "./session.js";

export const callOf = (given, signsIn) =>
  given instanceof Call ? given : signsIn ? new Call(given, sessionOf, SECRETS) : new Call(given, listOf);
export const fileOf = (given) => (given instanceof KeyFile ? given : new KeyFile(given));
