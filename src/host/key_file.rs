//! A key file that is opened: `pkg-template/keyfile.js`.

use core::ops::Range;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::WritableStreamDefaultWriter;

use super::Work;
use crate::rules::csv::Field;

#[wasm_bindgen(module = "/pkg-template/keyfile.js")]
extern "C" {
    /// The file, then its table.
    #[wasm_bindgen(extends = Work)]
    pub type KeyFile;

    /// Bytes of the file as it says itself; NaN where it is not one.
    #[wasm_bindgen(method)]
    pub fn weight(this: &KeyFile) -> f64;

    #[wasm_bindgen(method, js_name = load)]
    fn raw_load(this: &KeyFile) -> Promise;

    #[wasm_bindgen(method, js_name = cut)]
    fn raw_cut(this: &KeyFile, start: usize, end: usize) -> Uint8Array;

    #[wasm_bindgen(method)]
    fn writer(this: &KeyFile) -> Option<WritableStreamDefaultWriter>;

    #[wasm_bindgen(method)]
    fn pour(this: &KeyFile, most: usize) -> Promise;

    #[wasm_bindgen(method)]
    fn cell(this: &KeyFile, at: usize, start: usize, end: usize, is_doubled: bool) -> bool;

    /// Succeeds with the rows; false where two columns have one name.
    #[wasm_bindgen(method)]
    pub fn give(this: &KeyFile) -> bool;
}

#[cfg(feature = "plain")]
#[wasm_bindgen(module = "/pkg-template/plain.js")]
extern "C" {
    #[wasm_bindgen(js_name = fileOf)]
    fn file_of(given: JsValue) -> KeyFile;
}

#[cfg(not(feature = "plain"))]
fn file_of(given: JsValue) -> KeyFile {
    given.unchecked_into()
}

impl KeyFile {
    /// The file that was handed over.
    pub fn with(given: JsValue) -> Self {
        file_of(given)
    }

    /// Reads the file; then `failed` tells whether it could be read.
    pub fn load(&self) -> JsFuture {
        self.raw_load().into()
    }

    /// Keeps only that part of the bytes.
    pub fn cut(&self, part: Range<usize>) {
        self.raw_cut(part.start, part.end);
    }

    /// Unpacks that part of the bytes to at most so many, which are kept; then `failed` tells whether
    /// they unpacked. Nothing where the host cannot do it.
    pub fn inflate(&self, part: Range<usize>, most: usize) -> Option<JsFuture> {
        let writer = self.writer()?;
        // What becomes of these tells the other end, which is read.
        let _written = [
            JsFuture::from(writer.write_with_chunk(&self.raw_cut(part.start, part.end))),
            JsFuture::from(writer.close()),
        ];
        Some(self.pour(most).into())
    }

    /// Adds a row; false where a text in it is not UTF-8.
    pub fn row(&self, fields: &[Field]) -> bool {
        let mut cells = fields.iter().enumerate();
        cells.all(|(at, Field { range, is_doubled })| {
            self.cell(at, range.start, range.end, *is_doubled)
        })
    }
}
