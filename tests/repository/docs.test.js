// What readers are led to is there.
import { posix } from "node:path";
import { assert } from "chai";
import { files, read } from "../support/files.js";

const pages = files.filter((path) => path.endsWith(".md"));

/** A page without its examples. */
const prose = (path) => read(path).replace(/^```[\s\S]*?^```/gm, "");

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (path) =>
  [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );

describe("The documentation", () => {
  for (const page of pages)
    it(`${page}: every link leads somewhere`, () => {
      for (const [, link] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path, anchor] = link.split("#");
        const target = path === "" ? page : posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, "");
        assert.isTrue(
          files.some((file) => file === target || file.startsWith(`${target}/`)),
          link,
        );
        if (anchor) assert.include(anchors(target), anchor, link);
      }
    });

  for (const [index, folder] of [
    ["docs/README.md", "docs/"],
    ["tests/README.md", "tests/"],
  ])
    it(`${index} names every part of ${folder}`, () => {
      const named = [...read(index).matchAll(/\]\(([\w-]+(?:\.\w+)*)\/?\)/g)].map(([, name]) => name);
      const parts = files
        .filter((path) => path.startsWith(folder) && path !== index && (folder === "tests/" || path.endsWith(".md")))
        .map((path) => path.slice(folder.length).split("/")[0]);
      assert.includeMembers(named, [...new Set(parts)]);
    });

  it("every file that ARCHITECTURE.md names is there", () => {
    const names = [...prose("ARCHITECTURE.md").matchAll(/`([\w./-]+(?:\.(?:rs|js|ts|md|yaml|json)|\/))`/g)];
    assert.isAbove(names.length, 50);
    const generated = ["glue.js", "build.js", "wasm-base64.js", "page-sign-in.js"];
    const missing = names
      .map(([, name]) => name)
      .filter((name) => !generated.includes(name) && !files.some((file) => `/${file}`.includes(`/${name}`)));
    assert.deepEqual(missing, []);
  });

  it("every runner of tests/ belongs to a suite", () => {
    const runners = files.map((path) => /^tests\/(\w+)\/run\.js$/.exec(path)?.[1]).filter(Boolean);
    assert.isAbove(runners.length, 10);
    const suites = ["runners", "suites", "supply"].map((name) => read(`xtask/src/test/${name}.rs`)).join("");
    for (const name of runners) assert.match(suites, new RegExp(`"${name}"|tests/${name}/run\\.js`), name);
  });
});
