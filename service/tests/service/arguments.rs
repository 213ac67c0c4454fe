//! How it is started, and how it refuses to.

use std::{fs, process::Command, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};

use crate::support::{CALLER, PROJECT, Service, TOKEN, binary, post, refusal};

/// Runs a service that must not start, and gives its exit code and what it says.
fn refused(build: impl FnOnce(&mut Command)) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = binary();
    command
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("keys.sqlite"));
    build(&mut command);
    let output = command.output().unwrap();
    assert!(output.stdout.is_empty(), "it started");
    assert!(
        !folder.path().join("keys.sqlite").exists(),
        "it made a database first"
    );
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn starts(build: impl FnOnce(&mut Command, &std::path::Path)) {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = binary();
    build(&mut command, folder.path());
    let service = Service::spawn(folder, command);
    assert_eq!(service.raw(post("{}")).status, 200);
}

#[test]
fn the_token_comes_from_the_command_line_a_file_or_a_variable() {
    starts(|command, _| {
        command.args(CALLER);
    });
    starts(|command, folder| {
        fs::write(folder.join("token"), format!("  {TOKEN}\r\n")).unwrap();
        command
            .arg("--token-file")
            .arg(folder.join("token"))
            .args(["--project-id", PROJECT]);
    });
    starts(|command, _| {
        command
            .env("NODE_PROVIDER_TOKEN", TOKEN)
            .env("NODE_PROVIDER_PROJECT_ID", PROJECT);
    });
}

#[test]
fn a_missing_or_doubled_token_or_project_is_refused() {
    let (code, said) = refused(|command| {
        command.args(["--project-id", PROJECT]);
    });
    assert_eq!(code, 2);
    assert!(
        said.contains(
            "the token is missing: give one of --token, --token-file, NODE_PROVIDER_TOKEN"
        ),
        "{said}"
    );
    let (code, said) = refused(|command| {
        command.args(CALLER).env("NODE_PROVIDER_TOKEN", TOKEN);
    });
    assert_eq!(code, 2);
    assert!(said.contains("the token is given more than once"), "{said}");
    assert!(!said.contains(TOKEN));
    let (code, said) = refused(|command| {
        command.args(["--token", TOKEN]);
    });
    assert_eq!(code, 2);
    assert!(
        said.contains(
            "the project id is missing: give one of --project-id, NODE_PROVIDER_PROJECT_ID"
        ),
        "{said}"
    );
    let (code, said) = refused(|command| {
        command
            .args(CALLER)
            .env("NODE_PROVIDER_PROJECT_ID", PROJECT);
    });
    assert_eq!(code, 2);
    assert!(
        said.contains("the project id is given more than once"),
        "{said}"
    );
}

