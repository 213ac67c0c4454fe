//! What Rust and JavaScript say twice is the same in both: numbers that cross, fields of an error,
//! and the sentences for when no Rust runs.

use std::collections::BTreeMap;

use node_provider_keys::rules::failure::{FIELDS, Failure, Kind, Operation, Outcome};

const NAMES: &str = include_str!("../pkg-template/names.js");
const SENTENCES: &str = include_str!("../pkg-template/sentences.js");
const HOST: [&str; 3] = [
    include_str!("../src/host/options.rs"),
    include_str!("../src/host/work.rs"),
    include_str!("../src/host/call.rs"),
];

/// The numbers of lines such as `export const NAME = 1;` or `pub const NAME: u32 = 1;`, by name.
/// Those of `pub mod give` are called `GIVE_…` in JavaScript, but for nothing.
fn numbers(script: &str, keyword: &str) -> BTreeMap<String, i64> {
    let mut module = "";
    let mut found = BTreeMap::new();
    for line in script.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub mod ") {
            module = name.trim_end_matches(" {");
        } else if line == "}" {
            module = "";
        }
        let Some((name, value)) = line
            .strip_prefix(keyword)
            .and_then(|rest| rest.split_once(" = "))
        else {
            continue;
        };
        let name = name.split(':').next().unwrap_or(name);
        let Ok(value) = value.trim_end_matches(';').parse() else {
            continue;
        };
        let prefix = if module == "give" && name != "NOTHING" {
            "GIVE_"
        } else {
            ""
        };
        let before = found.insert([prefix, name].concat(), value);
        assert!(before.is_none_or(|before| before == value), "{name}");
    }
    found
}

#[test]
fn numbers_that_cross_are_the_same_on_both_sides() {
    let theirs = numbers(NAMES, "export const ");
    let ours: BTreeMap<_, _> = HOST
        .iter()
        .flat_map(|script| numbers(script, "pub const "))
        .collect();
    assert!(ours.len() > 15, "{ours:?}");
    for (name, value) in &ours {
        assert_eq!(theirs.get(name), Some(value), "{name}");
    }
    // What Rust has no name for is what it takes for the rest.
    let rest: Vec<_> = theirs
        .keys()
        .filter(|name| !ours.contains_key(*name))
        .collect();
    assert_eq!(rest, ["BROKEN", "OTHER"]);
}

#[test]
fn the_fields_of_an_error_are_in_the_same_order_on_both_sides() {
    let list = format!("export const FIELDS = {FIELDS:?};");
    let squeezed = |text: &str| {
        text.split_whitespace()
            .collect::<String>()
            .replace(",]", "]")
    };
    assert!(squeezed(NAMES).contains(&squeezed(&list)), "{list}");
}

#[test]
fn sentences_are_the_same_whoever_says_them() {
    for (operation, name) in [
        (Operation::Create, "createApiKey"),
        (Operation::Delete, "deleteApiKey"),
    ] {
        let message = Failure::new(Kind::Internal, Outcome::Unknown, "crashed").message(operation);
        let sentence = message
            .strip_prefix(&[name, " crashed; "].concat())
            .expect(name);
        assert!(SENTENCES.contains(sentence), "{sentence}");
    }
    for (kind, advice) in [
        (Kind::Timeout, "call again with more time"),
        (Kind::Aborted, "call again when you need it"),
        (Kind::InvalidArgument, "fix the options and call again"),
    ] {
        let message = Failure::new(kind, Outcome::NotSent, "").message(Operation::List);
        let happened = message
            .strip_prefix("listApiKeys ")
            .and_then(|rest| rest.split(';').next())
            .expect("a sentence");
        assert!(message.contains(advice), "{message}");
        assert!(
            SENTENCES.contains(advice) && SENTENCES.contains(happened),
            "{message}"
        );
    }
    let request = include_str!("../src/request.rs");
    let rule = "must be milliseconds above 0, or Infinity";
    assert!(request.contains(rule) && SENTENCES.contains(rule));
}
