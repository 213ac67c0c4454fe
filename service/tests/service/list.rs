//! Listing the keys of a project.

use std::collections::HashSet;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::support::{PROJECT, Service, TOKEN, path, request};

fn listed(service: &Service, query: &str) -> (Vec<Value>, u64) {
    let answer = service.list(query);
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    let mut body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 2);
    let count = body["count"].as_u64().unwrap();
    let Value::Array(credentials) = body["credentials"].take() else {
        panic!("no list");
    };
    (credentials, count)
}

fn descriptions(credentials: &[Value]) -> Vec<i64> {
    credentials
        .iter()
        .map(|credential| credential["description"].as_str().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn an_empty_project_has_an_empty_list() {
    let service = Service::start();
    assert_eq!(
        service.list("").json(),
        json!({ "credentials": [], "count": 0 })
    );
}

#[test]
fn a_key_is_listed_as_its_file_has_it() {
    let service = Service::start();
    let key = service
        .create("{\"description\":\"日本語 \\\"a\\\"\"}")
        .key();
    let (credentials, count) = listed(&service, "");
    assert_eq!(count, 1);
    assert_eq!(
        credentials,
        [json!({
            "id": key.id,
            "description": "日本語 \"a\"",
            "create_time": key.create_time,
            "update_time": "",
        })]
    );
    let created = OffsetDateTime::parse(&key.create_time, &Rfc3339).unwrap();
    assert!(created.offset().is_utc());
    assert_eq!((OffsetDateTime::now_utc() - created).whole_hours(), 0);
}

#[test]
fn absent_and_empty_descriptions_are_different() {
    let service = Service::start();
    service.create("{}").key();
    service.create("{\"description\":\"\"}").key();
    let (credentials, _) = listed(&service, "");
    let mut given: Vec<_> = credentials.iter().map(|c| c.get("description")).collect();
    // Which of the two is the newer one may be within one millisecond.
    given.sort_by_key(|description| description.is_some());
    assert_eq!(given, [None, Some(&json!(""))]);
}

#[test]
fn deleted_keys_and_those_of_other_projects_are_not_listed() {
    let service = Service::start();
    let gone = service.create("{}").key();
    let other = service.create("{}").key();
    let kept = service.create("{}").key();
    service.delete(&gone.id);
    service
        .database()
        .execute(
            "UPDATE credentials SET project_id = ?1 WHERE id = ?2",
            (PROJECT.replace('0', "1"), &other.id),
        )
        .unwrap();
    let (credentials, count) = listed(&service, "");
    assert_eq!((credentials.len(), count), (1, 1));
    assert_eq!(credentials[0]["id"], kept.id);
}

#[test]
fn the_newest_are_first() {
    let service = Service::start();
    service.fill(3);
    // Of one time, and then of an earlier one, as a clock that goes back gives it: made last is newest.
    let database = service.database();
    for (id, time) in [("a", 1_001), ("b", 1_001), ("c", 5)] {
        database
            .execute(
                "INSERT INTO credentials (id, project_id, description, sha256, create_time) VALUES (?1, ?2, NULL, ?3, ?4)",
                (id.repeat(36), PROJECT, id.repeat(64), time),
            )
            .unwrap();
    }
    let ids: Vec<_> = listed(&service, "")
        .0
        .iter()
        .map(|credential| credential["id"].as_str().unwrap()[35..].to_owned())
        .collect();
    assert_eq!(ids, ["c", "b", "a", "2", "1", "0"]);
}

#[test]
fn windows() {
    let service = Service::start();
    service.fill(1_500);
    for (query, first, length) in [
        ("", 1_499, 100),
        ("?", 1_499, 100),
        ("?offset=0", 1_499, 100),
        ("?limit=100", 1_499, 100),
        ("?limit=1", 1_499, 1),
        ("?limit=999", 1_499, 999),
        ("?limit=1000", 1_499, 1_000),
        ("?offset=1&limit=2", 1_498, 2),
        ("?limit=2&offset=1", 1_498, 2),
        ("?offset=999&limit=3", 500, 3),
        ("?offset=1000&limit=1000", 499, 500),
        ("?offset=1000", 499, 100),
        ("?offset=007", 1_492, 100),
        ("?%6fffset=%37", 1_492, 100),
    ] {
        let (credentials, count) = listed(&service, query);
        assert_eq!(count, 1_500, "{query}");
        let wanted: Vec<_> = (0..length).map(|index| first - index).collect();
        assert_eq!(descriptions(&credentials), wanted, "{query}");
    }
}

#[test]
fn a_window_beyond_the_end_is_empty_and_still_counts() {
    let service = Service::start();
    service.fill(3);
    for query in ["?offset=3", "?offset=1000&limit=1"] {
        assert_eq!(listed(&service, query), (vec![], 3));
    }
    assert_eq!(descriptions(&listed(&service, "?offset=2").0), [0]);
}

#[test]
fn pages_together_are_the_whole() {
    let service = Service::start();
    service.fill(25);
    let mut seen = Vec::new();
    for offset in (0..30).step_by(10) {
        seen.extend(descriptions(
            &listed(&service, &format!("?offset={offset}&limit=10")).0,
        ));
    }
    assert_eq!(seen, (0..25).rev().collect::<Vec<_>>());
}

#[test]
fn bad_parameters() {
    let service = Service::start();
    for bad in [
        "offset=1001",
        "offset=-1",
        "offset=-0",
        "offset=+1",
        "offset=%2B1",
        "offset=",
        "offset",
        "offset=1.0",
        "offset=1e2",
        "offset=0x1",
        "offset=a",
        "offset=1 ",
        "offset=%201",
        "offset=1%00",
        "offset=%FF",
        "offset=%D9%A1",
        "offset=65536",
        "offset=65537",
        "offset=18446744073709551616",
        "offset==1",
        "offset=1=1",
        "limit=0",
        "limit=1001",
        "limit=-1",
        "limit=",
        "limit",
        "limit=null",
        "limit=65537",
        "limit=NaN",
        "offset=0&offset=0",
        "offset=0&limit=1&offset=0",
        "limit=1&%6cimit=1",
        "Offset=0",
        "LIMIT=1",
        "offset%20=0",
        "page=1",
        "offset=0&page=1",
        "=",
        "=1",
        "&",
        "offset=0&",
        "&offset=0",
        "offset=0&&limit=1",
        "offset=0;limit=1",
        "offset[]=0",
        "%FF=0",
        "offset=0#",
        "?offset=0",
    ] {
        let query = format!("?{}", bad.replace(' ', "+").replace('#', "%23"));
        let answer = service.list(&query);
        assert_eq!(answer.status, 400, "{query}");
        answer.assert_failure(400);
    }
}

#[test]
fn a_stranger_gets_401_whatever_the_parameters() {
    let service = Service::start();
    let other = PROJECT.replace('0', "1");
    for query in ["", "?offset=0&limit=1", "?offset=x", "?nonsense"] {
        let own = format!("{}{query}", path());
        let foreign = format!("/v1/{other}/node-provider/credentials{query}");
        let right = ("X-Auth-Token", TOKEN);
        service
            .raw(request("GET", &own, &[], ""))
            .assert_failure(401);
        service
            .raw(request("GET", &own, &[("X-Auth-Token", "other")], ""))
            .assert_failure(401);
        service
            .raw(request("GET", &own, &[right, right], ""))
            .assert_failure(401);
        service
            .raw(request("GET", &foreign, &[right], ""))
            .assert_failure(401);
    }
}

#[test]
fn a_body_is_not_read_and_head_has_none() {
    let service = Service::start();
    let right = [("X-Auth-Token", TOKEN)];
    let whole = service.raw(request("GET", &path(), &right, vec![b'x'; 1_000_000]));
    assert_eq!(whole.status, 200);
    let head = service.raw(request("HEAD", &path(), &right, ""));
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(
        head.header("content-length"),
        Some(whole.body.len().to_string().as_str())
    );
}

#[test]
fn a_failing_database_is_500_and_then_well_again() {
    let service = Service::start();
    service.fill(1);
    let database = service.database();
    database
        .execute_batch("ALTER TABLE credentials RENAME TO away")
        .unwrap();
    service.list("").assert_failure(500);
    service.list("?limit=0").assert_failure(400);
    database
        .execute_batch("ALTER TABLE away RENAME TO credentials; UPDATE credentials SET create_time = 9000000000000000000")
        .unwrap();
    service.list("").assert_failure(500);
    database
        .execute_batch("UPDATE credentials SET create_time = 0")
        .unwrap();
    assert_eq!(
        listed(&service, "").0[0]["create_time"],
        "1970-01-01T00:00:00.000Z"
    );
    let (_, log) = service.stop();
    assert_eq!(log.matches("no keys were listed").count(), 2, "{log}");
}

#[test]
fn a_list_holds_no_secret() {
    let service = Service::start();
    let secret = service.create("{}").key().secret;
    let body = service.list("").text().to_owned();
    let digest: String = service
        .database()
        .query_row("SELECT sha256 FROM credentials", [], |row| row.get(0))
        .unwrap();
    assert!(!body.contains(&secret[..12]) && !body.contains(&digest[..12]));
}

#[test]
fn listing_while_keys_come_and_go_is_of_one_moment() {
    let service = Service::start();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..20 {
                let id = service.create("{}").key().id;
                service.create("{}").key();
                service.delete(&id);
            }
        });
        while !writer.is_finished() {
            let (credentials, count) = listed(&service, "?limit=1000");
            assert_eq!(credentials.len() as u64, count);
            let ids: HashSet<_> = credentials.iter().map(|c| c["id"].to_string()).collect();
            assert_eq!(ids.len() as u64, count);
        }
    });
    assert_eq!(listed(&service, "").1, 20);
}
