//! Opening a key file.

use js_sys::Promise;
use wasm_bindgen::JsValue;

use crate::host::{KeyFile, Work};
use crate::request::invalid;
use crate::rules::failure::{Failure, Kind, Operation, Outcome};
use crate::rules::{Bytes, csv, joined, zip};
use crate::task;

const NAME: &str = "credential.csv";
const DEFLATED: usize = 8;
/// The most bytes of a file that is opened, and of the table that comes out of it.
const MOST_FILE: f64 = 67_108_864.0;
const MOST_TABLE: usize = 1 << 20;

/// Opens a key file; the promise settles with its rows or with the fields of the one error.
pub fn start(given: JsValue) -> Promise {
    let file = KeyFile::with(given);
    let promise = file.promise();
    task::start(async move {
        if let Err(failure) = read(&file).await {
            file.fail(&failure.fields(Operation::Read));
        }
    });
    promise
}

async fn read(file: &KeyFile) -> Result<(), Box<Failure>> {
    let broken = |message: &str| invalid("file", message);
    let weight = file.weight();
    if weight.is_nan() {
        return Err(broken("must be a File or Blob"));
    }
    if weight > MOST_FILE {
        return Err(broken("must have at most 67108864 bytes"));
    }
    // It does not reject.
    let _ = file.load().await;
    if file.failed() {
        return Err(broken("could not be read"));
    }
    let whole = |problem: &str| broken(&joined(&["must be a whole key file, but it ", problem]));
    let table = |problem: &str| whole(&joined(&["has a credential.csv that ", problem]));

    let mut found = None;
    let mut count = 0;
    let bytes: &Work = file;
    let walked = zip::walk(bytes, &mut |entry: zip::Entry| {
        if entry.is_named(bytes, NAME) {
            count += 1;
            found = Some(entry);
        }
    });
    walked.map_err(whole)?;
    let entry = found.ok_or_else(|| whole("has no credential.csv"))?;
    if count > 1 {
        return Err(whole("has more than one credential.csv"));
    }
    if entry.is_encrypted(bytes) {
        return Err(table("is encrypted"));
    }
    let size = entry.size(bytes).filter(|&size| size <= MOST_TABLE);
    let size = size.ok_or_else(|| table("has more than 1048576 bytes"))?;
    let crc = entry.crc(bytes);
    match entry.method(bytes) {
        0 => file.cut(entry.data),
        DEFLATED => {
            let Some(unpacking) = file.inflate(entry.data, MOST_TABLE) else {
                let what = "found no DecompressionStream here";
                let failure = Failure::new(Kind::Internal, Outcome::NotSent, what);
                return Err(Box::new(failure));
            };
            let _ = unpacking.await;
            if file.failed() {
                return Err(table("does not unpack"));
            }
        }
        _ => return Err(table("is packed in an unknown way")),
    }
    if bytes.len() != size || zip::crc32(bytes) != crc {
        return Err(table("is not what was packed"));
    }
    let rows = csv::walk(bytes, &mut |row| {
        file.row(row).then_some(()).ok_or("is not UTF-8")
    });
    rows.map_err(table)?;
    if !file.give() {
        return Err(table("has two columns of one name"));
    }
    Ok(())
}
