//! Creating a key.

use std::{collections::HashSet, thread};

use sha2::{Digest, Sha256};

use crate::support::{PROJECT, Service, TOKEN, path, request};

type Row = (String, Option<String>, String, i64);

fn row(service: &Service, id: &str) -> Row {
    service
        .database()
        .query_row(
            "SELECT project_id, description, sha256, create_time FROM credentials WHERE id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap()
}

#[test]
fn the_answer_is_a_whole_zip_with_a_name_and_is_not_kept() {
    let service = Service::start();
    let answer = service.create("{}");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(
        answer.header("content-length"),
        Some(answer.body.len().to_string().as_str())
    );
    let key = answer.key();
    let name = format!("attachment; filename=\"node-provider-key-{}.zip\"", key.id);
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
}

#[test]
fn the_row_has_the_digest_of_what_the_file_holds() {
    let service = Service::start();
    let key = service.create("{\"description\":\"For test\"}").key();
    let (project, description, sha256, create_time) = row(&service, &key.id);
    assert_eq!(project, PROJECT);
    assert_eq!(key.project_id, PROJECT);
    assert_eq!(description.as_deref(), Some("For test"));
    let digest: String = Sha256::digest(&key.secret)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(sha256, digest);
    assert_eq!(uuid::Uuid::parse_str(&key.id).unwrap().get_version_num(), 4);
    assert_eq!(key.secret.len(), 64);
    let told = time::OffsetDateTime::parse(
        &key.create_time,
        &time::format_description::well_known::Rfc3339,
    )
    .unwrap();
    assert_eq!(
        told.unix_timestamp_nanos(),
        i128::from(create_time) * 1_000_000
    );
    let age = time::OffsetDateTime::now_utc() - told;
    assert!(age.whole_hours() == 0, "created at {told}");
}

#[test]
fn the_secret_is_in_no_file_of_the_database() {
    let service = Service::start();
    let secret = service
        .create("{\"description\":\"a mark to be found\"}")
        .key()
        .secret;
    let mut found_mark = false;
    for entry in service.folder().path().read_dir().unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        found_mark |= holds("a mark to be found");
        for start in 0..=secret.len() - 12 {
            assert!(!holds(&secret[start..start + 12]));
        }
    }
    assert!(found_mark, "the search would have found nothing anyway");
}

#[test]
fn absent_and_empty_descriptions_are_different() {
    let service = Service::start();
    let absent = service.create("{}").key();
    let empty = service.create("{\"description\":\"\"}").key();
    assert_eq!(row(&service, &absent.id).1, None);
    assert_eq!(row(&service, &empty.id).1.as_deref(), Some(""));
}

#[test]
fn a_description_arrives_as_it_was_sent() {
    let service = Service::start();
    for text in [
        "a,b",
        "\"quoted\"",
        "line\r\nline",
        "日本語 😀",
        " spaces ",
        "=1+1",
        "\u{0}nul",
        "'; DROP TABLE credentials; --",
    ] {
        let key = service
            .create(serde_json::json!({ "description": text }).to_string())
            .key();
        assert_eq!(key.description, text);
        assert_eq!(row(&service, &key.id).1.as_deref(), Some(text));
    }
}

#[test]
fn json_may_be_written_in_any_way() {
    let service = Service::start();
    for body in [
        " {\r\n\t} \n",
        "{\"d\\u0065scription\":\"a\"}",
        "{ \"description\" : \"\\u0061\" }",
    ] {
        assert_eq!(service.create(body).status, 200, "{body}");
    }
}

#[test]
fn the_content_type_of_the_request_does_not_matter() {
    let service = Service::start();
    for content_type in ["text/plain", "application/json; charset=utf-8", "nonsense"] {
        let headers = [("X-Auth-Token", TOKEN), ("Content-Type", content_type)];
        assert_eq!(
            service.raw(request("POST", &path(), &headers, "{}")).status,
            200
        );
    }
    assert_eq!(
        service
            .raw(request("POST", &path(), &[("X-Auth-Token", TOKEN)], "{}"))
            .status,
        200
    );
}

#[test]
fn many_at_once_are_as_many_keys() {
    let service = Service::start();
    let keys: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..64)
            .map(|_| scope.spawn(|| service.create("{}").key()))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    let ids: HashSet<_> = keys.iter().map(|key| &key.id).collect();
    let secrets: HashSet<_> = keys.iter().map(|key| &key.secret).collect();
    assert_eq!((ids.len(), secrets.len(), service.count()), (64, 64, 64));
}

#[test]
fn nothing_after_the_first_request_of_a_connection_is_done() {
    let service = Service::start();
    let one = crate::support::post("{}");
    let answer = service.raw([one.clone(), one.clone(), one].concat());
    answer.key();
    assert_eq!(service.count(), 1);
}
