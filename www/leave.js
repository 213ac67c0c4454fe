// Asks before the page is left while something would be lost.
const reasons = new Set();

function ask(event) {
  event.preventDefault();
  event.returnValue = true;
}

/** Asks from now on; call the answer when there is nothing left to lose. */
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
