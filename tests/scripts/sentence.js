/** What a call says whose module did not load. */
export const sentence = (name, reason, advice) =>
  `${name} could not load its WebAssembly module (${reason}); nothing was sent: ${advice}.`;
