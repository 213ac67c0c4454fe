// What is measured, in the order of the tables.
import { row as apart } from "./rows/apart.js";
import { row as contexts } from "./rows/contexts.js";
import { row as id } from "./rows/id.js";
import { row as keys } from "./rows/keys.js";
import { row as limit } from "./rows/limit.js";
import { row as login } from "./rows/login.js";
import { row as memory } from "./rows/memory.js";
import { row as printed } from "./rows/printed.js";
import { row as redirect } from "./rows/redirect.js";
import { row as size } from "./rows/size.js";
import { row as stops } from "./rows/stops.js";
import { row as time } from "./rows/time.js";
import { row as timeout } from "./rows/timeout.js";
import { row as whole } from "./rows/whole.js";
import { row as zip } from "./rows/zip.js";

export const ROWS = [
  redirect,
  printed,
  keys,
  login,
  whole,
  zip,
  stops,
  limit,
  timeout,
  apart,
  id,
  contexts,
  memory,
  size,
  time,
];
