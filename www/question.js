// The question before a key is revoked: it names what breaks, and wants an answer that nobody types by mistake.
import { byId, facts, make } from "./dom.js";
import { clearIssues, setValue } from "./fields.js";
import { text } from "./text.js";
import { when } from "./when.js";

const words = text.confirm;
const TAIL = 6;
let open;

/** Whether the answer names the key: the end of its id, or its description. */
export function names(answer, { id, description = "" }) {
  const given = answer.trim();
  return (
    given !== "" &&
    (given.toLowerCase() === id.slice(-TAIL).toLowerCase() || given === id || given === description.trim())
  );
}

/** What the question is about: the key, and where it was listed. */
export const asked = () => open;

/** Opens the question about a key; only `id` need be known. `to` is where it was listed. */
export function askDelete(key, to) {
  const dialog = byId("confirm");
  if (dialog.open) return;
  open = { key, to };
  byId("confirm-facts").replaceWith(
    facts(
      [
        [words.description, key.listed === false ? words.notListed : key.description || text.list.untitled],
        [words.key, make("code", {}, key.id.slice(0, -TAIL), make("strong", {}, key.id.slice(-TAIL)))],
        [text.list.created, when(key.createTime)],
        [text.list.lastUsed, key.listed === false ? undefined : when(key.updateTime, text.list.notUsed)],
        [words.project, make("code", {}, to.projectId)],
        [words.endpoint, make("code", {}, to.endpoint)],
      ],
      { class: "facts", id: "confirm-facts" },
    ),
  );
  dialog.classList.remove("answered");
  dialog.querySelector(".outcome").replaceChildren();
  byId("confirm-no").textContent = words.no;
  setValue("answer", "");
  clearIssues(["answer"]);
  dialog.showModal();
  byId("answer").focus();
}
