//! Filesystems that are really full, or turn read-only under the service: a clear error, no key
//! lost, and back to normal after.

use std::{
    cell::Cell,
    collections::HashSet,
    env,
    ffi::OsStr,
    fs::{self, File},
    io::{ErrorKind, Write},
    path::PathBuf,
    process::{Command, Output},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use rustix::process::geteuid;
use tempfile::TempDir;

use crate::{
    kills::{Log, variables},
    storm::{Place, rage},
    support::{Answer, Service, WATCHDOG, binary, refusal},
};

const CLIENTS: usize = 64;

/// Runs the body of the test `name` in a process with mounts of its own, which end with it.
fn with_own_mounts(name: &str, body: impl FnOnce()) {
    const INSIDE: &str = "DISKS_INSIDE";
    if env::var_os(INSIDE).is_some() {
        return body();
    }
    let unshare = |program: &OsStr, args: &[&str]| {
        let mut command = Command::new("unshare");
        if !geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        let command = command.arg("--mount").arg(program).args(args);
        let output = command.env(INSIDE, "1").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status, String::from_utf8_lossy(&said).into_owned())
    };
    let (allowed, said) = unshare(OsStr::new("true"), &[]);
    assert!(
        allowed.success(),
        "nothing can be mounted here: be root (in a container with the capability SYS_ADMIN), or let users have \
         namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns). {said}"
    );
    let test = env::current_exe().unwrap();
    let name = format!("disks::{name}");
    let (status, said) = unshare(test.as_os_str(), &["--exact", &name, "--nocapture"]);
    assert!(status.success() && said.contains("1 passed"), "{said}");
    for line in said.lines().filter(|line| line.starts_with("figure: ")) {
        println!("{line}");
    }
}

/// A folder with a filesystem mounted on it.
struct Disk(Arc<TempDir>);

impl Disk {
    fn mount(arguments: &[&str]) -> Self {
        let disk = Self(Arc::new(tempfile::tempdir().unwrap()));
        disk.change("mount", arguments);
        disk
    }

    fn folder(&self) -> Arc<TempDir> {
        Arc::clone(&self.0)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn change(&self, program: &str, arguments: &[&str]) {
        let output = self.try_to(program, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
    }

    fn try_to(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).arg(self.0.path()).output().unwrap()
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut ballast = File::create(self.file("ballast")).unwrap();
        let error = loop {
            if let Err(error) = ballast.write_all(&[0; 4096]) {
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::StorageFull);
    }

    fn free(&self) {
        fs::remove_file(self.file("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Else the folder could not be removed.
        let _ = self.try_to("umount", &["--lazy"]);
    }
}

/// Creates by many clients at once.
fn crowd(service: &Service) -> Vec<Answer> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| service.create("{}")))
            .collect();
        let answers = clients.into_iter().map(|client| client.join().unwrap());
        answers.collect()
    })
}

/// A small disk that is full from every second kill to the next, and a log without a way.
struct Full {
    disk: Disk,
    log: Log,
    kills: Cell<usize>,
}

impl Full {
    fn is_full(&self) -> bool {
        self.disk.file("ballast").exists()
    }
}

impl Place for Full {
    fn folder(&self) -> Arc<TempDir> {
        self.disk.folder()
    }

    /// On a full disk the service starts, or says at once that it does not: then there is room again.
    fn start(&self) -> Service {
        if self.is_full() {
            match self.log.attempt(self.folder()) {
                Ok(service) => return service,
                Err((status, log)) => assert_eq!(status.code(), Some(1), "{log}"),
            }
            self.disk.free();
        }
        self.log.start(self.folder())
    }

    fn change(&self) {
        self.calm();
        self.kills.set(self.kills.get() + 1);
        if self.kills.get().is_multiple_of(2) {
            // What the write-ahead log has of the disk would be enough for many calls.
            let database = Connection::open(self.disk.file("keys.sqlite")).unwrap();
            database.busy_timeout(WATCHDOG).unwrap();
            let shorten = "PRAGMA wal_checkpoint(TRUNCATE)";
            database.query_row(shorten, [], |_| Ok(())).unwrap();
            self.disk.fill();
        }
    }

    fn calm(&self) {
        if self.is_full() {
            self.disk.free();
        }
    }

    fn refuses(&self) -> bool {
        self.is_full()
    }

    fn has_refused(&self) -> bool {
        self.kills.get() > 1
    }
}

fn assert_clean(service: &Service) {
    let ask = "PRAGMA integrity_check";
    let verdict = service.database().query_row(ask, [], |row| row.get(0));
    assert_eq!(verdict, Ok("ok".to_owned()));
}

