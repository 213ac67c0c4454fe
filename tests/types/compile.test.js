// Users' files, compiled in each way in which TypeScript finds a package.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "chai";
import { TOOLS, project, runTool } from "../support/consumer.js";
import { names } from "./declared.js";

const VERSIONS = ["typescript", "typescript-5"].map((name) => ({
  compiler: join(name, "bin/tsc"),
  version: JSON.parse(readFileSync(join(TOOLS, name, "package.json"), "utf8")).version,
}));
const RESOLUTIONS = {
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" },
};
const PLATFORMS = {
  "a page's types": { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  "a worker's types": { lib: ["ES2022", "WebWorker"], types: [] },
  "Node's types": { lib: ["ES2022"], types: ["node"] },
};
const FORMATS = {
  mts: { declarations: "index.d.ts", write: (text) => text },
  cts: {
    declarations: "index.d.cts",
    // In this way alone every resolution takes what `require` would give.
    write: (text) => text.replace(/^import \* as keys from ("node-provider-keys");$/m, "import keys = require($1);"),
  },
};
const read = (name) => readFileSync(new URL(`./consumer/${name}.mts`, import.meta.url), "utf8");

/** What tsc says about `files`, and the declaration files that it read. */
async function compile(compiler, files, options) {
  const folder = project({
    ...files,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        target: "ES2022",
        typeRoots: [join(TOOLS, "@types")],
        listFiles: true,
        pretty: false,
        ...options,
      },
      files: Object.keys(files),
    }),
  });
  const { code, output, errors } = await runTool(compiler, ["--project", folder], { cwd: folder });
  const listed = output.split(/\r?\n/);
  return {
    said: `exit code ${code}\n${errors}${listed.filter((line) => !/^\/[^(]*\.(ts|mts|cts)$/.test(line)).join("\n")}`.trim(),
    declarations: listed.filter((line) => line.includes("node-provider-keys/")).map((line) => line.split("/").at(-1)),
  };
}

describe("Users' files", () => {
  for (const { version, compiler } of VERSIONS) {
    for (const [resolution, modules] of Object.entries(RESOLUTIONS)) {
      for (const [format, { declarations, write }] of Object.entries(FORMATS)) {
        for (const [platform, names] of Object.entries(PLATFORMS)) {
          it(`compile, or are refused, as .${format} with ${platform}, resolution ${resolution}, TypeScript ${version}`, async () => {
            // Node's types have no name for WebAssembly.
            const sources = ["everything", "refused", ...(names.types.length > 0 ? [] : ["modules"])];
            const files = Object.fromEntries(sources.map((name) => [`${name}.${format}`, write(read(name))]));
            const result = await compile(compiler, files, { ...modules, ...names });
            assert.equal(result.said, "exit code 0");
            assert.include(result.declarations, declarations);
          });
        }
      }
    }
  }

  it("are refused for the reason that stands beside each line", async () => {
    const text = read("refused");
    const expected = text.split("\n").flatMap((line, at) => {
      const number = /@ts-expect-error (\d+): /.exec(line)?.[1];
      return number ? [`${at + 2} TS${number}`] : [];
    });
    assert.equal(expected.length, text.split("@ts-expect-error").length - 1, "every directive has a number");
    const files = { "refused.mts": text.replaceAll("@ts-expect-error", "error") };
    const { said } = await compile(VERSIONS[0].compiler, files, {
      ...RESOLUTIONS.nodenext,
      ...PLATFORMS["a page's types"],
    });
    assert.deepEqual(
      [...said.matchAll(/^refused\.mts\((\d+),\d+\): error (TS\d+)/gm)].map(([, line, number]) => `${line} ${number}`),
      expected,
    );
  });

  it("use every export", () => {
    const used = new Set(
      [
        ...["everything", "refused"]
          .map(read)
          .join()
          .matchAll(/\bkeys\.(\w+)/g),
      ].map(([, name]) => name),
    );
    assert.sameMembers([...used], names());
  });
});
