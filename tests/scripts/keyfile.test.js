import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { KeyFile } from "../../pkg-template/keyfile.js";
import { alwaysSoon } from "./kit.js";

const loaded = async (parts) => {
  const file = new KeyFile(new Blob(parts));
  await file.load();
  return file;
};
const all = (file) => Buffer.from(file.sink.chunks[0]);

describe("a key file that is opened", () => {
  it("weighs what it says, and is none otherwise", () => {
    equal(new KeyFile(new Blob(["abc"])).weight(), 3);
    equal(new KeyFile({ size: 3, slice: () => {} }).weight(), 3);
    for (const other of [undefined, null, {}, { size: 3 }, { size: "3", slice: () => {} }, "text", new Uint8Array(3)]) {
      ok(Number.isNaN(new KeyFile(other).weight()), String(other));
    }
  });

  it("is read by a FileReader where its class cannot read itself, and never ends before that does", async (test) => {
    const { FileReader } = globalThis;
    test.after(() => Object.assign(globalThis, { FileReader }));
    const readers = [];
    globalThis.FileReader = class {
      readAsArrayBuffer(blob) {
        readers.push([this, blob]);
      }
    };
    const blob = { size: 3, slice: () => {} };
    const file = new KeyFile(blob);
    equal(file.timeout, Infinity);
    const loads = [file.load(), new KeyFile(blob).load()];
    const [[reader, read], [failing]] = readers;
    equal(read, blob);
    reader.result = Uint8Array.of(1, 2, 3).buffer;
    reader.onload();
    failing.error = new Error("quotes the key");
    failing.onerror();
    await Promise.all(loads);
    deepEqual([...all(file)], [1, 2, 3]);
    equal(file.size(), 3);
    equal(file.word(1), 0x0302);
    equal(file.more(), undefined);
  });

  it("waits for steps that tell how they ended", async () => {
    const told = [];
    const tell = (how) => (end) => told.push([how, end]);
    const file = new KeyFile(new Blob([]));
    for (const start of [() => Promise.resolve(1), () => Promise.reject(2)]) {
      await file.step(start, tell("taken"), tell("failed"));
    }
    deepEqual(told, [
      ["taken", 1],
      ["failed", 2],
    ]);
  });

  it("fails without a quotation where it cannot be read", async () => {
    const file = new KeyFile({ size: 3, arrayBuffer: () => Promise.reject(new Error("quotes the key")) });
    await file.load();
    ok(!file.more().cause.message.includes("key"));
  });

  it("is a table of rows by the names of its columns", async () => {
    const name = fc.constantFrom("id", "key", "__proto__", "constructor", "", 'a"b', "ключ");
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
    const cell = fc.constantFrom("", "a", '"', "a,b", "🔑", 'x"y"z', "\n");
    await alwaysSoon(
      names,
      fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 3 }),
      async (...table) => {
        const [columns, rows] = table;
        let text = "";
        const places = [columns, ...rows.map((row) => row.slice(0, columns.length))].map((row) =>
          row.map((field) => {
            const start = Buffer.byteLength(text);
            const isDoubled = field.includes('"');
            text += isDoubled ? field.replaceAll('"', '""') : field;
            return [start, Buffer.byteLength(text), isDoubled];
          }),
        );
        const file = await loaded([text]);
        for (const row of places) row.forEach((place, at) => void ok(file.cell(at, ...place)));
        ok(file.give());
        const wanted = rows.map((row) => columns.map((column, at) => [column, row[at]]));
        deepEqual((await file.promise).map(Object.entries), wanted);
      },
    );
  });

  it("is refused where a text in it is not UTF-8, or two columns have one name", async () => {
    const file = await loaded([Uint8Array.of(0x61, 0xff)]);
    ok(file.cell(0, 0, 1, false));
    equal(file.cell(1, 1, 2, false), false);
    const twice = await loaded(["aa"]);
    ok(twice.cell(0, 0, 1, false) && twice.cell(1, 1, 2, false));
    equal(twice.give(), false);
  });

  it("is cut and unpacked to what was packed, and to no more than it may be", async () => {
    await alwaysSoon(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 200 }), async (plain, most) => {
      const packed = deflateRawSync(plain);
      const file = await loaded(["before", packed, "after"]);
      const writer = file.writer();
      const sent = [writer.write(file.cut(6, 6 + packed.length)), writer.close()];
      deepEqual(all(file), packed);
      await file.pour(most);
      if (plain.length > most) ok(file.more().cause.message.startsWith("(left out"));
      else deepEqual(Buffer.concat(file.sink.chunks), Buffer.from(plain));
      await Promise.allSettled(sent);
    });
  });

  it("fails where it does not unpack", async () => {
    const file = await loaded(["no deflate at all"]);
    const writer = file.writer();
    const sent = [writer.write(file.cut(0, 17)), writer.close()];
    await file.pour(99);
    ok(file.more().cause.message.startsWith("(left out"));
    await Promise.allSettled(sent);
  });
});