#[test]
fn an_illegal_token_is_refused_without_quoting_it() {
    for bad in [
        "",
        "   ",
        "secret\u{7f}part",
        "secret\npart",
        "secret-töken",
    ] {
        let (code, said) = refused(|command| {
            command.args(["--token", bad, "--project-id", PROJECT]);
        });
        assert_eq!(code, 2, "{bad:?}");
        assert!(
            said.contains("the token must be 1 to 65535 printable ASCII characters"),
            "{said}"
        );
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn a_token_file_that_cannot_be_read_is_named() {
    let (code, said) = refused(|command| {
        command.args(["--token-file", "/no/such/file", "--project-id", PROJECT]);
    });
    assert_eq!(code, 2);
    assert!(
        said.contains("the token file /no/such/file cannot be read"),
        "{said}"
    );
}

#[test]
fn other_bad_arguments_are_refused() {
    for bad in [
        ["--allow-origin", "*"],
        ["--allow-origin", "http://keys.example/"],
        ["--client-timeout", "0"],
        ["--www", "/no/such/folder"],
        ["--no-such-flag", "x"],
    ] {
        let (code, said) = refused(|command| {
            command.args(CALLER).args(bad);
        });
        assert_eq!(code, 2, "{bad:?}: {said}");
        assert!(!said.contains(TOKEN), "{said}");
    }
}

#[test]
fn help_and_version_need_nothing_else() {
    for flag in ["--help", "--version"] {
        let output = binary().arg(flag).output().unwrap();
        assert!(output.status.success());
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn an_address_in_use_is_named() {
    let service = Service::start();
    let address = service.address().to_string();
    let folder = tempfile::tempdir().unwrap();
    let said = refusal(&mut binary(), &address, &folder.path().join("keys.sqlite"));
    assert!(
        said.contains(&format!("{address} cannot be listened on")),
        "{said}"
    );
}

/// Runs a relay that must not start, and gives what it says.
fn refused_relay(arguments: &[&str]) -> String {
    let output = binary().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "it started");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_relay_takes_nothing_of_the_service_that_answers_itself() {
    for other in [
        ["--data", "/dev/null"],
        ["--token", TOKEN],
        ["--token-file", "/dev/null"],
        ["--project-id", PROJECT],
    ] {
        let said = refused_relay(&[&["--upstream", "https://nes.test"], &other[..]].concat());
        assert!(said.contains("cannot be used with"), "{said}");
        assert!(!said.contains(TOKEN), "{said}");
    }
    refused_relay(&["--upstream", "https://nes.test", "--string-codes"]);
    let own = [&["--data", "/dev/null"], &CALLER[..]].concat();
    for relays in [["--upstream-ca", "/dev/null"], ["--upstream-timeout", "1"]] {
        let said = refused_relay(&[&own[..], &relays[..]].concat());
        assert!(said.contains("cannot be used with"), "{said}");
    }
    refused_relay(&CALLER);
}

#[test]
fn a_relay_needs_no_token_and_reads_no_variable() {
    let mut command = binary();
    command
        .args(["--upstream", "https://nes.test"])
        .env("NODE_PROVIDER_TOKEN", "not\nlegal")
        .env("NODE_PROVIDER_PROJECT_ID", "");
    let service = Service::launch(Arc::new(tempfile::tempdir().unwrap()), command);
    let (status, log) = service.stop();
    assert!(status.success() && !log.contains("legal"), "{log}");
}

#[test]
fn a_bad_upstream_is_refused_without_quoting_it() {
    for (bad, why) in [
        ("nes.test", "whole URL"),
        ("http://nes.test", "needs https:"),
        ("ftp://nes.test", "needs https:"),
        ("https://me:password@nes.test", "no user"),
        ("https://nes.test/..", "prefix"),
        ("https://nes_.test:0", "port"),
        ("https://-nes.test", "certificate"),
    ] {
        let said = refused_relay(&["--upstream", bad]);
        assert!(said.contains(why) && !said.contains("password"), "{said}");
    }
    let said = refused_relay(&[
        "--upstream",
        "http://127.0.0.1:1",
        "--upstream-ca",
        "/dev/null",
    ]);
    assert!(said.contains("https: upstream alone"), "{said}");
    let upstream = ["--upstream", "https://nes.test"];
    refused_relay(&[&upstream[..], &["--upstream-timeout", "0"]].concat());
}

#[test]
fn certificates_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let name = file.to_str().unwrap();
    let said = || refused_relay(&["--upstream", "https://nes.test", "--upstream-ca", name]);
    let start = format!("the certificates {name} cannot be used: ");
    assert!(said().contains(&start), "{}", said());

    let (key, ca_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let params = || CertificateParams::new(["nes.test".to_owned()]).unwrap();
    let authority = || {
        let mut authority = params();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority
    };
    let issuer = Issuer::new(authority(), ca_key);
    let server = params().signed_by(&key, &issuer).unwrap();
    let good = authority().self_signed(&key).unwrap();
    let mut expired = authority();
    expired.not_after = date_time_ymd(2020, 1, 2);
    let mut early = authority();
    early.not_before = date_time_ymd(3020, 1, 2);
    let [expired, early] = [expired, early].map(|params| params.self_signed(&key).unwrap().pem());
    let request = params().serialize_request(&key).unwrap().pem().unwrap();
    let broken = "-----BEGIN CERTIFICATE-----\n";
    for (content, why) in [
        (String::new(), "the file is empty"),
        ("no certificate".into(), "it is not PEM"),
        (broken.into(), "certificate 1 is broken off or is no base64"),
        (
            format!("{broken}?\n-----END CERTIFICATE-----\n"),
            "certificate 1 is broken off or is no base64",
        ),
        (
            format!("{broken}AAAA\n-----END CERTIFICATE-----\n"),
            "certificate 1 is no X.509 certificate",
        ),
        (
            key.serialize_pem(),
            "it holds a private key in place of a certificate",
        ),
        (
            request,
            "it holds a request for a certificate in place of one",
        ),
        (key.public_key_pem(), "it holds no certificate"),
        (
            expired,
            "certificate 1 has expired: Thu, 02 Jan 2020 00:00:00 GMT",
        ),
        (
            early,
            "certificate 1 is not valid yet: Sun, 02 Jan 3020 00:00:00 GMT",
        ),
        (
            good.pem() + &server.pem(),
            "certificate 2 is a server's: the one of the authority that signed it is needed",
        ),
    ] {
        fs::write(&file, content).unwrap();
        assert!(said().contains(&format!("{start}{why}.\n")), "{}", said());
        assert!(!said().contains("nes.test"));
    }
    fs::write(&file, good.der()).unwrap();
    assert!(said().contains(&format!("{start}it is DER and not PEM")));
}

#[test]
fn what_is_given_in_the_wrong_place_is_not_quoted() {
    const SECRET: &str = "secret-token-0123456789";
    for wrong in [
        &[SECRET][..],
        &["--token", "x", SECRET],
        &["--client-timeout", SECRET],
        &["--client-timeout", "98765432109"],
        &["--upstream-timeout", SECRET],
        &["--allow-origin", SECRET],
        &["--quiet=secret-token-0123456789"],
        &["--tokn=secret-token-0123456789"],
        &["--tokensecret-token-0123456789"],
        &["-secret-token-0123456789"],
        &["--", SECRET],
    ] {
        let output = binary().args(wrong).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        for part in ["secret-t", "98765", "0123456789"] {
            assert!(!said.contains(part), "{wrong:?}: {said}");
        }
    }
}
