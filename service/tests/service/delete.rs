//! Deleting a key.

use std::thread;

use crate::support::{PROJECT, Service, TOKEN, path_of, request};

#[test]
fn null_once_and_then_not_found() {
    let service = Service::start();
    let kept = service.create("{}").key();
    let gone = service.create("{}").key();
    let answer = service.delete(&gone.id);
    assert_eq!((answer.status, answer.text()), (200, "null"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    service.delete(&gone.id).assert_failure(404);
    service.delete(&gone.id).assert_failure(404);
    let left: String = service
        .database()
        .query_row("SELECT id FROM credentials", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, kept.id);
}

#[test]
fn of_many_at_once_one_succeeds() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let mut statuses: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| service.delete(&id).status))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(
        statuses[1..].iter().all(|status| *status == 404),
        "{statuses:?}"
    );
}

#[test]
fn a_body_is_not_read() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let answer = service.raw(request(
        "DELETE",
        &path_of(&id),
        &[("X-Auth-Token", TOKEN)],
        vec![b'x'; 1_000_000],
    ));
    assert_eq!((answer.status, answer.text()), (200, "null"));
}

#[test]
fn the_key_of_another_project_is_not_found() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let other = PROJECT.replace('0', "1");
    service
        .database()
        .execute("UPDATE credentials SET project_id = ?1", [&other])
        .unwrap();
    service.delete(&id).assert_failure(404);
    assert_eq!(service.count(), 1);
}

#[test]
fn an_id_is_compared_exactly() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    service.delete(&id.to_uppercase()).assert_failure(404);
    service.delete(&"_".repeat(36)).assert_failure(404);
    assert_eq!(service.count(), 1);
}
