// nginx with the configuration of docs/your-relay.md.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { assert } from "chai";
import { REPOSITORY } from "../support/consumer.js";
import { example } from "../support/examples.js";
import { freePort, start, within } from "../support/processes.js";
import { itRelays } from "../support/relay.js";
import { world } from "./world.js";

const BINARY = process.env.NGINX ?? "nginx";

/** What stands around the example, and what depends on the machine. */
function configuration(folder, port, upstream) {
  const replaced = (text, from, to) => {
    assert.include(text, from);
    return text.replace(from, to);
  };
  let server = example(join(REPOSITORY, "docs/your-relay.md"), "nginx");
  server = replaced(server, "listen 8080;", `listen 127.0.0.1:${port};`);
  server = replaced(server, "/srv/www", folder);
  server = replaced(server, "https://bcs.<region>.myhuaweicloud.com/", `${upstream}/`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;
events {}
http {
access_log off;
${temporary.join("\n")}
${server}}
`;
}

async function startNginx(upstream) {
  const folder = mkdtempSync(join(world.folder, "nginx-"));
  mkdirSync(join(folder, "logs"));
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), configuration(folder, port, upstream));
  const { stop } = await start(BINARY, ["-p", folder, "-e", "stderr", "-c", "nginx.conf"], {
    ready: /\[notice\].*nginx\//,
  });
  const url = `http://127.0.0.1:${port}`;
  await within(
    10_000,
    "nginx to answer",
    (async () => {
      while (
        !(await fetch(url).then(
          () => true,
          () => false,
        ))
      )
        await pause(50);
    })(),
  );
  return { url, stop };
}

describe("nginx as docs/your-relay.md configures it", () => {
  itRelays(startNginx, () => world.given);
});
