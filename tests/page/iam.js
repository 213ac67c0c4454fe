// Stands in for IAM: one account, two users, and two projects that they may use.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

export const ACCOUNT = "acme";
export const USER = "ada";
/** Has an authenticator. */
export const GUARDED = "grace";
export const USER_ID = "0123456789abcdef0123456789abcdef";
export const PASSWORD = "correct horse/battery+staple";
export const CODE = "314159";
const DAY = 86_400_000;
export const PROJECTS = ["ap-southeast-3", "ap-southeast-3_other"];

/** What IAM answers to this body: a status, and what went wrong or the project that the user is in. */
function judge({ auth: { identity, scope } }, ids) {
  const { user } = identity.password;
  const isKnown = user.domain.name === ACCOUNT && [USER, GUARDED].includes(user.name) && user.password === PASSWORD;
  if (!isKnown) return { status: 401, message: "The username or password is wrong." };
  if (user.name === GUARDED) {
    if (!identity.methods.includes("totp")) return { status: 403, message: "The user must use MFA." };
    const { id, passcode } = identity.totp.user;
    if (id !== USER_ID || passcode !== CODE) return { status: 401, message: "The verification code is wrong." };
  }
  const { name, id } = scope.project;
  const projectId = ids.find((known, at) => known === id || PROJECTS[at] === name);
  return projectId ? { status: 201, projectId } : { status: 404, message: "Could not find project." };
}

/** Starts it on loopback, with the ids of `PROJECTS`; `token` ends after `lifetime` milliseconds, which a test may set. */
export async function startIam(token, ids) {
  const iam = { lifetime: DAY };
  const server = createServer(async (incoming, outgoing) => {
    const { status, message, projectId } = judge(await json(incoming), ids);
    const now = Date.now();
    const [issued_at, expires_at] = [now, now + iam.lifetime].map((time) => new Date(time).toISOString());
    const answer = projectId
      ? { token: { issued_at, expires_at, project: { id: projectId } } }
      : { error: { code: status, message, title: "Refused" } };
    outgoing
      .writeHead(status, { "content-type": "application/json", ...(projectId ? { "x-subject-token": token } : {}) })
      .end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  iam.url = `http://127.0.0.1:${server.address().port}`;
  iam.close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return iam;
}
