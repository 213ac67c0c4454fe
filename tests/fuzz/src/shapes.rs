//! What the JavaScript side does with the patterns of the rules, by another engine.

use node_provider_keys::rules::contract::{DESCRIPTION, Shape};
use regex::Regex;

/// Whether a text is of that shape.
pub fn fits(shape: Shape, text: &str) -> bool {
    let count = u32::try_from(text.chars().count()).expect("a text of gigabytes");
    // Half of a surrogate pair is in no Rust text, and in no pattern of Rust.
    let may_be_other = shape.other != DESCRIPTION.other;
    (shape.least..=shape.most).contains(&count) && !(may_be_other && matches(shape.other, text))
}

/// Whether a pattern matches.
pub fn matches(pattern: &'static str, text: &str) -> bool {
    use std::cell::RefCell;
    use std::collections::HashMap;

    thread_local! {
        static COMPILED: RefCell<HashMap<&'static str, Regex>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|compiled| {
        let regex = compiled
            .entry(pattern)
            .or_insert_with(|| Regex::new(pattern).expect("a pattern that does not compile"));
        regex.is_match(text)
    })
}
