// What the crate says, read from its sources: the scripts are handed its numbers, patterns and sentences.
import { readFileSync } from "node:fs";

/** A file of the crate, without its tests. */
export const source = (name) => {
  const text = readFileSync(new URL(`../../src/${name}`, import.meta.url), "utf8");
  return text.split("#[cfg(all(test,")[0];
};

/** The value of a literal: a text, raw or not, or a number. */
function literalOf(literal) {
  const raw = /^r(#*)"([^]*)"\1$/.exec(literal);
  if (raw) return raw[2];
  if (literal.startsWith('"')) return JSON.parse(literal.replace(/\\\n\s*/g, ""));
  return Number(literal.replaceAll("_", ""));
}

const LITERAL = /r"[^"]*"|"(?:\\[^]|[^"\\])*"|\d[\d_]*(?:\.\d+)?/.source;

/** Reads what a pattern finds; fails where it finds nothing. */
export function read(name, pattern) {
  const match = new RegExp(pattern.replace("LITERAL", `(${LITERAL})`), "s").exec(source(name));
  if (!match) throw new Error(`src/${name} has nothing like ${pattern}`);
  return literalOf(match[1]);
}

/** A constant of the rules. */
export const rule = (name, constant) => read(`rules/${name}`, `const ${constant}: [^=;]* =\\s*LITERAL;`);

/** A text's shape. */
export function shape(constant) {
  const [, members] = new RegExp(`const ${constant}: Shape = Shape \\{([^}]*)\\}`).exec(source("rules/contract.rs"));
  const member = (name) => new RegExp(`\\b${name}: (${LITERAL}|\\w+),`, "s").exec(members)[1];
  const other = member("other");
  return {
    least: literalOf(member("least")),
    most: literalOf(member("most")),
    other: /^[A-Z_]+$/.test(other) ? rule("contract.rs", other) : literalOf(other),
  };
}

/** The rules for endpoints: a pattern, whether it must match, and the words. */
export const RULES = (() => {
  const [, list] = /RULES: [^=]* = \[(.*?)\n\];/s.exec(source("rules/endpoint.rs"));
  const rows = [...list.matchAll(new RegExp(`\\(\\s*(${LITERAL}),\\s*(true|false),\\s*(${LITERAL}),?\\s*\\)`, "gs"))];
  return rows.map(([, pattern, isWanted, words]) => [literalOf(pattern), isWanted === "true", literalOf(words)]);
})();

/** The constants of a module of the crate, by name. */
export function constants(text) {
  const found = text.matchAll(new RegExp(`const ([A-Z_]+): (?:u32|i32|f64|usize|&str) = (${LITERAL});`, "gs"));
  return Object.fromEntries([...found].map(([, name, literal]) => [name, literalOf(literal)]));
}
