//! Changes that wait are committed together, and each is told what became of it alone.

use std::{collections::HashSet, fs, thread, time::Duration};

use crate::support::{Answer, Service};

/// Creates, all at once, while another process holds the lock for a while: all but the first few
/// wait together. Gives the answers in the order of the descriptions.
fn crowd(service: &Service, descriptions: &[&str]) -> Vec<Answer> {
    let lock = service.database();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    thread::scope(|scope| {
        let workers: Vec<_> = descriptions
            .iter()
            .map(|text| format!("{{\"description\":\"{text}\"}}"))
            .map(|body| scope.spawn(move || service.create(body)))
            .collect();
        thread::sleep(Duration::from_millis(500));
        lock.execute_batch("ROLLBACK").unwrap();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    })
}

/// Lets the database do this at each create with the description `bad`.
fn on_bad(service: &Service, statement: &str) {
    let trigger = format!(
        "CREATE TRIGGER a AFTER INSERT ON credentials WHEN NEW.description = 'bad' BEGIN {statement}; END"
    );
    service.database().execute_batch(&trigger).unwrap();
}

/// The keys whose files were sent are the keys that there are, and those refused are told so.
fn assert_told_truly(service: &Service, answers: &[Answer]) {
    let mut told = HashSet::new();
    for answer in answers {
        match answer.status {
            200 => assert!(told.insert(answer.key().id)),
            _ => answer.assert_failure(500),
        }
    }
    assert_eq!(told, service.stored());
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

/// How many commits the write-ahead log holds: <https://sqlite.org/fileformat2.html#walformat>.
fn commits(service: &Service) -> usize {
    let wal = fs::read(service.folder().path().join("keys.sqlite-wal")).unwrap();
    if wal.is_empty() {
        return 0;
    }
    let number = |at: usize| u32::from_be_bytes(wal[at..at + 4].try_into().unwrap());
    let frame = 24 + usize::try_from(number(8)).unwrap();
    (32..wal.len())
        .step_by(frame)
        // Only a frame that ends a commit has the size of the database in it.
        .filter(|&at| number(at + 4) != 0)
        .count()
}

#[test]
fn those_that_wait_are_committed_together() {
    let service = Service::start();
    let before = commits(&service);
    let answers = crowd(&service, &["a key"; 64]);
    assert_eq!(statuses(&answers), [200; 64]);
    assert_told_truly(&service, &answers);
    let commits = commits(&service) - before;
    assert!((1..32).contains(&commits), "{commits} commits");
}

#[test]
fn one_that_fails_leaves_nothing_and_its_neighbours_be() {
    let service = Service::start();
    // FAIL would keep the row, were there nothing around it.
    on_bad(&service, "SELECT RAISE(FAIL, 'no')");
    let answers = crowd(&service, &["good", "bad", "good", "bad"].repeat(4));
    assert_eq!(statuses(&answers), [200, 500, 200, 500].repeat(4));
    assert_told_truly(&service, &answers);
}

#[test]
fn one_that_undoes_the_transaction_fails_all_of_it() {
    let service = Service::start();
    on_bad(&service, "SELECT RAISE(ROLLBACK, 'no')");
    let answers = crowd(&service, &["good", "bad", "good", "good"].repeat(4));
    assert_told_truly(&service, &answers);
    let again = crowd(&service, &["good"; 4]);
    assert_eq!(statuses(&again), [200; 4]);
    let (_, log) = service.stop();
    assert!(log.contains("the database failed: no"), "{log}");
}

#[test]
fn a_commit_that_fails_fails_all_of_it_and_not_the_next() {
    let service = Service::start();
    // What is deferred is found out at the commit.
    service
        .database()
        .execute_batch(
            "CREATE TABLE known (id TEXT PRIMARY KEY);
             CREATE TABLE seen (id TEXT REFERENCES known (id) DEFERRABLE INITIALLY DEFERRED);",
        )
        .unwrap();
    on_bad(&service, "INSERT INTO seen VALUES (NEW.id)");
    let answers = crowd(&service, &["good", "bad", "good", "good"].repeat(4));
    assert!(
        statuses(&answers)
            .iter()
            .skip(1)
            .step_by(4)
            .all(|&status| status == 500)
    );
    assert_told_truly(&service, &answers);
    let again = crowd(&service, &["good"; 4]);
    assert_eq!(statuses(&again), [200; 4]);
    let (_, log) = service.stop();
    assert!(log.contains("FOREIGN KEY constraint failed"), "{log}");
}

#[test]
fn what_waited_too_long_is_never_done() {
    let service = Service::start();
    let kept = service.create("{}").key().id;
    let lock = service.database();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    thread::scope(|scope| {
        // Some fail for the lock, and those that one commit has no room for while they wait for it.
        let workers: Vec<_> = (0..400)
            .map(|number| {
                let (service, kept) = (&service, &kept);
                scope.spawn(move || match number % 4 {
                    0 => service.delete(kept),
                    _ => service.create("{}"),
                })
            })
            .collect();
        for worker in workers {
            let answer = worker.join().unwrap();
            match answer.status {
                503 => answer.assert_busy(),
                _ => answer.assert_failure(500),
            }
        }
    });
    lock.execute_batch("ROLLBACK").unwrap();
    assert_eq!(service.create("{}").status, 200);
    let folder = service.folder();
    let (_, log) = service.stop();
    for why in ["database is locked", "the database has too much to do"] {
        assert!(log.contains(why), "{log}");
    }
    let service = Service::again(folder, &[]);
    assert_eq!(service.count(), 2);
    assert_eq!(service.delete(&kept).text(), "null");
}

#[test]
fn a_list_waits_for_no_writer_and_shows_what_is_committed() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let other = service.database();
    other
        .execute_batch("BEGIN IMMEDIATE; DELETE FROM credentials")
        .unwrap();
    let list = service.list("");
    assert_eq!(list.json()["count"], 1);
    assert_eq!(list.json()["credentials"][0]["id"], id.as_str());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(service.list("").json()["count"], 0);
}
