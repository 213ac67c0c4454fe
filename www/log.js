// What was created, saved and revoked on this page, to copy into a change ticket. It holds no secret.
import { byId, copyButton, plainName } from "./dom.js";
import { text } from "./text.js";

/**
 * Adds a line: what was done (a name in text.js), to which key of which project.
 * @param {string} what
 * @param {import("./connection.js").Context} to
 * @param {{ id?: string, description?: string, file?: string }} key
 */
export function note(what, to, { id, description, file }) {
  const log = byId("log");
  const lines = byId("log-lines");
  if (log.hidden) log.append(copyButton(lines, undefined, text.log.copy));
  log.hidden = false;
  const parts = [
    new Date().toISOString(),
    text.log[what],
    id ?? text.log.noId,
    description === undefined ? undefined : plainName(description),
    file,
    text.where(to.projectId, to.endpoint),
  ];
  lines.append(`${parts.filter((part) => part !== undefined).join("  ")}\n`);
}
