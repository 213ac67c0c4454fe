// WebKitGTK's driver: it needs a display, and says nowhere when it is ready.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, start, within } from "./processes.js";

async function answers(port) {
  while (
    !(await fetch(`http://127.0.0.1:${port}/status`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await pause(50);
}

/**
 * @param {string} path the driver's program
 * @param {{ home: string, downloads: string }} folders a home of its own, and where downloads go
 */
export async function startWebKitDriver(path, { home, downloads }) {
  mkdirSync(join(home, ".config"));
  writeFileSync(join(home, ".config/user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const display = await start("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
    ready: /^(\d+)\n/m,
  });
  let driver;
  const stop = async () => {
    try {
      await driver?.stop();
    } finally {
      await display.stop();
    }
  };
  try {
    const port = await freePort();
    driver = await start("sh", ["-c", `echo starting; exec "$0" --port=${port}`, path], {
      ready: /^starting$/m,
      env: {
        HOME: home,
        XDG_CONFIG_HOME: join(home, ".config"),
        XDG_CACHE_HOME: join(home, ".cache"),
        XDG_DATA_HOME: join(home, ".local"),
        DISPLAY: `:${display.match[1]}`,
        LIBGL_ALWAYS_SOFTWARE: "1",
        // No session bus: the browser would wait for one where there is none.
        DBUS_SESSION_BUS_ADDRESS: "disabled:",
        // Without these two a session hangs in containers.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
        WEBKIT_DISABLE_COMPOSITING_MODE: "1",
      },
    });
    await within(30_000, "WebKitWebDriver to answer", answers(port));
    return { port, output: driver.output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