#[test]
fn a_full_disk_is_500_until_there_is_room() {
    with_own_mounts("a_full_disk_is_500_until_there_is_room", || {
        let disk = Disk::mount(&["-t", "tmpfs", "-o", "size=16m", "tmpfs"]);
        let service = Service::again(disk.folder(), &[]);
        let mut made = HashSet::new();
        for _ in 0..3 {
            disk.fill();
            // SQLite may have room in a file that it has already.
            let mut refused = 0;
            for answer in (0..4).flat_map(|_| crowd(&service)) {
                if answer.status == 200 {
                    assert!(made.insert(answer.key().id));
                } else {
                    answer.assert_failure(500);
                    refused += 1;
                }
            }
            assert!(refused > 0, "the disk was never full");
            assert_eq!(service.list("").json()["count"], made.len());
            assert_eq!(service.stored(), made);

            disk.free();
            for answer in crowd(&service) {
                assert!(made.insert(answer.key().id));
            }
            let gone = made.iter().next().unwrap().clone();
            assert_eq!(service.delete(&gone).text(), "null");
            made.remove(&gone);
        }
        assert_clean(&service);
        let (status, log) = service.stop();
        assert!(status.success());
        assert!(log.contains("database or disk is full"), "{log}");

        disk.fill();
        refusal(&mut binary(), "127.0.0.1:0", &disk.file("keys.sqlite"));
        disk.free();
        let service = Service::again(disk.folder(), &[]);
        assert_eq!(service.stored(), made);
        service.create("{}").key();
    });
}

#[test]
fn a_disk_that_turns_read_only_is_500_and_loses_no_key() {
    with_own_mounts(
        "a_disk_that_turns_read_only_is_500_and_loses_no_key",
        || {
            let folder = tempfile::tempdir().unwrap();
            let image = image(&folder);
            let mount = ["-o", "loop,errors=remount-ro", &image];
            let disk = Disk::mount(&mount);
            let service = Service::again(disk.folder(), &[]);
            let told = create_until_read_only(&service, &disk);

            let kept = told.iter().next().unwrap();
            service.delete(kept).assert_failure(500);
            let listed = service.list("?limit=1000").json()["count"].as_u64();
            assert!(listed >= Some(told.len() as u64), "{listed:?}");
            let (status, log) = service.stop();
            assert!(status.success());
            for what in ["no key was made", "no key was deleted", "disk I/O error"] {
                assert!(log.contains(what), "{what}: {log}");
            }
            refusal(&mut binary(), "127.0.0.1:0", &disk.file("keys.sqlite"));

            // Once the disk has failed, nothing but a new mount makes it writable.
            disk.change("umount", &[]);
            disk.change("mount", &mount);
            let service = Service::again(disk.folder(), &[]);
            // What was refused may have been written all the same.
            assert!(service.stored().is_superset(&told));
            assert_clean(&service);
            for id in told {
                assert_eq!(service.delete(&id).text(), "null");
            }
            service.create("{}").key();
        },
    );
}

/// An empty filesystem in a file of its own.
fn image(folder: &TempDir) -> String {
    assert!(
        geteuid().is_root(),
        "only root can mount an image: run this test as root"
    );
    let image = folder.path().join("image");
    File::create(&image).unwrap().set_len(16 << 20).unwrap();
    let made = Command::new("mkfs.ext4").arg("-q").arg(&image).status();
    let made =
        made.expect("mkfs.ext4 is missing: install it, on Debian with `apt-get install e2fsprogs`");
    assert!(made.success());
    image.into_os_string().into_string().unwrap()
}

/// Lets many clients create until each is refused, since the disk has failed meanwhile; gives the
/// keys of which they were told before it did. For some of those under way in that moment the
/// kernel says "synced" of what it then drops, as it does to any program.
fn create_until_read_only(service: &Service, disk: &Disk) -> HashSet<String> {
    // What is open for writing cannot be made read-only by asking.
    let asked = disk.try_to("mount", &["-o", "remount,ro"]);
    assert!(!asked.status.success());

    let told = Mutex::new(HashSet::new());
    let create = || {
        loop {
            let answer = service.create("{}");
            if answer.status != 200 {
                return answer.assert_failure(500);
            }
            told.lock().unwrap().insert(answer.key().id);
        }
    };
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(create);
        }
        let begun = Instant::now();
        while told.lock().unwrap().len() < 4 * CLIENTS {
            assert!(begun.elapsed() < WATCHDOG, "no keys are made");
            thread::sleep(Duration::from_millis(1));
        }
        let before = told.lock().unwrap().clone();
        disk.change("mount", &["-o", "remount,abort"]);
        before
    })
}

fn rage_on_a_full_disk(test: &str, name: &str, log: fn() -> Log) {
    with_own_mounts(test, || {
        let disk = Disk::mount(&["-t", "tmpfs", "-o", "size=8m", "tmpfs"]);
        let (calls, seed) = variables();
        let (log, kills) = (log(), Cell::new(0));
        rage(name, &Full { disk, log, kills }, calls, seed);
    });
}

#[test]
fn what_was_told_outlives_kills_on_a_full_disk_while_the_log_is_closed() {
    let test = "what_was_told_outlives_kills_on_a_full_disk_while_the_log_is_closed";
    rage_on_a_full_disk(test, "the disk is full and the log closed", Log::closed);
}

#[test]
fn what_was_told_outlives_kills_on_a_full_disk_while_nobody_reads_the_log() {
    let test = "what_was_told_outlives_kills_on_a_full_disk_while_nobody_reads_the_log";
    rage_on_a_full_disk(
        test,
        "the disk is full and nobody reads the log",
        Log::unread,
    );
}
