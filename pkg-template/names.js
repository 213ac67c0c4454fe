// The numbers that cross between Rust and JavaScript, and the places of an error's fields. A test compares them with those
// of the crate.

/** What is found where an option is looked for. */
export const NOTHING = 0;
export const GOOD = 1;
export const SHORT = 2;
export const LONG = 3;
export const CHARACTER = 4;
export const OTHER = 5;
export const ASKS = 6;

/** How a step went: the call has ended, or a host failed. */
export const TIMEOUT = 1;
export const ABORTED = 2;
export const FAILED = 3;

/** What is added to the status of a redirect. */
export const REDIRECT = 1000;

/** What a call succeeds with, if it is not nothing. */
export const GIVE_FILE = 1;
export const GIVE_DOCUMENT = 2;

/** How the reading of a body ends. */
export const WHOLE = 0;
export const LARGE = 1;
export const BROKEN = 2;
export const CLOSED = 3;

/** What a host may lack. */
export const FETCH = 1;
export const FILE = 2;

/** The fields of an error, in the order in which Rust lists them; field and message of each issue follow. */
export const FIELDS = ["kind", "outcome", "message", "status", "code", "errorCode", "errorMsg", "detail", "requestId"];
