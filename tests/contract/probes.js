// What to ask about one row of a table: every edge with the values on both sides of it, no value, and other types.

const OTHER_TYPES = {
  String: [7, null, true, [], {}],
  Integer: ["x", "", 1.5, true, null],
};
// One to four bytes each: a length is a number of characters.
const CHARACTERS = ["a", "é", "密", "🔑"];
// By rules that the tables do not tell, neither an id nor a header has others.
const isPlain = (parameter, where) => parameter === "id" || ["path", "header"].includes(where);

/**
 * Whether values of a row fit, by the row alone.
 * @returns {{ name: string, value: unknown, fits: boolean, otherType?: boolean }[]} an absent value is `undefined`
 */
export function probes({ parameter, mandatory, type, min, max }, where) {
  const edges = [
    [min - 1, false],
    [min, true],
    [max, true],
    [max + 1, false],
  ];
  const sizes = edges.filter(([size]) => size >= (type === "String" ? 0 : -1));
  const characters = isPlain(parameter, where) ? ["a"] : CHARACTERS;
  const sized = sizes.flatMap(([size, fits]) => {
    if (type === "Integer") return [{ name: `${size}`, value: size, fits }];
    return characters.map((one) => ({ name: `${size} times ${one}`, value: one.repeat(size), fits }));
  });
  const other = (value) => ({ name: JSON.stringify(value), value, fits: false, otherType: true });
  return [...sized, { name: "no value", value: undefined, fits: mandatory === "No" }, ...OTHER_TYPES[type].map(other)];
}
