//! Every input of the fuzz corpora, checked again on this machine.
#![cfg(not(target_arch = "wasm32"))]

#[path = "fuzz/src/lib.rs"]
mod checks;

use std::fs;
use std::path::PathBuf;

fn corpora() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

fn replay(target: &str, check: fn(&[u8])) {
    let folder = corpora().join(target);
    let inputs = fs::read_dir(&folder).expect("no corpus");
    let count = inputs
        .map(|input| {
            let path = input.unwrap().path();
            let data = fs::read(&path).unwrap();
            // Shown only if the check panics.
            println!("{}", path.display());
            check(&data);
        })
        .count();
    assert!(count > 0, "{} is empty", folder.display());
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
            let mut found: Vec<String> = fs::read_dir(corpora())
                .unwrap()
                .map(|folder| folder.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(found, [$(stringify!($target)),*]);
        }
    };
}

replayed!(csv disposition error_body options paths redact zip);
