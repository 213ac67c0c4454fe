// The local service as who answers sign-ins: a process for each user, since it knows one.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startService } from "../support/service.js";

const PROJECT_ID = "0123456789abcdef0123456789abcdef";
const USER_ID = "fedcba9876543210fedcba9876543210";

/** @param {{ binary: string, folder: string, who: object, short: number }} options see keystone.js */
export async function startLocal({ binary, folder, who, short }) {
  const secret = join(folder, "secret");
  writeFileSync(secret, who.secret);
  const serve = (name, user, args = []) =>
    startService({
      binary,
      data: join(folder, `${name}.sqlite`),
      token: "a-token-that-nobody-uses",
      projectId: PROJECT_ID,
      args: ["--account", "acme", "--user", user, "--project", `${who.project}=${PROJECT_ID}`, ...args],
      env: { NODE_PROVIDER_PASSWORD: who.password },
    });
  return {
    long: await serve("long", who.user),
    short: await serve("short", who.user, ["--token-lifetime", String(short)]),
    careful: await serve("careful", who.careful, ["--user-id", USER_ID, "--totp-secret-file", secret]),
    projectId: PROJECT_ID,
    userId: USER_ID,
    account: "acme",
  };
}
