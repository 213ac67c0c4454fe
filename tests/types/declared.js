// Reads what the package declares, by TypeScript's own parser.
import { join } from "node:path";
import ts from "typescript-5";
import { subject } from "../support/consumer.js";

let opened;

function open() {
  if (opened) return opened;
  const path = join(subject.package, "index.d.ts");
  const program = ts.createProgram([path], { strict: true, lib: ["lib.es2022.d.ts", "lib.dom.d.ts"], types: [] });
  const checker = program.getTypeChecker();
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)));
  opened = { checker, symbols };
  return opened;
}

const isValue = (symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0;
const isFunction = (symbol) => (symbol.flags & ts.SymbolFlags.Function) !== 0;
const ownMembers = (symbol) => [...(symbol.members?.values() ?? [])];

/** The names of all exports, types included. */
export const names = () => open().symbols.map(({ name }) => name);

/** The names of the exports that exist at run time. */
export const values = () =>
  open()
    .symbols.filter(isValue)
    .map(({ name }) => name);

/** The functions: name, and whether it gives a promise. */
export function functions() {
  const { checker, symbols } = open();
  return symbols.filter(isFunction).map((symbol) => {
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    const result = checker.getReturnTypeOfSignature(signature);
    return { name: symbol.name, isAsync: result.symbol?.name === "Promise" };
  });
}

/** The names of the properties of an exported interface, with those that it inherits from the package's own. */
export function properties(name) {
  const { checker, symbols } = open();
  const type = checker.getDeclaredTypeOfSymbol(symbols.find((symbol) => symbol.name === name));
  return type.getProperties().map((property) => property.name);
}

/** The texts of an exported union of texts. */
export function texts(name) {
  const { checker, symbols } = open();
  return checker
    .getDeclaredTypeOfSymbol(symbols.find((symbol) => symbol.name === name))
    .types.map(({ value }) => value);
}

/** Each export and each member of one, with what an editor shows beside it: `{ path, text, tags }`. */
export function documentation() {
  const { checker, symbols } = open();
  const entry = (path, symbol) => ({
    path,
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    tags: Object.fromEntries(symbol.getJsDocTags(checker).map((tag) => [tag.name, ts.displayPartsToString(tag.text)])),
    isAsync: functions().some((it) => it.name === symbol.name && it.isAsync),
  });
  return symbols.flatMap((symbol) => [
    entry(symbol.name, symbol),
    ...(isFunction(symbol) ? [] : ownMembers(symbol).map((member) => entry(`${symbol.name}.${member.name}`, member))),
  ]);
}
