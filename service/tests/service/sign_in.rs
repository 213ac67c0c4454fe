//! Signing in: a token for a password, for one user and their projects.

use std::{collections::HashSet, fs, process::Command, sync::Arc, thread};

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::support::{Answer, CALLER, PROJECT, Service, TOKEN, binary, post, request};

pub const ACCOUNT: &str = "an-account";
pub const USER: &str = "a-user";
pub const PASSWORD: &str = "päss \"word\\ of the tests 0123456789";
pub const REGION: &str = "ap-southeast-3";
const SECOND_ID: &str = "fedcba9876543210fedcba9876543210";
const TOKENS: &str = "/v3/auth/tokens";
pub const JSON: (&str, &str) = ("Content-Type", "application/json;charset=utf8");

/// Adds the user of the tests, with two projects.
fn with_account(command: &mut Command) {
    command
        .args(["--account", ACCOUNT, "--user", USER])
        .args(["--project", &format!("{REGION}={PROJECT}")])
        .args(["--project", &format!("{REGION}_x={SECOND_ID}")])
        .env("NODE_PROVIDER_PASSWORD", PASSWORD);
}

fn start(arguments: &[&str]) -> Service {
    let mut command = binary();
    with_account(&mut command);
    command.args(arguments);
    Service::spawn(Arc::new(tempfile::tempdir().unwrap()), command)
}

/// A body as the API's page has it.
pub fn body(password: &str, project: &Value) -> Value {
    json!({ "auth": {
        "identity": {
            "methods": ["password"],
            "password": { "user": { "name": USER, "password": password, "domain": { "name": ACCOUNT } } },
        },
        "scope": { "project": project },
    } })
}

fn ask(service: &Service, query: &str, body: &Value) -> Answer {
    ask_bytes(service, query, body.to_string())
}

fn ask_bytes(service: &Service, query: &str, body: impl AsRef<[u8]>) -> Answer {
    service.raw(request("POST", &format!("{TOKENS}{query}"), &[JSON], body))
}

fn sign_in(service: &Service, project: &Value) -> Answer {
    ask(service, "?nocatalog=true", &body(PASSWORD, project))
}

fn region() -> Value {
    json!({ "name": REGION })
}

/// Checks that this is an error of IAM's, and gives its message.
fn refused(answer: &Answer, status: u16, title: &str) -> String {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(answer.header("x-subject-token"), None);
    let message = body["error"]["message"].as_str().unwrap().to_owned();
    let wanted = json!({ "error": { "code": status, "message": message, "title": title } });
    assert_eq!(body, wanted);
    message
}

fn list(service: &Service, token: &str, project: &str) -> Answer {
    let path = format!("/v1/{project}/node-provider/credentials");
    service.raw(request("GET", &path, &[("X-Auth-Token", token)], ""))
}

#[test]
fn a_token_comes_in_the_header_and_what_it_is_for_in_the_body() {
    let service = start(&[]);
    let before = OffsetDateTime::now_utc().truncate_to_second();
    let answer = sign_in(
        &service,
        &json!({ "name": REGION, "domain": { "name": ACCOUNT } }),
    );
    let after = OffsetDateTime::now_utc();
    assert_eq!(answer.status, 201, "{}", answer.text());
    let token = answer.header("x-subject-token").unwrap().to_owned();
    assert!(token.len() == 64 && !answer.text().contains(&token));
    let body = answer.json();
    let fields = &body["token"];
    let time = |name: &str| {
        let text = fields[name].as_str().unwrap();
        assert!(text.ends_with(".000000Z"), "{text}");
        OffsetDateTime::parse(text, &Rfc3339).unwrap()
    };
    let issued = time("issued_at");
    assert!(before <= issued && issued <= after);
    assert_eq!(time("expires_at") - issued, Duration::DAY);
    assert_eq!(fields["methods"], json!(["password"]));
    assert_eq!(fields["roles"], json!([{ "id": "0", "name": "te_admin" }]));
    let domain = &fields["project"]["domain"];
    assert_eq!(domain["name"], ACCOUNT);
    assert_eq!(&fields["user"]["domain"], domain);
    assert_eq!(
        fields["project"],
        json!({ "id": PROJECT, "name": REGION, "domain": domain })
    );
    assert_eq!(fields["user"]["name"], USER);
    for id in [&fields["user"]["id"], &domain["id"]] {
        assert_eq!(id.as_str().unwrap().len(), 32);
    }
    assert_eq!(fields.as_object().unwrap().len(), 6, "{body}");

    let whole = ask(&service, "", &crate::sign_in::body(PASSWORD, &region())).json();
    let url = &whole["token"]["catalog"][0]["endpoints"][0]["url"];
    assert_eq!(url, "http://service.test");
    assert_eq!(whole["token"].as_object().unwrap().len(), 7);
}

