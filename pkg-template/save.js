import { ApiKeyError } from "./error.js";
import { later } from "./clock.js";
import { can, get } from "./own.js";

/** Milliseconds: Safari and Firefox still read the URL a good while after the click. */
const KEEP = 40_000;
/** Of a blob, which has no name. */
const DEFAULT_NAME = "node-provider-key.zip";

const RULE = "must be a File or Blob";

function fail(kind, happened, more) {
  throw new ApiKeyError({ __proto__: null, kind, outcome: "not_sent", message: `saveFile ${happened}.`, ...more });
}

/** Downloads a file in a page. */
export function saveFile(file) {
  if (typeof document === "undefined") {
    fail("internal", "found no page to download from: write the file's bytes to disk instead");
  }
  if (!can(file, "slice") || typeof get(file, "size") !== "number") {
    fail("invalid_argument", `got invalid arguments: file ${RULE}: fix it and call again`, {
      issues: [{ field: "file", message: RULE }],
    });
  }
  const link = document.createElement("a");
  try {
    link.href = URL.createObjectURL(file);
  } catch {
    fail("internal", "found no way to download from this page: read the file's bytes instead");
  }
  link.download = get(file, "name") ?? DEFAULT_NAME;
  link.click();
  const timer = later(KEEP, () => URL.revokeObjectURL(link.href));
  // Where a page is only simulated, no process waits for it.
  timer?.unref?.();
}
