//! Every input of the fuzz corpora, checked again on this machine.
#![cfg(not(target_arch = "wasm32"))]
// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

#[path = "fuzz/src/lib.rs"]
mod checks;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

type Check = fn(&[u8]);

fn corpora() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let folder = corpora().join(target);
    let files = fs::read_dir(&folder).expect("no corpus");
    let inputs: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs
}

fn replay(target: &str, check: Check) {
    for input in inputs(target) {
        // Shown only if the check panics.
        println!("{}", input.display());
        check(&fs::read(&input).unwrap());
    }
}

macro_rules! replayed {
    ($($target:ident)*) => {
        $(
            #[test]
            fn $target() {
                replay(stringify!($target), checks::$target::check);
            }
        )*

        #[test]
        fn every_corpus_is_replayed() {
            let folders = fs::read_dir(corpora()).unwrap();
            let mut found: Vec<String> = folders
                .map(|folder| folder.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(found, [$(stringify!($target)),*]);
        }
    };
}

replayed!(csv error_body options paths zip);

/// Where reads cannot be counted, a quadratic rule shows by taking many minutes: a linear one takes seconds.
#[test]
fn long_inputs_are_read_to_their_end() {
    const LENGTH: usize = 1 << 17;
    const WATCHDOG: Duration = Duration::from_secs(120);
    let targets: [(&str, Check); 2] = [
        ("options", checks::options::check),
        ("paths", checks::paths::check),
    ];
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        for (target, check) in targets {
            for seed in inputs(target).iter().filter(|input| is_seed(input)) {
                let data = fs::read(seed).unwrap();
                check(&data.repeat(LENGTH / data.len().max(1)));
            }
        }
        sender.send(()).unwrap();
    });
    ended.recv_timeout(WATCHDOG).expect("a check broke or hung");
}

/// Written by hand: the fuzzer names its inputs by their hash.
fn is_seed(input: &Path) -> bool {
    input.file_name().is_some_and(|name| name.len() != 40)
}
