// A double click is one order, and so is an Enter key held down. The second may come when the first call has already
// ended, or when a dialog has just opened or gone.
document.addEventListener(
  "click",
  (event) => {
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
