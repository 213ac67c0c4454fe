import { ApiKeyError } from "./error.js";

// Safari and Firefox still read the URL a good while after the click.
const KEEP = 40_000;

export function saveFile(file) {
  const fail = (kind, message) => {
    const issues = kind === "invalid_argument" ? [{ field: "file", message: "must be a File or Blob" }] : undefined;
    throw new ApiKeyError({ kind, outcome: "not_sent", message, issues });
  };
  if (typeof document === "undefined") {
    fail("internal", "saveFile found no page to download from: write the file's bytes to disk instead.");
  }
  if (typeof file?.arrayBuffer !== "function") {
    fail("invalid_argument", "saveFile was not given what it needs: file must be a File or Blob.");
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name ?? "node-provider-key.zip";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP);
}
