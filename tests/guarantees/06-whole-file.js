import {
  assert,
  host,
  test,
  scenario,
  fails,
  succeeds,
  create,
  stub,
  bytesOf,
  sameBytes,
  keyFile,
  fileAnswer,
  secretText,
} from "./kit.js";
import { concat, zip } from "../support/zip.js";

const ALL_BYTES = Uint8Array.from({ length: 1024 }, (_, at) => at & 0xff);
const allBytes = () => zip([{ name: "credential.csv", data: ALL_BYTES }]);

async function refused(answer) {
  const error = await fails(create(await scenario(answer)), {
    kind: "unexpected_response",
    outcome: "unknown",
    call: "create",
  });
  return error;
}

describe("6. The file is whole", () => {
  const types = [
    undefined,
    "application/zip",
    "application/octet-stream",
    "text/plain",
    "text/plain; charset=utf-16",
    "text/html",
    "application/json",
    "text/csv",
    "image/png",
    "nonsense",
    "",
  ];
  for (const type of types) {
    test(`all 256 byte values arrive under the content type ${type === undefined ? "none" : JSON.stringify(type)}`, async () => {
      const bytes = await allBytes();
      const server = await scenario(fileAnswer(bytes, { headers: type === undefined ? {} : { "Content-Type": type } }));
      const file = await succeeds(create(server));
      sameBytes(await bytesOf(file), bytes);
      assert.equal(file.type, "application/zip");
    });
  }

  const framings = {
    sized: {},
    chunked: { framing: "chunked", chunk: 100 },
    "chunked byte by byte": { framing: "chunked", chunk: 1 },
    "ended by the connection's end": { framing: "close" },
    gzip: { encoding: "gzip" },
    deflate: { encoding: "deflate" },
    "gzip and chunked": { encoding: "gzip", framing: "chunked", chunk: 50 },
    "in slow pieces": { chunk: 300, drip: 10 },
    "after a 103": { informational: ["103 Early Hints\r\nLink: </x>"] },
  };
  for (const [what, framing] of Object.entries(framings)) {
    test(`all bytes arrive ${what}`, async () => {
      const bytes = await allBytes();
      sameBytes(await bytesOf(await succeeds(create(await scenario(fileAnswer(bytes, framing))))), bytes);
    });
  }

  const legal = {
    deflated: () => [[{ deflate: true }]],
    "with a data descriptor": () => [[{ deflate: true, descriptor: true }]],
    "stored with a data descriptor": () => [[{ descriptor: true }]],
    "with an unsigned data descriptor": () => [[{ deflate: true, descriptor: "unsigned" }]],
    "with a comment": () => [[{}], { comment: "made by the service" }],
    "with the longest comment": () => [[{}], { comment: "x".repeat(65_535) }],
    "with a comment that holds an end record's signature": () => [
      [{}],
      { comment: `PK\x05\x06 and PK\x01\x02 and PK\x05\x06${"\0".repeat(30)}` },
    ],
    "as ZIP64": () => [[{ zip64: true }], { zip64: true }],
    "as ZIP64, deflated, with a data descriptor": () => [
      [{ zip64: true, deflate: true, descriptor: true }],
      { zip64: true },
    ],
    "with ZIP64 entries alone": () => [[{ zip64: true }]],
    "with more than one entry": () => [[{ name: "README.txt" }, {}, { name: "empty.txt", data: "" }]],
  };
  for (const [what, make] of Object.entries(legal)) {
    test(`a key file ${what} is legal`, async () => {
      const [entries, options] = make();
      const bytes = await zip(
        entries.map((entry) => ({ name: "credential.csv", data: `Key\r\n${secretText(64)}\r\n`, ...entry })),
        options,
      );
      sameBytes(await bytesOf(await succeeds(create(await scenario(fileAnswer(bytes))))), bytes);
    });
  }

  const whole = async (options) =>
    zip(
      [
        { name: "credential.csv", data: `Key\r\n${secretText(64)}\r\n` },
        { name: "b.txt", data: "b" },
      ],
      options,
    );
  const lying = (lie) => zip([{ name: "credential.csv", data: `Key\r\n${secretText(64)}\r\n`, lie }]);
  const broken = {
    HTML: async () => new TextEncoder().encode("<!doctype html><title>Sign in</title>"),
    JSON: async () => new TextEncoder().encode('{"code":200}'),
    "the example's two letters": async () => new TextEncoder().encode("PKXXX"),
    "a signature and no more": async () => new Uint8Array([0x50, 0x4b, 3, 4]),
    "one byte": async () => new Uint8Array([0x50]),
    "a ZIP without its last byte": async () => (await whole()).slice(0, -1),
    "a ZIP without its end record": async () => (await whole()).slice(0, -22),
    "the first half of a ZIP": async () => {
      const bytes = await whole();
      return bytes.slice(0, bytes.length / 2);
    },
    "a ZIP without its first byte": async () => (await whole()).slice(1),
    "a ZIP without its middle": async () => {
      const bytes = await whole();
      return concat(bytes.slice(0, 50), bytes.slice(70));
    },
    "a ZIP decoded as text": async () => new TextEncoder().encode(new TextDecoder().decode(await allBytes())),
    "a ZIP whose comment is cut": async () => (await whole({ comment: "a comment" })).slice(0, -3),
    "a ZIP with another signature": async () => {
      const bytes = await whole();
      bytes[2] = 9;
      return bytes;
    },
    "a ZIP whose directory lies outside": () => whole({ lie: { offset: 100_000 } }),
    "a ZIP whose directory is larger than it": () => whole({ lie: { size: 100_000 } }),
    "a ZIP that counts more entries than it has": () => whole({ lie: { count: 3 } }),
    "an entry that starts outside": () => lying({ central: { offset: 100_000 } }),
    "an entry at no local header": () => lying({ central: { offset: 7 } }),
    "an entry longer than the file": () =>
      lying({ central: { compressed: 100_000, size: 100_000 }, local: { compressed: 100_000, size: 100_000 } }),
    "an entry of 4 GiB": () => lying({ central: { compressed: 0xfffffffe, size: 0xfffffffe } }),
    "a ZIP64 whose offset overflows": () =>
      zip([{ name: "credential.csv", data: "x", zip64: true, lie: { central: { offset: 2n ** 64n - 1n } } }], {
        zip64: true,
      }),
    "a ZIP64 whose directory's offset overflows": () =>
      zip([{ name: "credential.csv", data: "x", zip64: true }], { zip64: true, lie: { offset: 2n ** 63n } }),
  };
  for (const [what, make] of Object.entries(broken)) {
    test(`${what} with status 200 is unexpected, and error.file holds the bytes`, async () => {
      const bytes = await make();
      const error = await refused(fileAnswer(bytes));
      assert.equal(error.status ?? 200, 200);
      assert.instanceOf(error.file, Blob);
      sameBytes(await bytesOf(error.file), bytes);
    });
  }

  test("an empty body with status 200 is unexpected", async () => {
    await refused({ headers: { "Content-Type": "application/zip" } });
    await refused({ framing: "chunked" });
  });

  for (const [what, more] of Object.entries({
    "closed before its announced length": { length: 5000 },
    "reset within": { stop: { at: "body", after: 600, how: "reset" } },
    "chunked and closed within a chunk": {
      framing: "chunked",
      chunk: 500,
      stop: { at: "body", after: 800, how: "close" },
    },
    "chunked and reset": { framing: "chunked", chunk: 500, stop: { at: "body", after: 800, how: "reset" } },
  })) {
    test(`a body ${what} is unexpected, and error.file holds what came`, async () => {
      const bytes = await allBytes();
      const answer = fileAnswer(bytes, { ...more, chunk: more.chunk ?? 300, drip: 40 });
      const server = await scenario(answer);
      const error = await create(server).then(
        () => null,
        (thrown) => thrown,
      );
      if (error === null) {
        // Every byte came, and the platform reported nothing broken: then there is nothing to see.
        assert.isTrue(host.page && more.length !== undefined);
        return;
      }
      await fails(Promise.reject(error), { kind: "unexpected_response", outcome: "unknown", call: "create" });
      const got = await bytesOf(error.file);
      assert.isAbove(got.length, 0);
      sameBytes(got, bytes.slice(0, got.length));
    });
  }

  test("a chunked body whose last chunk never came holds the whole file in error.file", async () => {
    const bytes = await allBytes();
    const stream = new ReadableStream(
      {
        start(controller) {
          controller.enqueue(bytes);
        },
        pull(controller) {
          controller.error(new TypeError("terminated"));
        },
      },
      { highWaterMark: 0 },
    );
    const error = await fails(
      create({ endpoint: host.origins[1] }, { fetch: stub(async () => new Response(stream)) }),
      { kind: "unexpected_response", outcome: "unknown", call: "create" },
    );
    sameBytes(await bytesOf(error.file), bytes);
  });

  test("a Content-Length that is wrong for an encoded body is no reason to refuse it", async () => {
    const bytes = await allBytes();
    const fetch = stub(async () => new Response(bytes, { headers: { "Content-Length": "7" } }));
    sameBytes(await bytesOf(await succeeds(create({ endpoint: host.origins[1] }, { fetch }))), bytes);
  });

  test("error.file does not print", async () => {
    const error = await refused({ body: "no file" });
    assert.isFalse(Object.keys(error).includes("file"), "enumerable");
    assert.notInclude(JSON.stringify(error), 'file"');
    assert.notInclude(String(error), "File");
    if (host.inspect) assert.notInclude(host.printed(error), "File");
  });

  test("the file is a File of the platform that goes into FormData, streams and object URLs", async () => {
    const { bytes } = await keyFile();
    const file = await succeeds(create(await scenario(fileAnswer(bytes))));
    assert.instanceOf(file, File);
    assert.equal(file.type, "application/zip");
    assert.equal(file.size, bytes.length);
    assert.equal(file.name, "node-provider-key.zip");
    const form = new FormData();
    form.append("key", file);
    sameBytes(await bytesOf(form.get("key")), bytes);
    sameBytes(new Uint8Array(await new Response(file.stream()).arrayBuffer()), bytes);
    const url = URL.createObjectURL(file);
    URL.revokeObjectURL(url);
  });

  /** Each byte of a text's UTF-8 as a character. */
  const latin1 = (text) => String.fromCharCode(...new TextEncoder().encode(text));
  const named = {
    'attachment; filename="credential.zip"': "credential.zip",
    "attachment; filename=credential.zip": "credential.zip",
    'ATTACHMENT; FILENAME="credential.zip"': "credential.zip",
    "attachment; filename*=UTF-8''%e2%82%ac%20rates.zip": "€ rates.zip",
    "attachment; filename=\"plain.zip\"; filename*=utf-8'en'%C3%A9toile.zip": "étoile.zip",
    "attachment; filename*=UTF-8''first.zip; filename=\"second.zip\"": "first.zip",
    "attachment; filename*=ISO-8859-1''%e9toile.zip": "étoile.zip",
    'attachment; filename="a \\"quoted\\" name.zip"': null,
    'attachment; filename="semi;colon.zip"': "semi;colon.zip",
    "inline; filename=inline.zip": "inline.zip",
    attachment: "node-provider-key.zip",
    'attachment; filename=""': "node-provider-key.zip",
    "attachment; filename*=UTF-8''": "node-provider-key.zip",
    'attachment; filename="."': "node-provider-key.zip",
    'attachment; filename=".."': "node-provider-key.zip",
    "attachment; filename*=UTF-8''%ff%fe": null,
    "attachment; filename*=nonsense": null,
    'attachment; filename="unclosed.zip': null,
    'attachment; filename="../../etc/passwd"': null,
    'attachment; filename="C:\\\\Windows\\\\x.zip"': null,
    'attachment; filename="/etc/passwd"': null,
    "attachment; filename*=UTF-8''..%2f..%2fx.zip": null,
    "attachment; filename*=UTF-8''a%00b%0d%0ac%1f%7f.zip": null,
    'attachment; filename="CON"': null,
    'attachment; filename="nul.zip"': null,
    'attachment; filename="COM1.tar.zip"': null,
    'attachment; filename="lpt9"': null,
    'attachment; filename="trailing.zip. . "': null,
    'attachment; filename=" leading.zip"': null,
    "attachment; filename*=UTF-8''%e2%80%aegpj.zip": null,
    'attachment; filename="a<b>c:d|e?f*g.zip"': null,
    [`attachment; filename="${"long".repeat(200)}.zip"`]: null,
    [`attachment; filename*=UTF-8''${"%f0%9f%94%91".repeat(200)}.zip`]: null,
    "attachment; filename*=UTF-8''%ed%a0%bd.zip": null,
    'attachment; filename="-rf.zip"': null,
    'attachment; filename="~root.zip"': null,
    'attachment; filename="%2e%2e%2fx.zip"': null,
    "attachment; filename*=UTF-8''%": null,
    'attachment; filename="key.html"': "key.html.zip",
    'attachment; filename="key.zip.exe"': "key.zip.exe.zip",
    'attachment; filename="KEY.ZIP"': "KEY.zip",
    'attachment; filename="key.zip."': "key.zip",
    "attachment; filename*=UTF-8''key.html%E2%80%8B": "key.html.zip",
    "attachment; filename*=UTF-8''key.html%E3%85%A4%E1%85%9F%E2%A0%80": "key.html.zip",
    "attachment; filename*=UTF-8''key.zip%E3%85%A4.html%EF%BE%A0": "key.zip.html.zip",
    'attachment; filename=".zip"': "zip.zip",
    [`attachment; filename="${"x".repeat(170)}.html.zip"`]: null,
    // What servers send that write UTF-8 as it is: a header is read byte by byte.
    [`attachment; filename="${latin1("ключ.zip")}"`]: "ключ.zip",
    [`attachment; filename="${latin1("密钥🔑.zip")}"`]: "密钥🔑.zip",
    'attachment; filename="\xe9toile.zip"': "étoile.zip",
    ";;;=": "node-provider-key.zip",
  };
  for (const [header, expected] of Object.entries(named)) {
    test(`the name from ${header.length > 80 ? `${header.slice(0, 60)}…` : header} is ${expected ?? "safe"}`, async () => {
      const { bytes } = await keyFile();
      const { name } = await succeeds(
        create(await scenario(fileAnswer(bytes, { headers: { "Content-Disposition": header } }))),
      );
      if (expected !== null) assert.equal(name, expected);
      assert.match(name, /[^.]\.zip$/, "the extension is ours");
      assert.isAbove(name.length, 0);
      assert.notMatch(
        name,
        /[\0-\x1f\x7f-\x9f/\\:*?"<>|\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/,
        "characters that a file system refuses, or that disguise",
      );
      assert.notMatch(name, /^\.{1,2}$|^[ .]|[ .]$/, "dots and blanks at the ends");
      assert.notMatch(name, /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i, "a device's name");
      assert.isAtMost(new TextEncoder().encode(name).length, 255);
      assert.isTrue(name.isWellFormed?.() ?? true, "well formed");
    });
  }
});
