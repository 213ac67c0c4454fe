// Browsers without a bundler: the page imports the package's files.
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY, subject } from "../support/consumer.js";
import { openBrowser } from "../support/drivers.js";
import { example } from "../support/examples.js";
import { cutShort, ofAnotherBuild, served } from "../support/modules.js";
import { program, request, world } from "./world.js";

const PLACES = {
  chromium: ["page", "worker", "service worker"],
  firefox: ["page", "worker"],
  webkit: ["page", "worker"],
};
const NAMES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };

/** Opens a page that sets `places`, and consumes the package in one of them. */
async function consumed({ driver, version, close }, url, place, given) {
  try {
    await driver.get(url);
    await driver.wait(
      () => driver.executeScript("return typeof places === 'object'"),
      20_000,
      "the page's script did not run",
    );
    const { result, error } = await driver.executeAsyncScript(
      "const [place, request, done] = arguments; places[place](request).then((result) => done({ result }), (error) => done({ error: String(error) }));",
      place,
      given,
    );
    if (error) throw new Error(error);
    return { version, ...result };
  } finally {
    await close();
  }
}

async function inBrowser(name, place, rule) {
  world.site.show(program(), rule);
  return consumed(await openBrowser(name), `${world.site.url}/page.html`, place, { ...request(), endpoint: "/nes" });
}

/** In an extension of Manifest V3 with the key that docs/csp.md prints; it may ask the service without CORS. */
async function inExtension(place) {
  const folder = program();
  rmSync(join(folder, "node_modules"));
  cpSync(subject.package, join(folder, "node_modules/node-provider-keys"), { recursive: true });
  const manifest = {
    manifest_version: 3,
    name: "Consumer",
    version: "1",
    host_permissions: ["http://127.0.0.1/*"],
    background: { service_worker: "worker.js", type: "module" },
    ...JSON.parse(`{${example(join(REPOSITORY, "docs/csp.md"), "json")}}`),
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  const browser = await openBrowser("chromium", { extension: folder });
  return consumed(browser, `${browser.extension}/extension.html`, place, {
    ...request(),
    endpoint: world.service.url,
  });
}

export default [
  ...Object.entries(PLACES).flatMap(([name, places]) =>
    places.map((place) => ({ name: `${NAMES[name]}, ${place}`, run: () => inBrowser(name, place) })),
  ),
  ...Object.entries(NAMES).flatMap(([name, title]) => [
    {
      name: `${title}, page with the .wasm of another build`,
      run: () => inBrowser(name, "page", served(ofAnotherBuild())),
    },
    { name: `${title}, page with a .wasm that is cut short`, run: () => inBrowser(name, "page", served(cutShort())) },
  ]),
  ...["page", "service worker"].map((place) => ({
    name: `Chromium, ${place} of a Manifest V3 extension (with content_security_policy)`,
    run: () => inExtension(place),
  })),
];
