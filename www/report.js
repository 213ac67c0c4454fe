// What support asks for, as text, without anything that opens a door.
import { text } from "./text.js";

const words = text.report;
const FIELDS = ["kind", "outcome", "status", "code", "errorCode", "errorMsg", "detail", "requestId", "message"];

/** The report of an error of one action at one endpoint; `secrets` are left out wherever the texts have them. */
export function report(action, error, to, secrets) {
  const lines = [
    [words.time, new Date().toISOString()],
    [words.action, action],
    [words.endpoint, to.endpoint],
    [words.project, to.projectId],
    ...FIELDS.map((name) => [name, error[name]]),
    [words.browser, navigator.userAgent],
  ].filter(([, content]) => content !== undefined && content !== "");
  const whole = lines.map(([name, content]) => `${name}: ${content}`).join("\n");
  // Someone may have pasted the token into another field.
  return secrets
    .filter((secret) => secret.length >= 8)
    .reduce((shown, secret) => shown.replaceAll(secret, words.redacted), whole);
}
