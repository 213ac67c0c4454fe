// What search.test.js searches: it is loaded when it is watched already.

/** Breaks in four steps, each of which is code of its own: by chance alone nobody would get there. */
export function check(data) {
  if (data[0] !== 0x6b) return;
  if (data[1] !== 0x65) return;
  if (data[2] !== 0x79) return;
  if (data.length > 3) throw new Error("a key");
}
