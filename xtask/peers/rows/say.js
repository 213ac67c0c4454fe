// How outcomes are put into words.

/** `some` of `all` by what it asks, and `none` where it is none of them. */
export const part = (list, test, none, all = "") => {
  const found = list.filter(test).length;
  if (found === 0) return none;
  return all && found === list.length ? all : `${found} of ${list.length}`;
};

export const failed = ({ ended }) => ended === "rejected";
export const succeeded = ({ ended }) => ended === "resolved";
/** Also where an error was thrown past the call, which Node ends the process for. */
export const endless = ({ ended }) => ended === "not" || ended === "crashed";

/** The same, with a word on calls that never ended. */
export const withEndless = (text, list) => {
  const found = list.filter(endless).length;
  return found ? `${text}; ${found} never ended` : text;
};
