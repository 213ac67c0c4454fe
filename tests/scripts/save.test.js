import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { isApiKeyError } from "../../pkg-template/error.js";
import { saveFile } from "../../pkg-template/save.js";

/** Milliseconds, as it is promised. */
const KEEP = 40_000;
let log;
let set;

/** A page that is no more than what a download needs. */
const page = {
  createElement(tag) {
    log.push(["element", tag]);
    return {
      click() {
        log.push(["click", this.href, this.download]);
      },
    };
  },
};

describe("a file that is saved", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    log = [];
    const { createObjectURL, revokeObjectURL } = URL;
    set = { createObjectURL, revokeObjectURL };
    globalThis.document = page;
    URL.createObjectURL = (file) => {
      log.push(["url", file]);
      return "blob:1";
    };
    URL.revokeObjectURL = (url) => log.push(["revoked", url]);
  });
  afterEach(() => {
    Object.assign(URL, set);
    delete globalThis.document;
    mock.timers.reset();
  });

  it("is downloaded under its name, and its URL is kept for as long as browsers read it", () => {
    const file = new File(["PK"], "key.zip");
    equal(saveFile(file), undefined);
    deepEqual(log, [
      ["element", "a"],
      ["url", file],
      ["click", "blob:1", "key.zip"],
    ]);
    mock.timers.tick(KEEP - 1);
    equal(log.length, 3);
    mock.timers.tick(1);
    deepEqual(log.slice(3), [["revoked", "blob:1"]]);
  });

  it("has a name of its own where it is a Blob", () => {
    saveFile(new Blob(["PK"]));
    deepEqual(log.at(-1), ["click", "blob:1", "node-provider-key.zip"]);
    saveFile({ slice() {}, size: 1, name: "" });
    deepEqual(log.at(-1), ["click", "blob:1", ""]);
  });

  it("keeps no process alive, and needs no timer", () => {
    const { setTimeout } = globalThis;
    let isLetGo = false;
    for (const timer of [
      {
        unref: () => {
          isLetGo = true;
        },
      },
      7,
      {},
    ]) {
      globalThis.setTimeout = () => timer;
      saveFile(new Blob([]));
    }
    ok(isLetGo);
    globalThis.setTimeout = undefined;
    saveFile(new Blob([]));
    globalThis.setTimeout = setTimeout;
  });

  const error =
    (kind, message, more = {}) =>
    (thrown) => {
      ok(isApiKeyError(thrown));
      deepEqual([thrown.kind, thrown.outcome, thrown.message, thrown.issues], [kind, "not_sent", message, more.issues]);
      return true;
    };

  it("is refused where it is none", () => {
    const rule = "must be a File or Blob";
    const message = `saveFile got invalid arguments: file ${rule}: fix it and call again.`;
    for (const nothing of [undefined, null, "text", {}, { size: 1 }, { slice() {} }, { slice() {}, size: "1" }]) {
      throws(
        () => saveFile(nothing),
        error("invalid_argument", message, { issues: [{ field: "file", message: rule }] }),
      );
    }
    deepEqual(log, []);
  });

  it("is not saved where there is no page, and none that can download", () => {
    URL.createObjectURL = () => {
      throw new Error("not here");
    };
    throws(
      () => saveFile(new Blob([])),
      error("internal", "saveFile found no way to download from this page: read the file's bytes instead."),
    );
    deepEqual(log, [["element", "a"]]);
    globalThis.document = undefined;
    throws(
      () => saveFile(new Blob([])),
      error("internal", "saveFile found no page to download from: write the file's bytes to disk instead."),
    );
  });
});
