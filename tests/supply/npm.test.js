// Every npm package comes at one version, with the bytes that the lock file names, from the public registry, and is used.
import { assert } from "chai";
import { called, files, read } from "../support/files.js";

const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.-]+)?$/;
const PUBLIC = "https://registry.npmjs.org/";
const CODE = /\.(c|m)?[jt]sx?$|\.rs$|\.json$|\.html$/;
const LOCKS_AND_LISTS = /(^|\/)package(-lock)?\.json$/;

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const projects = called("package.json")
  .map((path) => {
    const folder = path.slice(0, -"package.json".length);
    const manifest = JSON.parse(read(path));
    const asked = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    return { folder, name: folder || "the top", manifest, asked };
  })
  .filter(({ asked }) => Object.keys(asked).length > 0);

/** How a package shows in a program: by its name, one of its commands, or what names are put together of. */
function signs(name, { bin = {} } = {}) {
  const typesOf = /^@types\/(.*)$/.exec(name)?.[1];
  if (typesOf) return [new RegExp(`types"?: *\\[[^\\]]*"${escaped(typesOf)}"`)];
  const build = /^([a-z]+-)\d+-[a-z]+-[a-z0-9]+$/.exec(name)?.[1];
  if (build) return [new RegExp(`\`${escaped(build)}\\$\\{`)];
  return [name, ...Object.keys(bin)].map((word) => new RegExp(`["'\`/]${escaped(word)}["'\`/:]`));
}

describe("the npm packages", () => {
  it("there are some to look at", () => {
    assert.includeMembers(
      projects.map(({ folder }) => folder),
      ["", "tests/runtimes/", "tests/bundlers/"],
    );
  });

  it("no configuration names another registry", () => {
    for (const path of called(".npmrc")) assert.notMatch(read(path), /registry *=|_auth/, path);
  });

  for (const { folder, name, manifest, asked } of projects) {
    const lock = () => JSON.parse(read(`${folder}package-lock.json`));

    it(`${name}: every version is exact`, () => {
      for (const [dependency, version] of Object.entries({ ...asked, ...manifest.overrides }))
        assert.match(version, EXACT, dependency);
    });

    it(`${name}: the lock file is of this list, and npm ci can go by it`, () => {
      const { lockfileVersion, packages } = lock();
      assert.equal(lockfileVersion, 3);
      const [top, ...found] = Object.entries(packages);
      assert.equal(top[0], "");
      assert.deepEqual({ ...top[1].dependencies, ...top[1].devDependencies, ...top[1].optionalDependencies }, asked);
      for (const [dependency, version] of Object.entries(asked)) {
        assert.equal(packages[`node_modules/${dependency}`]?.version, version.split("@").at(-1), dependency);
      }
      assert.isAbove(found.length, 0);
    });

    it(`${name}: every package has its hash, and no host but the public registry`, () => {
      for (const [path, { integrity, resolved, inBundle, link }] of Object.entries(lock().packages)) {
        if (path === "" || inBundle) continue;
        assert.isUndefined(link, path);
        assert.match(integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, path);
        if (resolved !== undefined) assert.isTrue(resolved.startsWith(PUBLIC), path);
      }
    });

    it(`${name}: every package is used`, () => {
      const { packages } = lock();
      const others = projects
        .map((project) => project.folder)
        .filter((other) => other !== folder && other.startsWith(folder));
      const own = files.filter((path) => path.startsWith(folder) && !others.some((other) => path.startsWith(other)));
      // What another of the packages cannot do without.
      const peers = Object.keys(asked).flatMap((dependency) => {
        const { peerDependencies = {}, peerDependenciesMeta = {} } = packages[`node_modules/${dependency}`] ?? {};
        return Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
      });
      const texts = own.filter((path) => CODE.test(path) && !LOCKS_AND_LISTS.test(path)).map(read);
      for (const dependency of Object.keys(asked).filter((it) => !peers.includes(it))) {
        const wanted = signs(dependency, packages[`node_modules/${dependency}`]);
        assert.isTrue(
          wanted.some((sign) => texts.some((text) => sign.test(text))),
          `${dependency} is used by no file`,
        );
      }
    });
  }
});
