// The page on paper, and without scripts. Only Chromium's driver can show either.
import assert from "node:assert/strict";
import { findAll, loaded, open, run } from "./page.js";
import { eventually, world } from "./world.js";

if (world.name === "chromium")
  describe("Without a screen or scripts", () => {
    const devTools = (...command) => world.browser.devTools(...command);

    it("prints the keys, whose and when, and nothing to press", async () => {
      const credentials = [1, 2, 3].map((number) => ({ id: `${number}`.repeat(36), description: `Key ${number}` }));
      const body = Buffer.from(JSON.stringify({ credentials, count: 3 }));
      const answer = { status: 200, headers: { "content-type": "application/json" }, body };
      await open(undefined, { prepare: (recorder) => recorder.answerNext(answer, "GET") });
      await devTools("Emulation.setEmulatedMedia", { media: "print" });
      try {
        const pressed = await run(
          "return [...document.querySelectorAll('button, input, select, textarea')].filter((it) => it.checkVisibility()).map((it) => it.id || it.outerHTML)",
        );
        assert.deepEqual(pressed, []);
        const keys = await Promise.all((await findAll("#rows .key")).map((key) => key.getText()));
        assert.deepEqual(
          keys.map((text) => /Key \d/.exec(text)?.[0]),
          ["Key 1", "Key 2", "Key 3"],
        );
      } finally {
        await devTools("Emulation.setEmulatedMedia", { media: "" });
      }
    });

    it("says that it needs scripts where there are none, and nothing else stays to wait for", async () => {
      await devTools("Emulation.setScriptExecutionDisabled", { value: true });
      try {
        await world.driver.get("about:blank");
        await world.driver.get(`${world.recorder.url}/`);
        // The driver's own scripts still run.
        const text = () => run("return document.body.innerText");
        await eventually(async () => /needs JavaScript/.test(await text()), "the sentence");
        assert.doesNotMatch(await text(), /Loading|Endpoint|Token/);
      } finally {
        await devTools("Emulation.setScriptExecutionDisabled", { value: false });
      }
      await open();
      await loaded();
    });
  });
