// What the page prevents: an order given twice by one gesture, and being left while something would be lost.

// The second click may come when the first call has already ended, or when a dialog has just opened or gone.
document.addEventListener(
  "click",
  (/** @type {any} */ event) => {
    const again = event.detail > 1 && event.target.closest?.("[data-once]");
    if (again || event.target.closest?.('[aria-disabled="true"]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  { capture: true },
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.repeat && event.key === "Enter") event.preventDefault();
  },
  { capture: true },
);

const reasons = new Set();

function ask(event) {
  event.preventDefault();
  event.returnValue = true;
}

/** Asks before the page is left, from now on; call the answer when there is nothing left to lose. */
export function holdPage() {
  const reason = Symbol();
  reasons.add(reason);
  addEventListener("beforeunload", ask);
  return () => {
    reasons.delete(reason);
    // A page without the listener can go to the back/forward cache.
    if (reasons.size === 0) removeEventListener("beforeunload", ask);
  };
}
