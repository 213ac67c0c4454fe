// A module as small as can be, of a build. It exports a memory, a function that answers 7, and one that traps.
const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** An id, a length, the content. */
const section = (id, ...content) => [id, content.length, ...content];
const text = (name) => [name.length, ...Buffer.from(name)];

export const moduleOf = (build) =>
  Uint8Array.from([
    ...HEAD,
    ...section(1, 1, 0x60, 0, 1, 0x7f),
    ...section(3, 2, 0, 0),
    ...section(5, 1, 0, 1),
    ...section(7, 3, ...text("good"), 0, 0, ...text("bad"), 0, 1, ...text("memory"), 2, 0),
    ...section(10, 2, 4, 0, 0x41, 7, 0x0b, 3, 0, 0x00, 0x0b),
    ...(build === undefined ? [] : section(0, ...text("build"), ...Buffer.from(build))),
  ]);
