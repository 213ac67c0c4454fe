// WebDriver sessions: the driver is our own child process, and nothing looks for or downloads one.
import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { WebDriver, Capabilities } from "selenium-webdriver";
import { Command } from "selenium-webdriver/lib/command.js";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";
import { killLater, start, within } from "./processes.js";
import { startWebKitDriver } from "./webkit.js";

const CHROMIUM_FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
];

const BROWSERS = {
  chromium: {
    driver: { names: ["chromedriver"], variable: "CHROMEDRIVER" },
    program: { names: ["chromium", "google-chrome", "chrome"], variable: "CHROMIUM" },
    install: "On Debian: apt-get install chromium chromium-driver.",
    start: (path) => startByItsLine(path, ["--port=0"], /started successfully on port (\d+)/),
    capabilities: (binary, { downloads, profile, dark, width, height, extension }) => ({
      browserName: "chrome",
      "goog:loggingPrefs": { browser: "ALL" },
      "goog:chromeOptions": {
        binary,
        args: [
          ...CHROMIUM_FLAGS,
          `--user-data-dir=${profile}`,
          `--window-size=${width},${height}`,
          `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
          ...(extension ? [`--load-extension=${extension}`] : []),
        ],
        prefs: {
          "download.default_directory": downloads,
          "download.prompt_for_download": false,
          credentials_enable_service: false,
        },
      },
    }),
    processId: "goog:processID",
  },
  firefox: {
    driver: { names: ["geckodriver"], variable: "GECKODRIVER" },
    program: { names: ["firefox-esr", "firefox"], variable: "FIREFOX" },
    install: "On Debian: apt-get install firefox-esr; and cargo install geckodriver.",
    start: (path) => startByItsLine(path, ["--port", "0"], /Listening on [^\s:]+:(\d+)/),
    capabilities: (binary, { downloads, dark, width, height }) => ({
      browserName: "firefox",
      "moz:firefoxOptions": {
        binary,
        args: ["-headless", `--width=${width}`, `--height=${height}`],
        prefs: {
          "browser.download.folderList": 2,
          "browser.download.dir": downloads,
          "browser.download.alwaysOpenPanel": false,
          "browser.helperApps.neverAsk.saveToDisk": "application/zip",
          "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1,
        },
      },
    }),
    processId: "moz:processID",
  },
  webkit: {
    driver: { names: ["WebKitWebDriver"], variable: "WEBKITDRIVER" },
    program: { names: ["MiniBrowser"], variable: "MINIBROWSER", folders: webKitFolders },
    install: "On Debian: apt-get install webkit2gtk-driver xvfb.",
    start: startWebKitDriver,
    capabilities: (binary) => ({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary, args: ["--automation"] },
    }),
  },
};

/** The origin of an extension's pages: Chromium names one that is not packed by where it is. */
function originOf(folder) {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  const id = hash.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
  return `chrome-extension://${id}`;
}

/** Debian keeps WebKitGTK's browser beside its libraries. */
function webKitFolders() {
  const inside = (folder, name) =>
    readdirSync(folder)
      .filter((it) => name.test(it))
      .map((it) => join(folder, it));
  return inside("/usr/lib", /-linux-gnu/).flatMap((libraries) => inside(libraries, /^webkit2gtk-4\./));
}

/** Starts a driver that prints the port which it has chosen. */
async function startByItsLine(path, args, ready) {
  const { match, output, stop } = await start(path, args, { ready });
  return { port: match[1], output, stop };
}

/** The browsers that `openBrowser` knows. */
export const browserNames = Object.keys(BROWSERS);

function find({ names, variable, folders = () => [] }, install) {
  const named = process.env[variable];
  const places = [...(process.env.PATH ?? "").split(delimiter), ...folders()];
  const candidates = named ? [named] : places.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error(`${names[0]} was not found ${named ? `at ${variable}=${named}` : "on PATH"}. ${install}`);
  return found;
}

/**
 * Opens a headless browser with a download folder of its own.
 * @param {"chromium" | "firefox" | "webkit"} name
 * @param {{ dark?: boolean, width?: number, height?: number, extension?: string }} [options] the system's colour scheme, and the
 *   window in CSS pixels, not in WebKit; the folder of an extension, in Chromium
 * @returns {Promise<{ driver: WebDriver, downloads: string, version: string, devTools?: Function, extension?: string, close: () => Promise<void> }>}
 *   `devTools(cmd, params)` sends a Chromium DevTools command; `extension` is the origin of its pages; `close` ends browser and driver and removes the folders.
 */
export async function openBrowser(name, { dark = false, width = 1280, height = 900, extension } = {}) {
  const browser = BROWSERS[name];
  if (!browser) throw new Error(`Unknown browser ${name}: one of ${browserNames.join(", ")}.`);
  const driverPath = find(browser.driver, browser.install);
  const binary = find(browser.program, browser.install);
  const folder = extension && realpathSync(extension);

  const home = mkdtempSync(join(tmpdir(), `npk-${name}-`));
  const [downloads, profile] = ["downloads", "profile"].map((folder) => join(home, folder));
  mkdirSync(downloads);
  const cleanUp = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", cleanUp);

  const service = await browser.start(driverPath, { home, downloads });
  const executor = new Executor(new HttpClient(`http://127.0.0.1:${service.port}`));
  executor.defineCommand("sendDevToolsCommand", "POST", "/session/:sessionId/goog/cdp/execute");
  const driver = WebDriver.createSession(
    executor,
    new Capabilities(browser.capabilities(binary, { downloads, profile, dark, width, height, extension: folder })),
  );
  let killBrowser = () => {};
  const close = async () => {
    try {
      await within(10_000, `${name} to quit`, driver.quit());
    } finally {
      killBrowser();
      await service.stop();
      cleanUp();
      process.removeListener("exit", cleanUp);
    }
  };
  try {
    const granted = await within(60_000, `${name} to open`, driver.getCapabilities());
    const pid = granted.get(browser.processId);
    if (pid) killBrowser = killLater(pid);
    await driver.manage().setTimeouts({ implicit: 0, pageLoad: 30_000, script: 30_000 });
    const devTools =
      name === "chromium"
        ? (cmd, params) => driver.execute(new Command("sendDevToolsCommand").setParameters({ cmd, params }))
        : undefined;
    const origin = folder && originOf(folder);
    return { driver, downloads, version: granted.get("browserVersion"), devTools, extension: origin, close };
  } catch (error) {
    await close().catch(() => {});
    throw new Error(`${name} did not open: ${error.message}\n${service.output()}`);
  }
}