#[test]
fn a_token_makes_lists_and_deletes_the_keys_of_its_project_alone() {
    let service = start(&CALLER);
    let tokens = [region(), json!({ "id": SECOND_ID })].map(|project| {
        let answer = sign_in(&service, &project);
        answer.header("x-subject-token").unwrap().to_owned()
    });
    let path = format!("/v1/{SECOND_ID}/node-provider/credentials");
    let caller = [("X-Auth-Token", tokens[1].as_str())];
    let key = service.raw(request("POST", &path, &caller, "{}")).key();
    assert_eq!(list(&service, &tokens[1], SECOND_ID).json()["count"], 1);
    for (token, project) in [
        (tokens[0].as_str(), SECOND_ID),
        (&tokens[1], PROJECT),
        (TOKEN, SECOND_ID),
        (&tokens[0][1..], PROJECT),
        (&tokens[0].to_uppercase(), PROJECT),
    ] {
        list(&service, token, project).assert_failure(401);
    }
    // The token of the command line stays, and so does an older one when there is a newer.
    service.create("{}").key();
    assert_eq!(sign_in(&service, &region()).status, 201);
    assert_eq!(list(&service, &tokens[0], PROJECT).json()["count"], 1);
    let target = format!("{path}/{}", key.id);
    let gone = service.raw(request("DELETE", &target, &caller, ""));
    assert_eq!(gone.text(), "null");
}

