// Browsers without a bundler: the page imports the package's files.
import { openBrowser } from "../support/drivers.js";
import { program, request, world } from "./world.js";

const PLACES = {
  chromium: ["page", "worker", "service worker"],
  firefox: ["page", "worker"],
  webkit: ["page", "worker"],
};
const NAMES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };

async function inBrowser(name, place) {
  world.site.show(program());
  const { driver, version, close } = await openBrowser(name);
  try {
    await driver.get(`${world.site.url}/page.html`);
    await driver.wait(
      () => driver.executeScript("return typeof places === 'object'"),
      20_000,
      "the page's script did not run",
    );
    const { result, error } = await driver.executeAsyncScript(
      "const [place, request, done] = arguments; places[place](request).then((result) => done({ result }), (error) => done({ error: String(error) }));",
      place,
      { ...request(), endpoint: "/nes" },
    );
    if (error) throw new Error(error);
    return { version, ...result };
  } finally {
    await close();
  }
}

export default Object.entries(PLACES).flatMap(([name, places]) =>
  places.map((place) => ({ name: `${NAMES[name]}, ${place}`, run: () => inBrowser(name, place) })),
);
