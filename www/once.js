// A double click is one order. The second click may come when the first call has already ended, or when a dialog has gone.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest?.("[data-once]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, { capture: true });
