import { equal, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { search, smallest, watch } from "./search.js";

const isWatched = (url) => url.endsWith("/search.work.js");
const watched = watch(isWatched);
const { check } = await import("./search.work.js");
const target = { check, seeds: [Buffer.from("abc")], words: ["b"] };
const MOST = 1_000_000;
const isOver = (executions) => executions >= MOST;

describe("the search for input that breaks a check", () => {
  it("finds one by the code that inputs reach, and tells the smallest", async () => {
    const kept = [];
    const { broken, error, executions } = await search(target, {
      watched,
      seed: 1,
      isOver,
      keep: (data) => kept.push(data),
    });
    equal(broken?.toString(), "keya", `after ${executions}`);
    equal(error.message, "a key");
    ok(kept.some(([first]) => first === 0x6b) && kept.some(([, second]) => second === 0x65), "it skipped the steps");
  });

  it("is the same for the same seed", async () => {
    const tried = async () => {
      const inputs = createHash("sha1");
      let left = 1000;
      const about = (data) => left-- > 0 && inputs.update(`${data.toString("hex")} `);
      await search(target, { watched, seed: 2, isOver: (executions) => executions > 1, about });
      return inputs.digest("hex");
    };
    equal(await tried(), await tried());
  });

  it("finds nothing where nothing breaks, and runs all the seeds", async () => {
    const lengths = [];
    const fine = {
      ...target,
      check: (data) => lengths.push(data.length),
      seeds: [Buffer.from("1"), Buffer.alloc(4096)],
    };
    const { broken, executions } = await search(fine, { watched, seed: 3, isOver: (count) => count >= 2000 });
    equal(broken, undefined);
    ok(executions >= 2000);
    ok(lengths.includes(1) && lengths.includes(4096) && lengths.every((length) => length <= 4096));
  });

  it("keeps of more inputs what reaches code that no seed does", async () => {
    const kept = [];
    const more = [Buffer.from("abd"), Buffer.from("kab"), Buffer.from("kac"), Buffer.from("kea")];
    await search(
      { ...target, more },
      { watched, seed: 4, isOver: () => true, keep: (data) => kept.push(data.toString()) },
    );
    equal(kept.join(), "kab,kea");
  });

  it("makes an input small though its check waits", async () => {
    const breaks = async (data) => {
      if (data.includes("x") && data.includes("yy")) throw new Error("both");
    };
    equal((await smallest(breaks, Buffer.from("1 yy 2 x 3"))).toString(), "yyx");
  });
});
