// One call of a form at a time: its progress, its clock, its Cancel button.
import { client } from "./client.js";
import { text } from "./text.js";

/** After this many milliseconds a call is given up. */
export const TIMEOUT = 30_000;

/**
 * Gives `run(label, work)`: while a call of this form runs, another is ignored. `work` gets the package, the signal
 * of the Cancel button, and `say(label)` for each further step; it answers what is to be shown below the buttons.
 */
export function caller(form) {
  const [submit, cancel, progress, clock, outcome] = [
    "[type=submit]",
    ".cancel",
    ".progress",
    ".clock",
    ".outcome",
  ].map((name) => form.querySelector(name));
  let controller;
  let started;
  cancel.addEventListener("click", () => controller?.abort());

  function say(label) {
    progress.textContent = label;
    clock.textContent = "";
    started = performance.now();
  }

  function busy(isBusy) {
    form.classList.toggle("busy", isBusy);
    // Not `disabled`: the button would lose the focus.
    for (const button of form.querySelectorAll("[data-once]")) button.setAttribute("aria-disabled", String(isBusy));
    if (!isBusy && document.activeElement === cancel) submit.focus();
  }

  return async function run(label, work) {
    if (controller) return;
    controller = new AbortController();
    outcome.replaceChildren();
    const ticking = setInterval(() => {
      clock.textContent = text.call.clock(performance.now() - started, TIMEOUT);
    }, 1000);
    say(label);
    busy(true);
    let shown;
    try {
      const api = await client();
      shown = api && (await work(api, controller.signal, say));
    } finally {
      clearInterval(ticking);
      controller = undefined;
      say("");
      busy(false);
    }
    if (shown) outcome.replaceChildren(shown);
  };
}
