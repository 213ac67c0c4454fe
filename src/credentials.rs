//! Opening a key file.

use js_sys::{Array, JsString, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::handles::{decode, global, part, property, view};
use crate::host;
use crate::rejection::{Rejection, Result, clean};
use crate::response::{Read, Received, read_stream};
use crate::rules::failure::{Kind, Outcome};
use crate::rules::{csv, joined, zip};

const NAME: &str = "credential.csv";
const DEFLATED: u16 = 8;
const INFLATE: &str = "DecompressionStream";
/// The most bytes of a file that is opened, and of the table that comes out of it.
const MOST_FILE: f64 = 67_108_864.0;
const MOST_TABLE: u32 = 1 << 20;

#[wasm_bindgen]
extern "C" {
    type Blob;

    #[wasm_bindgen(constructor, catch)]
    fn new(parts: &Array) -> core::result::Result<Blob, JsValue>;

    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Blob) -> core::result::Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn stream(this: &Blob) -> core::result::Result<Readable, JsValue>;

    type Readable;

    #[wasm_bindgen(method, catch, js_name = pipeThrough)]
    fn pipe_through(this: &Readable, through: &Inflate) -> core::result::Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = DecompressionStream)]
    type Inflate;

    #[wasm_bindgen(constructor, catch, js_class = "DecompressionStream")]
    fn new(format: &str) -> core::result::Result<Inflate, JsValue>;
}

/// The rows of a key file's `credential.csv`, an object each.
pub async fn read(file: &JsValue) -> Result<JsValue> {
    let bytes = bytes_of(file).await?;
    let packed = |problem: &str| broken(&joined(&["must be a whole key file, but it ", problem]));
    let entries = zip::entries(&bytes).map_err(packed)?;
    let entry = entries
        .iter()
        .find(|entry| zip::is_named(&bytes, entry, NAME))
        .ok_or_else(|| packed("has no credential.csv"))?;
    if entry.method == DEFLATED && !global(INFLATE).is_function() {
        let what = "found no DecompressionStream here";
        return Err(Rejection::of(Kind::Internal, Outcome::NotSent, what));
    }
    let table = unpack(&bytes, entry).await.map_err(packed)?;
    let text = decode(&table).ok_or_else(|| packed("has a credential.csv that is not UTF-8"))?;
    let rows = csv::rows(&text)
        .map_err(|problem| packed(&joined(&["has a credential.csv that ", problem])))?;
    objects(&text, &rows).ok_or_else(|| packed("has a credential.csv with two columns of one name"))
}

async fn bytes_of(file: &JsValue) -> Result<Uint8Array> {
    let size = property(file, "size").as_f64();
    match size {
        Some(size) if size <= MOST_FILE && property(file, "arrayBuffer").is_function() => {
            host::settled(file.unchecked_ref::<Blob>().array_buffer())
                .await
                .map(|buffer| Uint8Array::new(&buffer))
                .map_err(|error| broken("could not be read").because(clean(&error, None)))
        }
        Some(size) if size > MOST_FILE => Err(broken("must have at most 67108864 bytes")),
        _ => Err(broken("must be a File or Blob")),
    }
}

/// An entry's content, its size and checksum as the ZIP says.
async fn unpack(
    bytes: &Uint8Array,
    entry: &zip::Entry,
) -> core::result::Result<Uint8Array, &'static str> {
    if entry.encrypted {
        return Err("has a credential.csv that is encrypted");
    }
    if entry.size > u64::from(MOST_TABLE) {
        return Err("has a credential.csv of more than 1048576 bytes");
    }
    let packed = view(bytes, entry.data.clone());
    let content = match entry.method {
        0 => packed,
        DEFLATED => inflate(&packed)
            .await
            .ok_or("has a credential.csv that does not unpack")?,
        _ => return Err("has a credential.csv packed in an unknown way"),
    };
    if u64::from(content.length()) != entry.size || zip::crc32(&content) != entry.crc {
        return Err("has a credential.csv that is not what was packed");
    }
    Ok(content)
}

async fn inflate(packed: &Uint8Array) -> Option<Uint8Array> {
    let stream = Blob::new(&Array::of1(packed))
        .and_then(|blob| blob.stream())
        .and_then(|stream| stream.pipe_through(&Inflate::new("deflate-raw")?))
        .ok()?;
    let mut received = Received::default();
    match read_stream(&stream, &mut received, MOST_TABLE).await {
        Read::Whole => Some(received.bytes()),
        _ => None,
    }
}

/// One plain object a row; nothing where two columns have one name.
fn objects(text: &JsString, rows: &[Vec<csv::Field>]) -> Option<JsValue> {
    let field = |field: &csv::Field| {
        let raw = part(text, field.range.clone());
        if field.escaped {
            raw.split("\"\"").join("\"")
        } else {
            raw
        }
    };
    let (header, rows) = rows.split_first()?;
    let names: Vec<JsString> = header.iter().map(field).collect();
    let objects = Array::new();
    for row in rows {
        let members = Array::new();
        for (name, value) in names.iter().zip(row) {
            members.push(&Array::of2(name, &field(value)));
        }
        // Members made this way are the object's own, even one named __proto__.
        let object = Object::from_entries(&members).ok()?;
        if Object::keys(&object).length() != members.length() {
            return None;
        }
        objects.push(&object);
    }
    Some(objects.into())
}

fn broken(message: &str) -> Box<Rejection> {
    Rejection::invalid("file", message)
}
