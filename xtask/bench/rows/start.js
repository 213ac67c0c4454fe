import { PRELOAD, pageOf } from "../bundle.js";
import { openBrowser } from "../../../tests/support/drivers.js";
import { runInside } from "../inside.js";
import { ratiosTo, shuffled } from "../inside/statistics.js";
import { keyFile } from "../keyfile.js";
import { contendersOf, peersWith } from "../peers.js";
import { startSite } from "../site.js";

export const row = {
  name: "start",
  what: "import to first answer, in a fresh process",
  unit: "ratio",
  goal: "under axios",
};

/** Times of all contenders, round by round; the first round warms up what lies beneath. */
async function measured(rounds, contenders, time) {
  const all = [];
  for (let round = -1; round < rounds; round += 1) {
    const times = {};
    for (const contender of shuffled(contenders)) times[contender] = await time(contender);
    if (round >= 0) all.push(times);
  }
  return ratiosTo("bare", all);
}

/** A page's whole way: its HTML, its scripts, its module, its call. */
const APP = (contender) => `
  import { connect } from "./peers/${contender}.js";
  import { DESCRIPTION, OPTIONS } from "./inside/options.js";
  const { create } = connect({ ...OPTIONS, endpoint: location.origin });
  create(DESCRIPTION).then(
    () => { globalThis.answered = performance.now(); },
    (error) => { globalThis.failed = String(error); },
  );
`;

/** Opens the page in a tab of its own, so that its process is new; gives milliseconds from navigation to answer. */
async function visit({ driver, devTools }, url, conditions) {
  const home = await driver.getWindowHandle();
  await driver.switchTo().newWindow("tab");
  try {
    await devTools("Network.enable", {});
    await devTools("Network.setCacheDisabled", { cacheDisabled: true });
    await devTools("Network.emulateNetworkConditions", { offline: false, ...conditions });
    await driver.get(url);
    const read = () => driver.executeScript("return globalThis.failed ?? globalThis.answered");
    const answered = await driver.wait(read, 30_000, `${url} gave no answer`, 20);
    if (typeof answered !== "number") throw new Error(answered);
    return answered;
  } finally {
    await driver.close();
    await driver.switchTo().window(home);
  }
}

/** Milliseconds, and bytes a second each way; -1 is no limit. */
const network = (latency, throughput) => ({ latency, downloadThroughput: throughput, uploadThroughput: throughput });
const NETWORKS = {
  "Chromium, cold cache, loopback": network(0, -1),
  "Chromium, cold cache, 10 Mbit/s and 40 ms": network(40, 10e6 / 8),
};

export async function measure({ folder, versions }) {
  const contenders = contendersOf("start");
  const file = await keyFile();
  const site = await startSite(() => file);
  const answers = [];
  try {
    const onNode = (contender) => runInside(folder, "first", { contender, endpoint: site.url });
    answers.push({ where: "Node", goal: 1.25, figures: await measured(25, contenders, onNode) });

    const pages = [...contenders, ...peersWith("start in a page").map(({ file }) => file)];
    for (const contender of pages) {
      const files = await pageOf(folder, APP(contender), contender === "preloaded" ? PRELOAD : "");
      for (const [name, bytes] of files) site.pages.set(`/${contender}/${name}`, bytes);
    }
    const browser = await openBrowser("chromium");
    versions.Chromium = browser.version;
    try {
      for (const [where, conditions] of Object.entries(NETWORKS)) {
        const inPage = (contender) => visit(browser, `${site.url}/${contender}/index.html`, conditions);
        answers.push({ where, own: "preloaded", figures: await measured(15, pages, inPage) });
      }
    } finally {
      await browser.close();
    }
  } finally {
    await site.close();
  }
  return answers;
}
