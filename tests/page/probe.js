// Runs in the page before its own scripts and remembers what a quiet page never does.
window.probe = [];
window.shifts = [];
const note = (what) => window.probe.push(String(what));
document.addEventListener("securitypolicyviolation", (event) =>
  note(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
);
addEventListener(
  "error",
  (event) => note(`error: ${event.message ?? `${event.target.href ?? event.target.src} did not load`}`),
  true,
);
addEventListener("unhandledrejection", (event) => note(`unhandled rejection: ${event.reason}`));
if (PerformanceObserver.supportedEntryTypes.includes("layout-shift")) {
  new PerformanceObserver((list) =>
    window.shifts.push(
      ...list
        .getEntries()
        .map(
          ({ value, sources }) =>
            `${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? node?.nodeName)}`,
        ),
    ),
  ).observe({ type: "layout-shift", buffered: true });
}
for (const level of ["warn", "error"]) {
  const original = console[level];
  console[level] = (...values) => {
    note(`console.${level}: ${values.join(" ")}`);
    original.apply(console, values);
  };
}
