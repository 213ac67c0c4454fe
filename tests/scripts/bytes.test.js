import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decode, fileOf, joined, sinkOf, wordOf } from "../../pkg-template/bytes.js";
import { drain } from "../../pkg-template/exchange.js";
import { BROKEN, CLOSED, LARGE, WHOLE } from "../../pkg-template/names.js";
import { always, alwaysSoon } from "./kit.js";

const bytes = (most) => fc.uint8Array({ maxLength: most });

describe("bytes", () => {
  it("are read as little-endian numbers, and as zero beyond the end", () => {
    always(bytes(12), fc.nat(16), (given, at) => {
      const padded = new DataView(Uint8Array.from([...given, ...new Array(24).fill(0)]).buffer);
      equal(wordOf(given, at), padded.getUint32(at, true));
    });
    equal(wordOf(Uint8Array.of(0xff, 0xff, 0xff, 0xff), 0), 0xffff_ffff);
  });

  it("are text exactly where they are UTF-8", () => {
    always(
      fc.oneof(
        bytes(12),
        fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
      ),
      (given) => {
        const text = Buffer.from(given).toString();
        // A mark at the beginning is no part of the text.
        const isUtf8 = Buffer.from(text).equals(Buffer.from(given));
        equal(decode(given), isUtf8 ? text.replace(/^\ufeff/, "") : undefined);
      },
    );
  });

  it("in pieces are joined once, without a copy of one piece", async () => {
    await alwaysSoon(fc.array(bytes(9), { maxLength: 5 }), async (pieces) => {
      const sink = sinkOf(100);
      for (const piece of pieces) {
        sink.chunks.push(piece);
        sink.size += piece.length;
      }
      const whole = joined(sink);
      deepEqual(
        [...whole],
        pieces.flatMap((piece) => [...piece]),
      );
      equal(joined(sink), whole);
      if (pieces.length === 1) equal(whole, pieces[0]);
      const { name, type, size } = fileOf(sink, "key.zip", "application/zip") ?? new File([whole], "key.zip");
      deepEqual([name, size], ["key.zip", whole.length]);
      ok(type === "application/zip" || type === "");
    });
  });
});

/** Views of the same bytes, as streams of other hosts give them. */
const VIEWS = [
  (piece) => piece,
  (piece) => Buffer.from(piece),
  (piece) => new DataView(piece.buffer, piece.byteOffset, piece.byteLength),
  (piece) => new Uint8Array([1, ...piece, 2]).subarray(1, piece.length + 1),
];

/** Each way in which a response has a body. */
const BODIES = {
  reader: (pieces, log) => {
    const left = [...pieces];
    const next = async () => (left.length > 0 ? { done: false, value: left.shift() } : { done: true });
    return { body: { getReader: () => ({ read: next, cancel: async () => log.push("stopped") }) } };
  },
  iterator: (pieces, log) => {
    const left = [...pieces];
    const next = async () => (left.length > 0 ? { done: false, value: left.shift() } : { done: true });
    return { body: { [Symbol.asyncIterator]: () => ({ next, return: async () => log.push("stopped") }) } };
  },
  stream: (pieces) => ({ body: ReadableStream.from(pieces) }),
};

describe("the body of an answer", () => {
  it("is read piece by piece to its end, or to its limit and no further", async () => {
    const kinds = fc.constantFrom(...Object.values(BODIES));
    const pieces = fc.array(fc.tuple(bytes(9), fc.constantFrom(...VIEWS)), { maxLength: 6 });
    await alwaysSoon(kinds, pieces, fc.integer({ min: 1, max: 30 }), async (bodyOf, made, most) => {
      const sink = sinkOf(most);
      const end = await drain(
        bodyOf(
          made.map(([piece, view]) => view(piece)),
          [],
        ),
        sink,
      );
      let wanted = [];
      for (const [piece] of made) {
        wanted = [...wanted, ...piece];
        if (wanted.length > most) break;
      }
      equal(end, wanted.length > most ? LARGE : WHOLE);
      equal(sink.size, wanted.length);
      deepEqual([...joined(sink)], wanted);
    });
  });

  it("is read from a buffer where there is no stream", async () => {
    await alwaysSoon(bytes(20), fc.integer({ min: 1, max: 20 }), async (given, most) => {
      const sink = sinkOf(most);
      const end = await drain({ arrayBuffer: async () => given.slice().buffer }, sink);
      equal(end, given.length > most ? LARGE : WHOLE);
      deepEqual([...joined(sink)], [...given]);
    });
  });

  it("can be stopped once it is read from", async () => {
    for (const kind of ["reader", "iterator"]) {
      const log = [];
      const sink = sinkOf(1);
      equal(await drain(BODIES[kind]([Uint8Array.of(1, 2)], log), sink), LARGE);
      await sink.stop();
      deepEqual(log, ["stopped"], kind);
    }
  });

  it("is broken by what is no piece of bytes, and by an end that throws", async () => {
    for (const piece of ["text", 7, null, undefined, [1, 2], {}, new ArrayBuffer(2)]) {
      equal(await drain(BODIES.reader([piece], []), sinkOf(9)), BROKEN, String(piece));
    }
    equal(await drain({ arrayBuffer: async () => "text" }, sinkOf(9)), BROKEN);
    const failing = { body: { getReader: () => ({ read: () => Promise.reject(new Error("gone")) }) } };
    equal(await drain(failing, sinkOf(9)).catch(({ message }) => message), "gone");
  });

  it("is empty where there is none, and closed where nothing reads it", async () => {
    for (const [response, end] of [
      [{}, WHOLE],
      [{ body: null }, WHOLE],
      [{ body: undefined }, WHOLE],
      [{ body: "text" }, CLOSED],
      [{ text: async () => "text" }, CLOSED],
      [{ blob: async () => new Blob([]) }, CLOSED],
    ]) {
      equal(await drain(response, sinkOf(9)), end);
    }
  });
});
