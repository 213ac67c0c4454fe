// Calls of a form, one at a time: the package, the progress, the clock, the Cancel button.
import { announce, byId } from "./dom.js";
import { text } from "./text.js";

/** After this many milliseconds a call is given up. */
export const TIMEOUT = 30_000;

/** Says that a part of the page did not load. */
export function notLoaded(error) {
  byId("notice").textContent = text.notLoaded(error.message);
}

function missing(error) {
  byId("notice").textContent = text.packageMissing(error.message);
}

const loading = import("../pkg/page.js").then((api) => {
  // Early, so that the first click need not wait; a call tries again and tells what is wrong.
  api.init().catch(() => {});
  return api;
}, missing);

let signIn;

/** Loads the package with `signIn`, which is a file of its own, so that the first list does not wait for it. */
export function loadSignIn() {
  signIn ??= Promise.all([loading, import("../pkg/page-sign-in.js")]).then(
    ([api, more]) => api && { ...api, ...more },
    (error) => {
      signIn = undefined;
      missing(error);
    },
  );
  return signIn;
}

/**
 * Gives `run(work)`: while a call of this form runs, another is ignored. `work` gets the package's functions and
 * `step(label)`, which names a phase and gives the signal by which the Cancel button ends it. It answers what is to be
 * shown below the buttons, which gets the focus. `load` gives the package. `run.cancel()` ends what runs, as the button
 * does, and settles when it has ended.
 * @param {any} form
 * @param {() => Promise<any>} load
 */
export function caller(form, load = () => loading) {
  const [cancel, progress, clock, outcome] = [".cancel", ".progress", ".clock", ".outcome"].map((name) =>
    form.querySelector(name),
  );
  let controller;
  let started;
  cancel.addEventListener("click", () => controller.abort());

  function step(label) {
    controller = new AbortController();
    progress.textContent = label;
    clock.textContent = "";
    started = performance.now();
    announce(label);
    return controller.signal;
  }

  function busy(isBusy) {
    form.classList.toggle("busy", isBusy);
    // Not `disabled`: the button would lose the focus.
    for (const button of form.querySelectorAll("[data-once]")) button.setAttribute("aria-disabled", String(isBusy));
    if (!isBusy && document.activeElement === cancel) form.querySelector("[type=submit]").focus();
  }

  async function call(work) {
    outcome.replaceChildren();
    busy(true);
    const ticks = setInterval(() => {
      clock.textContent = text.call.clock(performance.now() - started, TIMEOUT);
    }, 1000);
    let shown;
    try {
      const cancelled = step(text.call.loading);
      const api = await Promise.race([load(), new Promise((settle) => cancelled.addEventListener("abort", settle))]);
      if (cancelled.aborted) return;
      if (api) shown = await work(api, step);
      else byId("notice").scrollIntoView({ block: "center" });
    } finally {
      clearInterval(ticks);
      progress.textContent = "";
      clock.textContent = "";
      busy(false);
    }
    if (shown) show(outcome, shown);
  }

  let running = Promise.resolve();
  const run = (work) => {
    if (form.classList.contains("busy")) return Promise.resolve();
    running = call(work);
    return running;
  };
  run.cancel = () => {
    if (form.classList.contains("busy")) controller.abort();
    return running;
  };
  return run;
}

/** Puts a panel there, with the focus on its heading, unless a field has been given it. */
export function show(outcome, panel) {
  outcome.replaceChildren(panel);
  if (!document.activeElement?.matches('[aria-invalid="true"]')) panel.querySelector("h3").focus();
}
