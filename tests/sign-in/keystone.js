// A real Keystone: one user with a password, one with a virtual MFA device beside it, one project.
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/consumer.js";
import { start } from "../support/processes.js";

const SERVE = fileURLToPath(new URL("serve.py", import.meta.url));
const ADMIN = "an-administrator-of-the-tests";

const configuration = (folder, lifetime) => `[database]
connection = sqlite:///${join(folder, "keystone.db")}
[fernet_tokens]
key_repository = ${join(folder, "fernet")}
[credential]
key_repository = ${join(folder, "credentials")}
[token]
expiration = ${lifetime}
[auth]
methods = password,token,totp
`;

/**
 * @param {{ programs: string, folder: string, who: object, short: number }} options where Keystone's programs are, a folder
 *   of the run's own, the names to be known, and the seconds that a short token lives
 */
export async function startKeystone({ programs, folder, who, short }) {
  mkdirSync(join(folder, "fernet"));
  mkdirSync(join(folder, "credentials"));
  const manage = async (...args) => {
    const command = ["--config-file", join(folder, "long.conf"), ...args];
    const { code, output, errors } = await run(join(programs, "keystone-manage"), command);
    if (code !== 0) throw new Error(`keystone-manage ${args[0]} ended with ${code}:\n${output}${errors}`);
  };
  const serve = async (name) => {
    const env = { OS_KEYSTONE_CONFIG_FILES: join(folder, `${name}.conf`) };
    const ready = /^listening on (http:\S+)$/m;
    const { match, kill } = await start(join(programs, "python"), [SERVE], { env, ready, limit: 90_000 });
    return { url: match[1], stop: kill };
  };

  writeFileSync(join(folder, "long.conf"), configuration(folder, 86_400));
  writeFileSync(join(folder, "short.conf"), configuration(folder, short));
  const { username } = userInfo();
  const owner = ["--keystone-user", username, "--keystone-group", username];
  await manage("db_sync");
  await manage("fernet_setup", ...owner);
  await manage("credential_setup", ...owner);
  await manage("bootstrap", "--bootstrap-password", ADMIN);
  const long = await serve("long");

  const scope = { project: { name: "admin", domain: { id: "default" } } };
  const admin = { name: "admin", password: ADMIN, domain: { id: "default" } };
  const ask = async (method, path, body, token) => {
    const headers = { "Content-Type": "application/json", ...(token && { "X-Auth-Token": token }) };
    const answer = await fetch(`${long.url}/v3${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok)
      throw new Error(`Keystone answered ${method} ${path} with ${answer.status}: ${await answer.text()}`);
    return { answer, document: answer.status === 204 ? undefined : await answer.json() };
  };
  const identity = { methods: ["password"], password: { user: admin } };
  const { answer } = await ask("POST", "/auth/tokens", { auth: { identity, scope } });
  const token = answer.headers.get("x-subject-token");
  const make = async (kind, fields) => (await ask("POST", `/${kind}s`, { [kind]: fields }, token)).document[kind].id;

  const project = await make("project", { name: who.project, domain_id: "default" });
  const { document } = await ask("GET", "/roles?name=member", undefined, token);
  const userId = {};
  for (const user of [who.user, who.careful]) {
    userId[user] = await make("user", { name: user, password: who.password, domain_id: "default" });
    await ask("PUT", `/projects/${project}/users/${userId[user]}/roles/${document.roles[0].id}`, undefined, token);
  }
  await make("credential", { type: "totp", user_id: userId[who.careful], blob: who.secret });
  return { long, short: await serve("short"), projectId: project, userId: userId[who.careful], account: "Default" };
}
