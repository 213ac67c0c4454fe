// A state of the page as it is seen: axe's findings, the narrow screen, and a screenshot of each look.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { run } from "./page.js";
import { world } from "./world.js";

const AXE = `${axe.source}
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  ({ violations }) => done(violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => html + " " + failureSummary) }))),
  (error) => done([{ id: "axe failed", help: String(error) }]));`;

const LOOKS = [
  { name: "desktop-light", dark: false, width: 1280, height: 900, always: true },
  { name: "narrow-dark", dark: true, width: 320, height: 640, always: true },
  { name: "desktop-dark", dark: true, width: 1280, height: 900 },
  { name: "tablet-light", dark: false, width: 768, height: 1024 },
  { name: "tablet-dark", dark: true, width: 768, height: 1024 },
  { name: "narrow-light", dark: false, width: 320, height: 640 },
  { name: "zoomed", dark: false, width: 640, height: 450, scale: 2 },
  { name: "forced-colours", dark: true, width: 1280, height: 900, forced: true },
];

// Only Chromium can change its looks in a session; the others show the one they were opened with.
async function* looks(all) {
  const { devTools } = world.browser;
  if (!devTools) return yield LOOKS[0];
  for (const look of LOOKS.filter(({ always }) => all || always)) {
    const { dark, width, height, scale = 1, forced = false } = look;
    const features = { "prefers-color-scheme": dark ? "dark" : "light", "forced-colors": forced ? "active" : "none" };
    await devTools("Emulation.setEmulatedMedia", {
      features: Object.entries(features).map(([feature, value]) => ({ name: feature, value })),
    });
    await devTools("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: false });
    yield look;
  }
  await devTools("Emulation.clearDeviceMetricsOverride", {});
  await devTools("Emulation.setEmulatedMedia", { features: [] });
}

async function screenshot(name) {
  const { devTools } = world.browser;
  // WebKitGTK's driver answers once the page is painted again, and a page at rest is not: at times it never answers.
  if (world.name === "webkit") return;
  // A question covers the screen, not the whole page.
  const asking = await run("return document.querySelector('dialog[open]') !== null");
  const image = devTools
    ? (await devTools("Page.captureScreenshot", { captureBeyondViewport: !asking })).data
    : await world.driver.takeScreenshot();
  writeFileSync(join(world.screenshots, name), Buffer.from(image, "base64"));
}

/**
 * Checks this state: axe finds nothing, nothing is wider than the screen; keeps the screenshots, but not in WebKit. The wide light look and
 * the narrow dark one are always seen; with `all`, or `--looks` for the run, every other one, too.
 */
export async function look(state, { all = false } = {}) {
  for await (const { name, forced } of looks(all || world.everyLook)) {
    // Forced colours are the system's own; axe reads the page's and finds faults with colours that nobody sees.
    const findings = forced ? [] : await world.driver.executeAsyncScript(AXE);
    assert.deepEqual(findings, [], `axe: ${state}, ${name}`);
    const [content, screen] = await run(
      "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]",
    );
    assert.ok(content <= screen, `${state}, ${name}: ${content} px of content on a screen of ${screen} px`);
    await screenshot(`${world.name}-${state}-${name}.png`);
  }
}
