//! A socket that holds back what the HTTP library says on its own.
//!
//! Hyper answers a request that it cannot read (a broken head, one that is too large) by
//! itself, with a bare status and no request id. Nothing that it writes before a request
//! has reached the service goes out; [`Gate::refused`] gives the status, and the caller
//! answers in full.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::http::StatusCode;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Set once a request has reached the service; from then on the gate is open.
#[derive(Clone, Default)]
pub struct Reached(Arc<AtomicBool>);

impl Reached {
    /// Opens the gate.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The socket behind the gate.
pub struct Gate {
    stream: TcpStream,
    reached: Reached,
    held: Vec<u8>,
}

impl Gate {
    /// A closed gate in front of `stream`.
    pub fn new(stream: TcpStream, reached: Reached) -> Self {
        Self {
            stream,
            reached,
            held: Vec::new(),
        }
    }

    /// The status that was held back, if any.
    pub fn refused(&self) -> Option<StatusCode> {
        let status = self.held.strip_prefix(b"HTTP/1.")?.get(2..5)?;
        StatusCode::from_bytes(status).ok()
    }

    /// The socket, once the HTTP library is done with it.
    pub fn into_stream(self) -> TcpStream {
        self.stream
    }
}

impl AsyncRead for Gate {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Gate {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.reached.get() {
            Pin::new(&mut self.stream).poll_write(context, bytes)
        } else {
            self.held.extend_from_slice(bytes);
            Poll::Ready(Ok(bytes.len()))
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
