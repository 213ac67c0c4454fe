import { join } from "node:path";
import { appOf } from "../apps.js";
import { onSite } from "../world.js";

const { project, build, version } = appOf("angular", "@angular/core");

async function built() {
  const folder = project();
  await build(folder, "@angular/cli/bin/ng.js", ["build"], { NG_CLI_ANALYTICS: "false" });
  await onSite(join(folder, "dist/browser"), 0);
}

export default [{ name: "Angular, build", version, run: built }];
