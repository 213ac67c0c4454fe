// Keys that came of a create of this page without a file: found in the list, and offered to be revoked.
import { isHere } from "./connection.js";
import { copyable } from "./copy.js";
import { button, facts, make, named } from "./dom.js";
import { askRevoke } from "./question.js";
import { text } from "./text.js";
import { when } from "./when.js";

const words = text.orphan;

function offer(key, to) {
  const revoke = button(words.revoke, () => askRevoke(key, to), {
    class: "danger",
    "aria-label": words.revokeOf(text.keyName(key)),
  });
  return make(
    "li",
    { dataset: { id: key.id } },
    facts([
      [text.confirm.description, named(key.description)],
      [text.confirm.key, copyable(key.id, text.copy.idOf(text.keyName(key)))],
      [text.list.created, when(key.createTime, text.list.unknown)],
    ]),
    isHere(to) ? revoke : null,
  );
}

/** The keys without a file that a task's watches have seen. */
export function orphansOf({ watches }) {
  const found = new Map(watches.flatMap((seen) => seen()).map((key) => [key.id, key]));
  return [...found.values()];
}

/** Draws them, where they are others than before. */
export function drawOrphans(task) {
  const found = orphansOf(task);
  const hasFile = task.file !== undefined;
  if (found.length > 0) task.hadOrphans = true;
  task.setTwice?.(found.length > 0);
  const drawn = JSON.stringify([isHere(task.to), found, task.watches.length, task.notListed]);
  if (drawn === task.drawn) return;
  task.drawn = drawn;
  const said = hasFile
    ? found.length > 0
      ? words.twice(found.length)
      : task.hadOrphans
        ? words.revoked
        : undefined
    : task.watches.length === 0
      ? undefined
      : task.notListed
        ? words.notListed(task.notListed)
        : found.length > 0
          ? words.found(found.length)
          : task.hadOrphans
            ? words.revoked
            : words.none;
  task.orphans.replaceChildren(
    ...(said ? [make("p", { class: "certain" }, said)] : []),
    ...(found.length > 0 ? [make("ul", { class: "appeared" }, ...found.map((key) => offer(key, task.to)))] : []),
  );
}