#[test]
fn a_token_ends_with_its_time_and_with_the_service() {
    let service = start(&["--token-lifetime", "2"]);
    let answer = sign_in(&service, &region());
    let token = answer.header("x-subject-token").unwrap();
    let until = answer.json()["token"]["expires_at"]
        .as_str()
        .unwrap()
        .to_owned();
    let until = OffsetDateTime::parse(&until, &Rfc3339).unwrap();
    let mut good = 0;
    loop {
        let before = OffsetDateTime::now_utc();
        let answer = list(&service, token, PROJECT);
        if before >= until {
            answer.assert_failure(401);
            break;
        }
        good += u32::from(answer.status == 200);
        thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(good > 0, "it was never good");

    let service = start(&[]);
    let answer = sign_in(&service, &region());
    let folder = service.folder();
    service.stop();
    let mut command = binary();
    with_account(&mut command);
    let service = Service::spawn(folder, command);
    let token = answer.header("x-subject-token").unwrap();
    list(&service, token, PROJECT).assert_failure(401);
}

#[test]
fn who_is_wrong_learns_no_more_than_that() {
    let service = start(&[]);
    let mut said = HashSet::new();
    for pointer in ["name", "password", "domain/name"] {
        let mut wrong = body(PASSWORD, &region());
        let place = format!("/auth/identity/password/user/{pointer}");
        *wrong.pointer_mut(&place).unwrap() = "another".into();
        said.insert(refused(&ask(&service, "", &wrong), 401, "Unauthorized"));
    }
    assert_eq!(said.len(), 1, "{said:?}");
    for project in [
        json!({ "name": "eu-west-0" }),
        json!({ "name": REGION, "domain": { "name": "another" } }),
        json!({ "id": "0".repeat(32) }),
    ] {
        refused(&sign_in(&service, &project), 403, "Forbidden");
    }
    assert_eq!(sign_in(&service, &region()).status, 201);
}

#[test]
fn five_wrong_passwords_lock_the_user_and_no_right_one_opens() {
    let service = start(&CALLER);
    let wrong = || ask(&service, "", &body("wrong", &region()));
    let right = sign_in(&service, &region());
    let first = refused(&wrong(), 401, "Unauthorized");
    for _ in 0..4 {
        assert_eq!(refused(&wrong(), 401, "Unauthorized"), first);
    }
    for answer in [sign_in(&service, &region()), wrong()] {
        assert!(refused(&answer, 401, "Unauthorized").contains("locked for 15 minutes"));
    }
    // What was given out stays good.
    let token = right.header("x-subject-token").unwrap();
    assert_eq!(list(&service, token, PROJECT).status, 200);
    assert_eq!(service.raw(post("{}")).status, 200);
}

#[test]
fn many_at_once_count_one_by_one() {
    let service = start(&[]);
    let mut statuses: Vec<_> = thread::scope(|scope| {
        let wrong = body("wrong", &region());
        let tries: Vec<_> = (0..5)
            .map(|_| {
                let (service, wrong) = (&service, wrong.clone());
                scope.spawn(move || ask(service, "", &wrong).status)
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.dedup();
    assert_eq!(statuses, [401]);
    let locked = refused(&sign_in(&service, &region()), 401, "Unauthorized");
    assert!(locked.contains("locked"), "{locked}");
}

#[test]
fn a_device_asks_for_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("totp");
    fs::write(&secret, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n").unwrap();
    let user_id = "0a".repeat(16);
    let device = [
        "--user-id",
        &user_id,
        "--totp-secret-file",
        secret.to_str().unwrap(),
    ];
    let service = start(&device);
    let missing = refused(&sign_in(&service, &region()), 403, "Forbidden");
    assert!(missing.contains("MFA"), "{missing}");
    let mut wrong = body(PASSWORD, &region());
    wrong["auth"]["identity"]["methods"] = json!(["password", "totp"]);
    wrong["auth"]["identity"]["totp"] = json!({ "user": { "id": user_id, "passcode": "no code" } });
    refused(&ask(&service, "", &wrong), 401, "Unauthorized");
    // Which code is right at which time, the unit tests ask: their clock stands still.
}

#[test]
fn odd_bodies_are_refused_and_cost_nothing() {
    let service = start(&[]);
    let good = body(PASSWORD, &region()).to_string();
    let nested = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let huge = "x".repeat(60_000);
    let twice = |name: &str| {
        good.replacen(
            &format!("\"{name}\":"),
            &format!("\"{name}\":0,\"{name}\":"),
            1,
        )
    };
    let cases: Vec<Vec<u8>> = [
        "",
        " ",
        "null",
        "1",
        "[]",
        "{}",
        "\"auth\"",
        "{",
        "[",
        "NaN",
        "{\"auth\":null}",
        "{\"auth\":[]}",
        "{\"auth\":{}}",
        "{\"auth\":{\"identity\":{},\"scope\":{}}}",
        &format!("{good} x"),
        &format!("{good}{good}"),
        &format!("\u{feff}{good}"),
        &good[..good.len() - 1],
        &nested,
        &format!("{{\"auth\":{nested}}}"),
        &format!("{{\"auth\":{{\"identity\":{nested},\"scope\":{nested}}}}}"),
        &"{\"auth\":".repeat(1_000),
        &huge,
        &format!("\"{huge}\""),
        &format!("{{\"{huge}\":1}}"),
        &good.replace("\"scope\"", "\"scop\\ud800\""),
        &good.replace(PASSWORD.get(..1).unwrap(), "\0"),
        &good.replace("\"password\"]", "\"token\"]"),
        &good.replace("\"password\"]", "\"password\",\"totp\"]"),
        "auth=a&password=b",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain(
        [
            "auth", "identity", "methods", "password", "user", "domain", "name", "scope", "project",
        ]
        .map(|name| twice(name).into_bytes()),
    )
    .chain([
        b"\xff\xfe{\0}\0".to_vec(),
        [good.as_bytes(), b"\xff"].concat(),
        good.clone()
            .into_bytes()
            .into_iter()
            .map(|byte| if byte == b'-' { 0xFF } else { byte })
            .collect(),
        vec![b' '; 65_537],
        [good.as_bytes(), &[b' '; 65_536]].concat(),
    ])
    .collect();
    for case in cases {
        let answer = ask_bytes(&service, "", &case);
        assert_eq!(answer.status, 400, "{:?}", String::from_utf8_lossy(&case));
        refused(&answer, 400, "Bad Request");
    }
    for query in ["?", "?nocatalog", "?nocatalog=false", "?a=b"] {
        refused(&ask_bytes(&service, query, &good), 400, "Bad Request");
    }
    // Not one of them was a wrong password.
    assert_eq!(sign_in(&service, &region()).status, 201);
    let (_, log) = service.stop();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn a_page_of_another_origin_cannot_lock_the_user() {
    let service = start(&["--allow-origin", "http://a.test"]);
    let wrong = body("wrong", &region()).to_string();
    // All that a browser sends without asking first.
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data"),
        Some("text/plain;charset=application/json"),
    ] {
        for _ in 0..5 {
            let mut headers = vec![("Origin", "http://evil.test")];
            headers.extend(content_type.map(|value| ("Content-Type", value)));
            let answer = service.raw(request("POST", TOKENS, &headers, &wrong));
            refused(&answer, 400, "Bad Request");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    assert_eq!(sign_in(&service, &region()).status, 201);
    let allowed = [("Origin", "http://a.test"), JSON];
    let right = body(PASSWORD, &region()).to_string();
    let answer = service.raw(request("POST", TOKENS, &allowed, right));
    let exposed = answer.header("access-control-expose-headers").unwrap();
    assert!(
        answer.status == 201 && exposed.contains("x-subject-token"),
        "{answer:?}"
    );
    let rebound = format!(
        "POST {TOKENS} HTTP/1.1\r\nHost: rebound.test\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    service.raw(rebound).assert_gateway(403, "APIGW.0302");
}

#[test]
fn without_an_account_nobody_signs_in() {
    let service = Service::start();
    let answer = sign_in(&service, &region());
    answer.assert_gateway(404, "APIGW.0101");
    assert!(answer.text().contains("--account"));
    for method in ["GET", "PUT", "DELETE"] {
        let answer = service.raw(request(method, TOKENS, &[], ""));
        answer.assert_gateway(405, "APIGW.0101");
    }
}

#[test]
fn neither_password_nor_token_is_anywhere_but_where_it_belongs() {
    let service = start(&CALLER);
    let token = sign_in(&service, &region())
        .header("x-subject-token")
        .unwrap()
        .to_owned();
    let caller = [("X-Auth-Token", token.as_str())];
    let path = crate::support::path();
    service.raw(request("POST", &path, &caller, "{}")).key();
    let mut said = String::new();
    let mut odd = body(PASSWORD, &json!({ "name": PASSWORD }));
    for answer in [
        ask(&service, "", &odd),
        {
            odd["auth"][PASSWORD] = json!(1);
            ask(&service, "", &odd)
        },
        ask(&service, &format!("?{token}"), &body(PASSWORD, &region())),
        ask(&service, "", &body(&format!("{PASSWORD}x"), &region())),
        ask_bytes(&service, "", &body(PASSWORD, &region()).to_string()[..200]),
        service.raw(request(
            "PUT",
            TOKENS,
            &[JSON],
            body(PASSWORD, &region()).to_string(),
        )),
        service.raw(request("POST", &format!("{path}/{token}"), &caller, "")),
        service.raw(request(
            "POST",
            &path,
            &caller,
            format!("{{\"{token}\":1}}"),
        )),
        service.raw(request("GET", &format!("{path}?{token}"), &caller, "")),
    ] {
        assert!(answer.status >= 400);
        said += &format!("{:?} {}", answer.headers, answer.text());
    }
    let folder = service.folder();
    let mut kept = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        kept.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    let (_, log) = service.stop();
    assert!(log.contains("made a token"), "{log}");
    for secret in [PASSWORD, &token] {
        for window in secret.as_bytes().windows(12) {
            for place in [said.as_bytes(), log.as_bytes(), &kept] {
                let leak = place.windows(12).any(|other| other == window);
                assert!(!leak, "{}", String::from_utf8_lossy(window));
            }
        }
    }
}

fn plus<'a>(some: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [some, more].concat()
}

#[test]
fn the_account_is_checked_before_anything_begins() {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    fs::write(&password, format!("{PASSWORD}\r\n")).unwrap();
    let file = password.to_str().unwrap();
    let project = format!("{REGION}={PROJECT}");
    let account = ["--account", ACCOUNT, "--user", USER, "--project", &project];
    let data = folder.path().join("keys.sqlite");
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = binary();
        command.args(arguments).arg("--data").arg(&data);
        if let Some(password) = variable {
            command.env("NODE_PROVIDER_PASSWORD", password);
        }
        let output = command.args(["--listen", "127.0.0.1:0"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !data.exists());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("0123456789"), "{said}");
        said
    };
    let with = |more| plus(&account, more);
    for (arguments, variable, why) in [
        (
            with(&[]),
            None,
            "the password is missing: give one of --password-file, NODE_PROVIDER_PASSWORD",
        ),
        (
            with(&["--password-file", "/no/such/file"]),
            None,
            "the password file /no/such/file cannot be read",
        ),
        (
            with(&[]),
            Some(""),
            "the password must be 1 to 4096 characters",
        ),
        (
            with(&[]),
            Some("0123456789\n0123456789"),
            "the password must be 1 to 4096 characters",
        ),
        (
            with(&["--user-id", "short"]),
            Some(PASSWORD),
            "the user id must be 32",
        ),
        (
            with(&["--project", "0123456789"]),
            Some(PASSWORD),
            "it is NAME=ID",
        ),
        (
            with(&["--token-lifetime", "86401"]),
            Some(PASSWORD),
            "it is a number of 1 to 86400",
        ),
        (
            with(&["--totp-secret-file", file]),
            Some(PASSWORD),
            "--user-id",
        ),
        (
            with(&["--token", "a"]),
            Some(PASSWORD),
            "the project id is missing",
        ),
        (vec!["--account", ACCOUNT], Some(PASSWORD), "--user"),
        (vec!["--password-file", "/dev/null"], None, "--account"),
    ] {
        let said = run(&arguments, variable);
        assert!(said.contains(why), "{said}");
    }
    let both = [&account[..], &["--password-file", file]].concat();
    assert!(run(&both, Some(PASSWORD)).contains("the password is given more than once"));
    let id = "0".repeat(32);
    let device = ["--totp-secret-file", file, "--user-id", &id];
    let said = run(&[&account[..], &device].concat(), Some(PASSWORD));
    assert!(said.contains("the TOTP secret must be base32"), "{said}");

    let mut command = binary();
    command.args(account).args(["--password-file", file]);
    let service = Service::spawn(Arc::new(tempfile::tempdir().unwrap()), command);
    assert_eq!(sign_in(&service, &region()).status, 201);
}
