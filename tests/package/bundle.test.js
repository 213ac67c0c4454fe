// The package through a bundler: what is used runs, and what is not shakes away.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { assert } from "chai";
import { build } from "esbuild";
import { project, run } from "../support/consumer.js";
import { PROJECT, TOKEN, environment, world } from "./world.js";

/** Bundles `text`, in production; gives the files as `{ name, text }`, the entry's first. */
async function bundle(text, options) {
  const folder = project();
  writeFileSync(join(folder, "app.js"), text);
  const { outputFiles, warnings } = await build({
    entryPoints: [join(folder, "app.js")],
    bundle: true,
    write: false,
    minify: true,
    outdir: join(folder, "out"),
    format: "esm",
    logLevel: "silent",
    ...options,
    logOverride: { ...options.logOverride, "ignored-bare-import": "silent" },
  });
  assert.deepEqual(
    warnings.map((warning) => warning.text),
    [],
  );
  return outputFiles
    .map((file) => ({ name: basename(file.path), text: file.text }))
    .sort((one) => (one.name.startsWith("app.") ? -1 : 1));
}

const MAKE_AND_REVOKE = `
  import { createApiKey, deleteApiKey, readCredentials } from "node-provider-keys";
  export async function makeAndRevoke(options) {
    const file = await createApiKey({ ...options, description: "Bundled" });
    const [{ credential_id: credentialId, description }] = await readCredentials(file);
    await deleteApiKey({ ...options, credentialId });
    return description;
  }`;
// The base64 of every module's first bytes.
const MODULE_AS_TEXT = "AGFzbQ";

describe("Bundled by esbuild", () => {
  for (const platform of ["browser", "node"]) {
    it(`for ${platform}, an import without names comes to nothing`, async () => {
      const [{ text }] = await bundle(`import "node-provider-keys";`, { platform });
      assert.isBelow(text.length, 100, text);
    });

    it(`for ${platform}, an unused import comes to nothing`, async () => {
      const [{ text }] = await bundle(
        `import * as all from "node-provider-keys"; import { createApiKey } from "node-provider-keys"; console.log(1);`,
        { platform },
      );
      assert.isBelow(text.length, 100, text);
    });

    it(`for ${platform}, the guard alone brings no module along`, async () => {
      const [{ text }] = await bundle(
        `import { isApiKeyError } from "node-provider-keys"; console.log(isApiKeyError(1));`,
        { platform },
      );
      assert.notInclude(text, MODULE_AS_TEXT);
      assert.isBelow(text.length, 2_000);
    });
  }

  for (const [format, name] of [
    ["esm", "app.mjs"],
    ["cjs", "app.cjs"],
  ]) {
    it(`for Node as ${format}, it runs where the package is not installed`, async () => {
      const [{ text }] = await bundle(
        `${MAKE_AND_REVOKE}
        makeAndRevoke({ endpoint: process.env.ENDPOINT, projectId: process.env.PROJECT_ID, token: process.env.TOKEN }).then(console.log);`,
        { platform: "node", format },
      );
      const folder = join(project(), "bundled");
      mkdirSync(folder);
      writeFileSync(join(folder, name), text);
      const { code, output, errors } = await run(process.execPath, [join(folder, name)], {
        cwd: folder,
        env: environment(),
      });
      assert.equal(`${code} ${output}${errors}`, "0 Bundled\n");
      assert.notInclude(text, `"node-provider-keys"`);
    });
  }

  for (const [what, options] of [
    ["in one module", {}],
    ["in chunks", { splitting: true }],
    ["in one script", { format: "iife" }],
  ]) {
    it(`for browsers ${what}, it runs on a site that has no .wasm`, async function () {
      const files = await bundle(`${MAKE_AND_REVOKE}\nglobalThis.makeAndRevoke = makeAndRevoke;`, {
        platform: "browser",
        ...(options.format === "iife" ? { logOverride: { "empty-import-meta": "silent" } } : {}),
        ...options,
      });
      if (options.splitting)
        assert.notInclude(files[0].text, MODULE_AS_TEXT, "the copy as text is loaded only when it is needed");
      const site = join(project(), "site");
      mkdirSync(site);
      for (const { name, text } of files) writeFileSync(join(site, name), text);
      const type = options.format === "iife" ? "" : ` type="module"`;
      writeFileSync(
        join(site, "index.html"),
        `<!doctype html><title>Bundled</title><link rel="icon" href="data:,"><script${type} src="/app.js"></script>`,
      );
      world.site.show(site);
      await world.browser.driver.get(world.site.url);
      const answer = await world.browser.driver.executeAsyncScript(
        "const [options, done] = arguments; makeAndRevoke(options).then(done, (error) => done(String(error)));",
        { endpoint: "/nes", projectId: PROJECT, token: TOKEN },
      );
      assert.equal(answer, "Bundled");
      assert.deepEqual(
        world.site.relayed.map(({ method, status }) => `${method} ${status}`),
        ["POST 200", "DELETE 200"],
      );
    });
  }
});
