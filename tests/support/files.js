// The files of the repository, also those that are not committed yet.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./consumer.js";

const listing = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: REPOSITORY,
  encoding: "utf8",
});

/** Their paths from the top. */
export const files = listing.split("\0").filter((path) => path !== "" && existsSync(join(REPOSITORY, path)));

export const read = (path) => readFileSync(join(REPOSITORY, path), "utf8");

/** Those with that name, in any folder. */
export const called = (name) => files.filter((path) => path === name || path.endsWith(`/${name}`));
