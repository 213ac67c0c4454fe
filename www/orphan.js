// A create that nobody heard the end of: the list tells whether a key appeared, which is then offered to be revoked.
import { TIMEOUT } from "./call.js";
import { copyable } from "./copy.js";
import { facts, make } from "./dom.js";
import { errorPanel } from "./error-view.js";
import { appeared, listing, loadKeys, watch } from "./keys.js";
import { askDelete } from "./question.js";
import { text } from "./text.js";
import { when } from "./when.js";

const words = text.orphan;

function offer(key) {
  const remove = make(
    "button",
    {
      type: "button",
      class: "danger",
      "aria-label": words.revokeOf(text.keyName(key)),
      onclick: () => askDelete(key, listing().to),
    },
    words.revoke,
  );
  return make(
    "li",
    { dataset: { id: key.id } },
    facts(
      [
        [text.confirm.description, key.description || text.list.untitled],
        [text.confirm.key, copyable(key.id, text.copy.credentialId)],
        [text.list.created, when(key.createTime, text.list.unknown)],
      ],
      { class: "facts" },
    ),
    remove,
  );
}

/** Lists again and answers the panel with what was found; from now on the list marks what appears late. */
export async function afterUnknown(error, { api, to, known, description, begun }) {
  const warning = error.file ? words.here : words.lookFor(description, text.time(begun));
  if (!known) return errorPanel("create", error, { to, warning });
  watch(known);
  let found;
  try {
    // Not the form's signal: it may be what has ended the create.
    found = appeared(known, await loadKeys(api, to, { signal: AbortSignal.timeout(TIMEOUT) }));
  } catch (failure) {
    return errorPanel("create", error, {
      to,
      warning,
      more: make("p", { class: "found" }, words.notListed(failure.message)),
    });
  }
  const list = make("ul", { class: "appeared" }, ...found.map(offer));
  document.addEventListener("keydeleted", ({ detail }) => {
    list.querySelector(`[data-id="${CSS.escape(detail.id)}"]`)?.remove();
    if (list.children.length === 0) list.replaceWith(make("p", { role: "status" }, words.revoked));
  });
  const more = make(
    "div",
    { class: "found" },
    make("p", { class: "certain" }, words.found(found.length)),
    found.length > 0 ? list : null,
  );
  return errorPanel("create", error, { to, warning: error.file || found.length === 0 ? warning : words.noFile, more });
}
