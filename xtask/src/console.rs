//! What the tool says of itself; standard output is for results.

use std::fmt::Display;

/// Prints what is being done, on standard error.
pub fn say(who: &str, what: impl Display) {
    eprintln!("{who}: {what}");
}
