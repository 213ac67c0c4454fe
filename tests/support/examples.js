// The examples of a page of documentation.
import { readFileSync } from "node:fs";
import { assert } from "chai";

/** The only code block of `language` in the file at `path` whose text has `words`. */
export function example(path, language, words = "") {
  const text = readFileSync(path, "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(
    ([, of, code]) => of === language && code.includes(words),
  );
  assert.lengthOf(blocks, 1, `one ${language} example of ${path} with ${words}`);
  return blocks[0][2];
}
