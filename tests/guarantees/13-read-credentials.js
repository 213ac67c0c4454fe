import {
  assert,
  host,
  test,
  scenario,
  fails,
  succeeds,
  create,
  keyFile,
  fileAnswer,
  secretText,
  patch,
} from "./kit.js";
import { zip, deflate, concat } from "../support/zip.js";

const read = (bytes) => host.pkg.readCredentials(bytes instanceof Blob ? bytes : new Blob([bytes]));
const csv = async (data, entry = {}, options = {}) =>
  read(await zip([{ name: "credential.csv", data, ...entry }], options));
const rowsOf = (rows) => rows.map((row) => ({ ...row }));
const refused = (promise) => fails(promise, { kind: "invalid_argument", outcome: "not_sent" });
const broken = (bytes) => refused(read(bytes));

describe("readCredentials", () => {
  const texts = {
    LF: ["a,b\n1,2\n", [{ a: "1", b: "2" }]],
    CRLF: ["a,b\r\n1,2\r\n", [{ a: "1", b: "2" }]],
    "no line end at its end": ["a,b\r\n1,2", [{ a: "1", b: "2" }]],
    "a byte order mark": ["\ufeffa,b\r\n1,2\r\n", [{ a: "1", b: "2" }]],
    "a byte order mark and quotes": ['\ufeff"a",b\r\n1,2\r\n', [{ a: "1", b: "2" }]],
    quotes: ['"a","b"\r\n"1","2"\r\n', [{ a: "1", b: "2" }]],
    "quoted commas, quotes and line ends": ['a,b\r\n"x, ""y""\r\nz",2\r\n', [{ a: 'x, "y"\r\nz', b: "2" }]],
    "empty fields": ['a,b,c\r\n,"",\r\n', [{ a: "", b: "", c: "" }]],
    "several rows": ["a\r\n1\r\n2\r\n3\r\n", [{ a: "1" }, { a: "2" }, { a: "3" }]],
    "a header alone": ["a,b\r\n", []],
    "unknown columns": [
      "API Key,Something New,備考\r\nk,v,注\r\n",
      [{ "API Key": "k", "Something New": "v", 備考: "注" }],
    ],
    "blanks that belong to fields": ["a,b\r\n x , y \r\n", [{ a: " x ", b: " y " }]],
    "letters of all sorts": ["名,🔑\r\nł\u0301,\u{10ffff}\r\n", [{ 名: "ł\u0301", "🔑": "\u{10ffff}" }]],
    "columns named by numbers": ["2,1,10\r\nx,y,z\r\n", [{ 1: "y", 2: "x", 10: "z" }]],
    "formulas left as they are": ["a\r\n=1+1\r\n", [{ a: "=1+1" }]],
  };
  for (const [what, [text, expected]] of Object.entries(texts)) {
    test(`a file with ${what} is read`, async () => {
      for (const deflated of [false, true])
        assert.deepEqual(rowsOf(await succeeds(csv(text, { deflate: deflated }))), expected);
    });
  }

  for (const [what, [text, expected]] of Object.entries({
    semicolons: ["a;b\r\n1;2\r\n", [{ a: "1", b: "2" }]],
    tabs: ["a\tb\n1\t2\n", [{ a: "1", b: "2" }]],
    "semicolons and commas in quotes": ['"a, b";c\r\n"1;2";"3,4"\r\n', [{ "a, b": "1;2", c: "3,4" }]],
    "empty columns at its end": ["a,b,,\r\n1,2,,\r\n", [{ a: "1", b: "2" }]],
    "rows without the header's empty columns": ["a,b,,\n1,2\n", [{ a: "1", b: "2" }]],
    "empty columns at the end of rows alone": ["a,b\n1,2,,\n", [{ a: "1", b: "2" }]],
  })) {
    test(`a table with ${what} is read right`, async () => {
      assert.deepEqual(rowsOf(await succeeds(csv(text))), expected);
    });
  }

  for (const [what, text] of Object.entries({
    "a separator that is not clear": "a,b;c\r\n1,2;3\r\n",
    "a value in a column without a name": "a,b,\r\n1,2,3\r\n",
    "a row that is too short": "a,b,c\r\n1,2\r\n",
    "a row that is too long": "a,b\r\n1,2,3\r\n",
    "two columns of one name": "a,b,a\r\n1,2,3\r\n",
  })) {
    test(`a table with ${what} is refused`, async () => {
      assert.include((await refused(csv(text))).issues[0].message, "credential.csv");
    });
  }

  test("of several credential.csv none is chosen: the file is refused, and says so", async () => {
    const table = (name, data) => ({ name, data });
    for (const names of [
      ["credential.csv", "credential.csv"],
      ["credential.csv", "folder/credential.csv"],
      ["one/credential.csv", "two\\credential.csv"],
    ]) {
      const bytes = await zip(names.map((name, at) => table(name, `a\n${at}\n`)));
      assert.include((await broken(bytes)).issues[0].message, "more than one credential.csv");
    }
  });

  test("credential.csv is found in a folder, by whatever slash", async () => {
    for (const name of ["key/credential.csv", "key\\credential.csv", "a/b\\c/credential.csv"]) {
      assert.deepEqual(rowsOf(await succeeds(read(await zip([{ name, data: "a\n1\n" }])))), [{ a: "1" }]);
    }
    await broken(await zip([{ name: "key_credential.csv", data: "a\n1\n" }]));
  });

  test("a directory of a million entries is refused by their count", async () => {
    const few = await zip([{ name: "a", data: "" }]);
    const header = few.slice(few.length - 22 - 47, few.length - 22);
    const count = 1_000_000;
    const bytes = new Uint8Array(few.length - 22 - header.length + header.length * count + 98);
    bytes.set(few.slice(0, few.length - 22 - header.length));
    const start = few.length - 22 - header.length;
    for (let at = 0; at < count; at += 1) bytes.set(header, start + at * header.length);
    const view = new DataView(bytes.buffer);
    let end = start + header.length * count;
    // The end of a ZIP64 directory, its locator, the end.
    view.setUint32(end, 0x06064b50, true);
    view.setUint32(end + 4, 44, true);
    view.setUint32(end + 24, count, true);
    view.setUint32(end + 32, count, true);
    view.setUint32(end + 40, header.length * count, true);
    view.setUint32(end + 48, start, true);
    view.setUint32(end + 56, 0x07064b50, true);
    view.setUint32(end + 64, end, true);
    view.setUint32(end + 72, 1, true);
    end += 76;
    view.setUint32(end, 0x06054b50, true);
    for (const [place, value] of [
      [8, 0xffff],
      [10, 0xffff],
    ])
      view.setUint16(end + place, value, true);
    view.setUint32(end + 12, 0xffffffff, true);
    view.setUint32(end + 16, 0xffffffff, true);
    // Its directory is not walked through: the message is that of the count.
    assert.include((await broken(bytes)).issues[0].message, "a ZIP of more than 1000 files");
  });

  test("a Blob that cannot read itself is read all the same, as in test environments that play a browser", async () => {
    const { bytes } = await keyFile({ deflate: true, secret: "read" });
    for (const lacking of [["stream"], ["stream", "arrayBuffer"], ["arrayBuffer", "text", "bytes", "stream"]]) {
      const blob = new Blob([bytes]);
      for (const name of lacking) Object.defineProperty(blob, name, { value: undefined });
      const { arrayBuffer } = Blob.prototype;
      if (!host.page)
        patch(
          globalThis,
          "FileReader",
          class {
            async readAsArrayBuffer(given) {
              this.result = await Reflect.apply(arrayBuffer, given, []);
              this.onload();
            }
          },
        );
      assert.lengthOf(await succeeds(read(blob)), 1);
    }
  });

  const layouts = {
    stored: [{}],
    deflated: [{ deflate: true }],
    "deflated with a data descriptor": [{ deflate: true, descriptor: true }],
    "with an unsigned data descriptor": [{ deflate: true, descriptor: "unsigned" }],
    "with a comment": [{}, { comment: "PK\x05\x06 comment" }],
    "as ZIP64": [{ zip64: true, deflate: true }, { zip64: true }],
    "as ZIP64 with a data descriptor": [{ zip64: true, deflate: true, descriptor: true }, { zip64: true }],
    "stored with a data descriptor": [{ descriptor: true }],
  };
  for (const [what, [entry, options]] of Object.entries(layouts)) {
    test(`a file ${what} is read`, async () => {
      assert.deepEqual(rowsOf(await succeeds(csv("Key\r\nvalue\r\n", entry, options))), [{ Key: "value" }]);
    });
  }

  test("a created file is read now, and later from its bytes", async () => {
    const { bytes, secret } = await keyFile({ description: "For, test", deflate: true });
    const file = await succeeds(create(await scenario(fileAnswer(bytes))));
    for (const blob of [
      file,
      new Blob([bytes]),
      new Blob([bytes], { type: "text/html" }),
      new File([bytes], "x.bin"),
      new Blob([new Uint8Array(9), bytes]).slice(9),
    ]) {
      assert.deepEqual(rowsOf(await succeeds(read(blob))), [{ "API Key Name": "For, test", "API Key": secret }]);
    }
  });

  test("credential.csv is found among other entries, and nothing else is taken for it", async () => {
    const other = { name: "not-credential.csv", data: "wrong\r\nwrong\r\n" };
    const bytes = await zip([
      other,
      { name: "README.txt", data: "x", deflate: true },
      { name: "credential.csv", data: "a\r\nright\r\n", deflate: true },
      { name: "credential.csv.bak", data: "b\r\nwrong\r\n" },
    ]);
    assert.deepEqual(rowsOf(await succeeds(read(bytes))), [{ a: "right" }]);
    await broken(await zip([other]));
    await broken(await zip([]));
  });

  test("a file with a large table is read", async () => {
    const rows = Array.from({ length: 2000 }, (_, n) => `${n},"value ${n}"`);
    const result = await succeeds(csv(`n,value\r\n${rows.join("\r\n")}\r\n`, { deflate: true }));
    assert.lengthOf(result, 2000);
    assert.deepEqual({ ...result[1999] }, { n: "1999", value: "value 1999" });
  });

  for (const value of [
    undefined,
    null,
    "PK",
    5,
    {},
    [],
    new Uint8Array(4),
    new ArrayBuffer(4),
    Symbol("x"),
    {
      size: 4,
      type: "",
      arrayBuffer: async () => {
        throw new Error("no");
      },
    },
  ]) {
    test(`${Object.prototype.toString.call(value)} is no Blob: invalid_argument/not_sent`, async () => {
      await refused(host.pkg.readCredentials(value));
    });
  }

  test("more than 64 MiB is refused unread, and what has no bytes to give is no Blob", async () => {
    const reads = [];
    const blob = (size) => ({ size, arrayBuffer: async () => reads.push(size) && new ArrayBuffer(4) });
    const rule = async (value) => (await refused(host.pkg.readCredentials(value))).issues[0].message;
    assert.include(await rule(blob(67_108_865)), "67108864 bytes");
    assert.lengthOf(reads, 0);
    assert.include(await rule(blob(67_108_864)), "a whole key file");
    assert.lengthOf(reads, 1);
    for (const size of [4, 67_108_864]) assert.include(await rule({ size }), "a File or Blob");
  });

  test("a table of 1 MiB is read, and one of a byte more is refused for its size", async () => {
    const table = (size) => csv(`${"x".repeat(size - 4)}\n1\r\n`, { deflate: true });
    assert.lengthOf(await succeeds(table(1 << 20)), 1);
    assert.include((await refused(table((1 << 20) + 1))).issues[0].message, "1048576 bytes");
  });

  const secretCsv = () => `Key\r\n${secretText(80)}\r\n`;
  const one = (entry, options) => zip([{ name: "credential.csv", data: secretCsv(), ...entry }], options);
  const lie = (fields, entry = {}) => one({ ...entry, lie: { local: fields, central: fields } });
  const files = {
    empty: () => new Uint8Array(),
    HTML: () => new TextEncoder().encode("<html>"),
    "CSV itself": () => new TextEncoder().encode(secretCsv()),
    "the example's two letters": () => new TextEncoder().encode("PKXXX"),
    "cut by one byte": async () => (await one()).slice(0, -1),
    "cut in the middle": async () => (await one()).slice(0, 60),
    "without its start": async () => (await one()).slice(10),
    "an entry that starts outside": () => lie({ offset: 1e6 }),
    "an entry longer than the file": () => lie({ compressed: 1e6, size: 1e6 }),
    "an entry of 4 GiB": () => lie({ compressed: 0xfffffffe, size: 0xfffffffe }),
    "a directory outside": () => one({}, { lie: { offset: 1e6 } }),
    "a directory too long": () => one({}, { lie: { size: 1e6 } }),
    "a wrong count": () => one({}, { lie: { count: 9 } }),
    "a ZIP64 offset that overflows": () =>
      one({ zip64: true, lie: { central: { offset: 2n ** 63n } } }, { zip64: true }),
    "a ZIP64 size that overflows": () =>
      one({ zip64: true, lie: { central: { compressed: 2n ** 64n - 1n, size: 2n ** 64n - 1n } } }, { zip64: true }),
    "an encrypted entry": () => lie({ flags: 0x0801 }),
    "an unknown method": () => lie({ method: 12 }),
    "deflate that is none": () => lie({ method: 8 }),
    "a wrong checksum": () => lie({ crc: 1 }),
    "a stored entry whose two sizes differ": () => lie({ size: 20 }),
    "an inflated size that is too small": () => lie({ size: 20 }, { deflate: true }),
    "an inflated size that is too large": () => lie({ size: 2000 }, { deflate: true }),
    "an unclosed quote": () => zip([{ name: "credential.csv", data: `Key\r\n"${secretText(80)}` }]),
    "deflate cut short": async () => {
      const packed = await deflate(new TextEncoder().encode(secretCsv()));
      return zip([
        { name: "credential.csv", data: packed.slice(0, -5), lie: { local: { method: 8 }, central: { method: 8 } } },
      ]);
    },
    "bytes that are no UTF-8": () =>
      zip([
        {
          name: "credential.csv",
          data: concat(new TextEncoder().encode(secretCsv()), new Uint8Array([0xff, 0xfe, 0x80])),
        },
      ]),
  };
  for (const [what, make] of Object.entries(files)) {
    test(`a broken file, ${what}, is invalid_argument/not_sent and quotes nothing`, async () => broken(await make()));
  }

  test("without a DecompressionStream the host is blamed, not the file: internal/not_sent", async () => {
    const bytes = await zip([{ name: "credential.csv", data: "a\n1", deflate: true }]);
    // Node has one elsewhere, too.
    const node = globalThis.process?.getBuiltinModule("node:stream/web");
    for (const place of node ? [globalThis, node] : [globalThis]) patch(place, "DecompressionStream", undefined);
    await fails(read(bytes), { kind: "internal", outcome: "not_sent" });
  });

  test("a bomb is refused without being unpacked", async () => {
    const zeros = await deflate(new Uint8Array(256 * 1024 * 1024));
    assert.isBelow(zeros.length, 1024 * 1024);
    let inflated = 0;
    const { read: original } = ReadableStreamDefaultReader.prototype;
    patch(ReadableStreamDefaultReader.prototype, "read", async function (...args) {
      const result = await Reflect.apply(original, this, args);
      inflated += result.value?.length ?? 0;
      return result;
    });
    for (const size of [256 * 1024 * 1024, 100]) {
      const sizes = { method: 8, size };
      await broken(await zip([{ name: "credential.csv", data: zeros, lie: { local: sizes, central: sizes } }]));
    }
    assert.isBelow(inflated, 32 * 1024 * 1024, "bytes unpacked");
  });

  test("a bomb of many entries, and of entries over one another, is refused or read at once", async () => {
    const data = new Uint8Array(64 * 1024);
    const many = await zip(Array.from({ length: 3000 }, (_, n) => ({ name: `${n}`, data: "" })));
    await broken(many);
    const overlapping = await zip([
      { name: "first", data, deflate: true },
      { name: "credential.csv", data, deflate: true, lie: { central: { offset: 0 } } },
    ]);
    await read(overlapping).catch((error) => assert.equal(error.kind, "invalid_argument"));
  });

  test("a file that cannot be read any more is an ApiKeyError", async () => {
    const { bytes } = await keyFile();
    const blob = new Blob([bytes]);
    for (const name of ["arrayBuffer", "stream", "slice", "bytes", "text"])
      blob[name] = () => {
        throw new DOMException("gone", "NotReadableError");
      };
    await read(blob).catch((error) => fails(Promise.reject(error), { kind: "invalid_argument", outcome: "not_sent" }));
  });

  test("every single byte changed in a file is refused or read, and never hangs or throws something else", async () => {
    const { bytes } = await keyFile({ deflate: true });
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] ^= 0xff;
      await read(changed).catch((error) => assert.equal(error.kind, "invalid_argument", `byte ${at}`));
    }
  });

  test("every cut of a file is refused", async () => {
    const { bytes } = await keyFile({ deflate: true });
    for (let size = 0; size < bytes.length; size += 1) {
      const error = await read(bytes.slice(0, size)).then(
        () => null,
        (thrown) => thrown,
      );
      assert.equal(error?.kind, "invalid_argument", `cut at ${size}`);
    }
  });
});
