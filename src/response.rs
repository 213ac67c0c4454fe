//! Responses and their bodies, up to the file that is made of them. No byte of a body is copied into
//! linear memory.
//!
//! A response is duck-typed: it can be of another realm, a stub of a test, or hostile.

use js_sys::{Array, ArrayBuffer, JsString, Object, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::handles::{property, record, text};
use crate::host::settled;

#[wasm_bindgen]
extern "C" {
    /// A response, or what a stub gives for one.
    #[derive(Clone)]
    pub type Answer;

    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Answer) -> Result<JsValue, JsValue>;

    type Headers;

    #[wasm_bindgen(method, catch)]
    fn get(this: &Headers, name: &JsString) -> Result<JsValue, JsValue>;

    type Stream;

    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn reader(this: &Stream) -> Result<Reader, JsValue>;

    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<JsValue, JsValue>;

    type File;

    #[wasm_bindgen(constructor, catch)]
    fn new(parts: &Array, name: &str, options: &Object) -> Result<File, JsValue>;
}

impl Answer {
    /// The status; nothing where it is no whole number.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn status(&self) -> Option<u16> {
        let status = property(self, "status").as_f64()?;
        (status.fract() == 0.0 && (0.0..=65_535.0).contains(&status)).then_some(status as u16)
    }

    /// Whether the platform shows a redirect, or has followed one all the same.
    pub fn is_redirect(&self) -> bool {
        property(self, "type") == "opaqueredirect" || property(self, "redirected") == JsValue::TRUE
    }

    /// A header's text, unread.
    pub fn header(&self, name: &'static str) -> Option<JsString> {
        let headers: Headers = property(self, "headers").unchecked_into();
        headers.get(text(name)).ok()?.dyn_into().ok()
    }

    /// Reads the body into `received` until its end, its break, or more than `most` bytes.
    pub async fn read(&self, received: &mut Received, most: u32) -> Read {
        let stream = property(self, "body");
        if property(&stream, "getReader").is_function() {
            return read_stream(&stream, received, most).await;
        }
        if !property(self, "arrayBuffer").is_function() {
            return Read::Whole;
        }
        match settled(self.array_buffer()).await {
            Ok(buffer) => received.take(&Uint8Array::new(&buffer), most),
            Err(error) => Read::Broken(error),
        }
    }
}

/// How the reading of a body ended.
pub enum Read {
    /// At its end.
    Whole,
    /// Past the limit.
    TooLarge,
    /// Before its end, as the platform reports.
    Broken(JsValue),
}

/// The bytes that have come so far, all of them on the JavaScript side.
#[derive(Default)]
pub struct Received {
    chunks: Array,
    length: u32,
}

impl Received {
    fn take(&mut self, chunk: &Uint8Array, most: u32) -> Read {
        self.chunks.push(chunk);
        self.length = self.length.saturating_add(chunk.length());
        if self.length > most {
            Read::TooLarge
        } else {
            Read::Whole
        }
    }

    /// Whether nothing has come.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The bytes in one piece; a single chunk is not copied, and of several no second copy stays.
    pub fn bytes(&mut self) -> Uint8Array {
        if self.chunks.length() == 1 {
            return self.chunks.get(0).unchecked_into();
        }
        let whole = Uint8Array::new_with_length(self.length);
        let mut at = 0;
        for chunk in self.chunks.iter() {
            let chunk: Uint8Array = chunk.unchecked_into();
            whole.set(&chunk, at);
            at += chunk.length();
        }
        self.chunks = Array::of1(&whole);
        whole
    }
}

/// A body that is being read. Dropped before its end, it is let go: a read that is left waiting
/// would stay.
struct Reading {
    reader: Reader,
    is_over: bool,
}

impl Drop for Reading {
    fn drop(&mut self) {
        if !self.is_over {
            let_go(self.reader.cancel());
        }
    }
}

/// Reads a stream of bytes into `received` until its end, its break, or more than `most` bytes.
pub async fn read_stream(stream: &JsValue, received: &mut Received, most: u32) -> Read {
    let mut body = match stream.unchecked_ref::<Stream>().reader() {
        Ok(reader) => Reading {
            reader,
            is_over: false,
        },
        Err(error) => return Read::Broken(error),
    };
    loop {
        let step = match settled(body.reader.read()).await {
            Ok(step) => step,
            Err(error) => {
                body.is_over = true;
                return Read::Broken(error);
            }
        };
        if property(&step, "done").is_truthy() {
            body.is_over = true;
            return Read::Whole;
        }
        let chunk = property(&step, "value");
        if !ArrayBuffer::is_view(&chunk) {
            return Read::Broken(JsValue::UNDEFINED);
        }
        if let Read::TooLarge = received.take(&own_view(&chunk), most) {
            return Read::TooLarge;
        }
    }
}

/// A chunk of any realm as bytes of ours, without a copy.
fn own_view(chunk: &JsValue) -> Uint8Array {
    if chunk.is_instance_of::<Uint8Array>() {
        return chunk.clone().unchecked_into();
    }
    let view: &Uint8Array = chunk.unchecked_ref();
    Uint8Array::new_with_byte_offset_and_length(
        &view.buffer(),
        view.byte_offset(),
        view.byte_length(),
    )
}

/// Leaves a promise to itself without an unhandled rejection.
fn let_go(returned: Result<JsValue, JsValue>) {
    spawn_local(async {
        let _ = settled(returned).await;
    });
}

/// A platform file of these bytes.
pub fn file(bytes: &Uint8Array, name: &str, media_type: &'static str) -> Result<JsValue, JsValue> {
    let options = record(&[("type", text(media_type))]);
    File::new(&Array::of1(bytes), name, &options).map(Into::into)
}
