//! A file that may not be written, or is damaged: a clear error, nothing made worse, and back to
//! normal once it is mended.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    sync::Arc,
};

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::support::{CALLER, Service, WATCHDOG, binary, refusal};

/// More than the service keeps in memory of the file.
const MANY: i64 = 20_000;

/// Overwrites all but the first page, which says what the file is.
fn damage(file: &Path) {
    let length = fs::metadata(file).unwrap().len();
    let mut file = OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    let garbage = vec![0xa5; usize::try_from(length - 4096).unwrap()];
    file.write_all(&garbage).unwrap();
}

/// The folder of a service that has ended with many keys, of which the first is `0…0`; and its file.
fn full() -> (Arc<TempDir>, Vec<u8>) {
    let service = Service::start();
    service.fill(MANY);
    let folder = service.folder();
    assert!(service.stop().0.success());
    let bytes = fs::read(folder.path().join("keys.sqlite")).unwrap();
    (folder, bytes)
}

/// Mends the file of an ended service, and checks that all its keys are there.
fn assert_mended(folder: Arc<TempDir>, bytes: &[u8]) {
    for name in ["keys.sqlite-wal", "keys.sqlite-shm"] {
        let _ = fs::remove_file(folder.path().join(name));
    }
    fs::write(folder.path().join("keys.sqlite"), bytes).unwrap();
    let service = Service::again(folder, &[]);
    assert_eq!(service.list("?limit=1").json()["count"], MANY);
    assert_eq!(service.create("{}").status, 200);
    assert_eq!(service.delete(&"0".repeat(36)).text(), "null");
    assert_eq!(service.count(), MANY);
}

#[test]
fn a_file_that_is_damaged_under_it_is_500() {
    let (folder, bytes) = full();
    let service = Service::again(folder.clone(), &[]);
    damage(&service.data());
    service.list("").assert_failure(500);
    service.create("{}").assert_failure(500);
    service.delete(&"0".repeat(36)).assert_failure(500);
    service.delete("short").assert_failure(400);
    let (status, log) = service.stop();
    assert!(status.success());
    for what in [
        "no keys were listed",
        "no key was made",
        "no key was deleted",
    ] {
        assert!(log.contains(what), "{log}");
    }
    assert!(log.contains("database disk image is malformed"), "{log}");
    assert_mended(folder, &bytes);
}

#[test]
fn a_file_that_is_damaged_at_the_start_is_500() {
    let (folder, bytes) = full();
    damage(&folder.path().join("keys.sqlite"));
    let service = Service::again(folder.clone(), &[]);
    service.list("").assert_failure(500);
    service.create("{}").assert_failure(500);
    let (_, log) = service.stop();
    assert!(log.contains("database disk image is malformed"), "{log}");
    assert_mended(folder, &bytes);
}

#[test]
fn a_file_that_is_cut_short_is_refused_untouched() {
    let (folder, bytes) = full();
    let short = &bytes[..bytes.len() / 2];
    let file = folder.path().join("keys.sqlite");
    fs::write(&file, short).unwrap();
    let said = refused(&file);
    assert!(said.contains("database disk image is malformed"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), short);
    assert_mended(folder, &bytes);
}

fn refused(file: &Path) -> String {
    let said = refusal(&mut without_privilege(), "127.0.0.1:0", file);
    assert!(said.contains("cannot be used"), "{said}");
    said
}

/// The service without the right of root to write where nobody may, for a while at most.
fn without_privilege() -> Command {
    let mut command = Command::new("timeout");
    command.arg(WATCHDOG.as_secs().to_string());
    if geteuid().is_root() {
        let rights = "-dac_override,-dac_read_search";
        command.args(["setpriv", "--bounding-set", rights, "--inh-caps", rights]);
    }
    command.arg(binary().get_program());
    command
}

#[test]
fn what_may_not_be_written_is_refused_untouched() {
    for (name, mode, again) in [("keys.sqlite", 0o400, 0o600), (".", 0o500, 0o700)] {
        let service = Service::start();
        let id = service.create("{}").key().id;
        let folder = service.folder();
        service.stop();
        let place = folder.path().join(name);
        let before = fs::read(folder.path().join("keys.sqlite")).unwrap();
        fs::set_permissions(&place, Permissions::from_mode(mode)).unwrap();

        let said = refused(&folder.path().join("keys.sqlite"));
        assert!(
            said.contains("readonly") || said.contains("unable to open"),
            "{name}: {said}"
        );
        assert_eq!(fs::read(folder.path().join("keys.sqlite")).unwrap(), before);

        fs::set_permissions(&place, Permissions::from_mode(again)).unwrap();
        let service = Service::again(folder, &[]);
        assert_eq!(service.delete(&id).text(), "null");
    }
}

#[test]
fn what_loses_its_rights_under_it_is_written_on() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = without_privilege();
    command.args(CALLER);
    let service = Service::spawn(folder.clone(), command);
    let set = |name: &str, mode| {
        let place = folder.path().join(name);
        fs::set_permissions(place, Permissions::from_mode(mode)).unwrap();
    };
    let mut made = vec![service.create("{}").key().id];
    set("keys.sqlite", 0o400);
    set(".", 0o500);
    made.push(service.create("{}").key().id);
    assert!(service.stop().0.success());
    set(".", 0o700);
    set("keys.sqlite", 0o600);
    let service = Service::again(folder, &[]);
    for id in made {
        assert_eq!(service.delete(&id).text(), "null");
    }
}
