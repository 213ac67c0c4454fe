// One call of a form at a time: its progress, its clock, its Cancel button.
import { client } from "./client.js";
import { text } from "./text.js";

/** After this many milliseconds a call is given up. */
export const TIMEOUT = 30_000;

/**
 * Gives `run(label, work)`: while a call of this form runs, another is ignored. `work` gets the package and the signal
 * of the Cancel button, and answers what is to be shown below the buttons.
 */
export function caller(form) {
  const [submit, cancel, progress, clock, outcome] = ["[type=submit]", ".cancel", ".progress", ".clock", ".outcome"].map((name) => form.querySelector(name));
  let controller;
  cancel.addEventListener("click", () => controller?.abort());

  function busy(label) {
    form.classList.toggle("busy", label !== "");
    progress.textContent = label;
    clock.textContent = "";
    // Not `disabled`: the button would lose the focus.
    submit.setAttribute("aria-disabled", String(label !== ""));
    if (label === "" && document.activeElement === cancel) submit.focus();
  }

  return async function run(label, work) {
    if (controller) return;
    controller = new AbortController();
    outcome.replaceChildren();
    const started = performance.now();
    const ticking = setInterval(() => { clock.textContent = text.call.clock(performance.now() - started, TIMEOUT); }, 1000);
    busy(label);
    let shown;
    try {
      const api = await client();
      shown = api && await work(api, controller.signal);
    } finally {
      clearInterval(ticking);
      controller = undefined;
      busy("");
    }
    if (shown) outcome.replaceChildren(shown);
  };
}
