// Builds ZIP files, whole ones and broken ones, in any runtime: independent of every reader under test.

const utf8 = new TextEncoder();

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

/** CRC-32 as ZIP has it. */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

/** The parts one after the other. */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const toBytes = (data) => (typeof data === "string" ? utf8.encode(data) : data);

/** Little-endian fields: [bytes, value] each. */
function fields(...list) {
  const out = new Uint8Array(list.reduce((size, [bytes]) => size + bytes, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [bytes, value] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return out;
}

/** Raw DEFLATE of `bytes`. */
export async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const LATER = 0xffffffff;

/**
 * A ZIP file.
 * @param {{ name: string, data: string | Uint8Array, deflate?: boolean, descriptor?: boolean | "unsigned", zip64?: boolean,
 *   lie?: { local?: object, central?: object } }[]} entries
 *   `descriptor` puts sizes and checksum behind the data; `zip64` keeps sizes in the extra field;
 *   `lie` overrides fields of a header: flags, method, crc, compressed, size, offset.
 * @param {{ comment?: string | Uint8Array, zip64?: boolean, lie?: object }} [options]
 *   `zip64` adds the ZIP64 end record and locator; `lie` overrides count, size, offset and comment length of the end record.
 */
export async function zip(entries, options = {}) {
  const chunks = [];
  const central = [];
  let offset = 0;
  const push = (...parts) => {
    for (const part of parts) {
      chunks.push(part);
      offset += part.length;
    }
  };
  for (const entry of entries) {
    const name = utf8.encode(entry.name);
    const data = toBytes(entry.data);
    const packed = entry.deflate ? await deflate(data) : data;
    const truth = {
      flags: 0x0800 | (entry.descriptor ? 8 : 0),
      method: entry.deflate ? 8 : 0,
      crc: crc32(data),
      compressed: packed.length,
      size: data.length,
      offset,
    };
    const need = entry.zip64 ? 45 : 20;

    const local = { ...truth, ...(entry.descriptor ? { crc: 0, compressed: 0, size: 0 } : {}), ...entry.lie?.local };
    const localExtra =
      entry.zip64 && !entry.descriptor
        ? fields([2, 1], [2, 16], [8, local.size], [8, local.compressed])
        : new Uint8Array();
    const wide = localExtra.length > 0;
    push(
      fields(
        [4, 0x04034b50],
        [2, need],
        [2, local.flags],
        [2, local.method],
        [2, 0],
        [2, 0x21],
        [4, local.crc],
        [4, wide ? LATER : local.compressed],
        [4, wide ? LATER : local.size],
        [2, name.length],
        [2, localExtra.length],
      ),
      name,
      localExtra,
      packed,
    );
    if (entry.descriptor) {
      const width = entry.zip64 ? 8 : 4;
      if (entry.descriptor !== "unsigned") push(fields([4, 0x08074b50]));
      push(fields([4, truth.crc], [width, truth.compressed], [width, truth.size]));
    }

    const listed = { ...truth, ...entry.lie?.central };
    const extra = entry.zip64
      ? fields([2, 1], [2, 24], [8, listed.size], [8, listed.compressed], [8, listed.offset])
      : new Uint8Array();
    central.push(
      fields(
        [4, 0x02014b50],
        [2, need],
        [2, need],
        [2, listed.flags],
        [2, listed.method],
        [2, 0],
        [2, 0x21],
        [4, listed.crc],
        [4, entry.zip64 ? LATER : listed.compressed],
        [4, entry.zip64 ? LATER : listed.size],
        [2, name.length],
        [2, extra.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, entry.zip64 ? LATER : listed.offset],
      ),
      name,
      extra,
    );
  }
  const directory = concat(...central);
  const comment = toBytes(options.comment ?? "");
  const end = { count: entries.length, size: directory.length, offset, comment: comment.length, ...options.lie };
  const tail = [];
  if (options.zip64) {
    const at = offset + directory.length;
    tail.push(
      fields(
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, end.count],
        [8, end.count],
        [8, end.size],
        [8, end.offset],
      ),
      fields([4, 0x07064b50], [4, 0], [8, at], [4, 1]),
    );
  }
  const short = (value, limit) => (options.zip64 ? limit : value);
  tail.push(
    fields(
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, short(end.count, 0xffff)],
      [2, short(end.count, 0xffff)],
      [4, short(end.size, LATER)],
      [4, short(end.offset, LATER)],
      [2, end.comment],
    ),
    comment,
  );
  return concat(...chunks, directory, ...tail);
}

/** Bytes as base64, for an answer of the rogue server. */
export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
