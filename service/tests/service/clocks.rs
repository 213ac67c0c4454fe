//! A clock that jumps, by libfaketime: deadlines do not feel it, and no key is lost over it.

use std::{
    fs,
    io::{Read, Write},
    path::PathBuf,
    sync::Arc,
};

use crate::support::{CALLER, Service, binary, post};

/// The library beside the service, for programs of several threads.
fn libfaketime() -> PathBuf {
    let places = ["/usr/lib", "/usr/local/lib", "/usr/lib64"].map(PathBuf::from);
    let mut folders: Vec<_> = places.to_vec();
    for place in places {
        let inner = fs::read_dir(place).into_iter().flatten().flatten();
        folders.extend(inner.map(|entry| entry.path()));
    }
    folders
        .into_iter()
        .map(|folder| folder.join("faketime/libfaketimeMT.so.1"))
        .find(|file| file.exists())
        .expect("libfaketime is missing: install it, on Debian with `apt-get install faketime`")
}

/// A service whose clock can be set, to such as `@2031-01-31 23:59:59`.
fn with_clock() -> (Service, impl Fn(&str)) {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let clock = folder.path().join("clock");
    fs::write(&clock, "+0").unwrap();
    let mut command = binary();
    command
        .args(CALLER)
        .args(["--client-timeout", "2000"])
        .env("LD_PRELOAD", libfaketime())
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .env("FAKETIME_NO_CACHE", "1")
        // As with a clock that is set: time still passes.
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("TZ", "UTC");
    (Service::spawn(folder, command), move |time: &str| {
        fs::write(&clock, time).unwrap();
    })
}

#[test]
fn a_clock_that_jumps_costs_no_key() {
    let (service, set) = with_clock();
    let mut made = vec![service.create("{}").key().id];
    let mut waiting = service.connect();
    for year in [
        "2031", "1999", "1970", "1979", "2038", "2107", "2108", "9998", "2026",
    ] {
        set(&format!("@{year}-06-30 12:00:00"));
        let key = service.create("{}").key();
        assert!(
            key.create_time.starts_with(&format!("{year}-06-30T12:")),
            "{}",
            key.create_time
        );
        made.push(key.id);
    }
    // A connection from before the jumps is neither cut off early nor kept for ever.
    let mut rest = Vec::new();
    waiting.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());

    let list = service.list("").json();
    assert_eq!(list["count"], made.len());
    // The newest first is the one that was made last, whatever the clock said.
    let listed: Vec<_> = list["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|credential| credential["id"].as_str().unwrap())
        .collect();
    assert!(listed.into_iter().eq(made.iter().rev()));
    for id in made {
        assert_eq!(service.delete(&id).text(), "null");
    }
}

/// HTTP has no way to write such a date, so that there is no answer at all.
#[test]
fn a_clock_beyond_the_year_9999_makes_no_key_until_it_is_right() {
    let (service, set) = with_clock();
    set("+8100y");
    let mut stream = service.connect();
    stream.write_all(&post("{}")).unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    assert!(bytes.is_empty());
    set("+0");
    assert_eq!(service.create("{}").status, 200);
    assert_eq!(service.count(), 1);
    assert!(service.stop().0.success());
}
