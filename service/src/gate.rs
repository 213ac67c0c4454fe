//! A socket that holds back what the HTTP library says on its own, and that never lets half an
//! answer look whole.
//!
//! Hyper answers a request that it cannot read (a broken head, one that is too large) by
//! itself, with a bare status and no request id. Nothing that it writes while no request is
//! under way goes out; [`Gate::refused`] gives the status, and the caller answers in full.
//!
//! To a client of HTTP/1.0 the end of the connection is the end of the answer. So from an
//! answer's first byte to its last the socket is set to end in a reset, whatever ends it: an
//! error, a time limit, or the process's own end.

use std::{
    io,
    net::Shutdown,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{Method, Response, StatusCode, header},
};
use hyper::body::{Body as _, Frame, SizeHint};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// No request has come yet.
const SILENT: u8 = 0;
/// A request has reached the service.
const UNDER_WAY: u8 = 1;
/// The HTTP library has all of the answer, and may not have written it yet.
const ENDED: u8 = 2;
/// All is answered.
const IDLE: u8 = 3;
/// The connection makes room for another, and takes no request.
const LET_GO: u8 = 4;
/// The rest of a request is awaited, and nothing was done for it yet.
const AWAITED: u8 = 5;

/// How far the request of a connection is.
#[derive(Clone, Default)]
pub struct Progress(Arc<AtomicU8>);

impl Progress {
    /// A request has reached the service: the gate opens, unless the connection was let go at this
    /// very moment. Then nothing must be done for the request.
    pub fn begin(&self) -> bool {
        self.change(SILENT, UNDER_WAY)
    }

    /// Watches for the end of the answer to a request of this method.
    pub fn follow(&self, method: &Method, answer: Response<Body>) -> Response<Followed> {
        let length = answer.headers().get(header::CONTENT_LENGTH);
        let left = length.and_then(|length| length.to_str().ok()?.parse().ok());
        if method == Method::HEAD || answer.body().is_end_stream() {
            self.end();
        }
        answer.map(|body| Followed {
            body,
            left,
            progress: self.clone(),
        })
    }

    fn end(&self) {
        self.0.store(ENDED, Ordering::Release);
    }

    /// All that the HTTP library had is written: gives whether that was the answer's last byte.
    fn written(&self) -> bool {
        self.change(ENDED, IDLE)
    }

    fn change(&self, from: u8, to: u8) -> bool {
        let change = self
            .0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire);
        change.is_ok()
    }

    fn is_idle(&self) -> bool {
        matches!(self.0.load(Ordering::Acquire), SILENT | IDLE | LET_GO)
    }

    /// Whether no request has come yet.
    pub fn is_silent(&self) -> bool {
        self.0.load(Ordering::Acquire) == SILENT
    }

    /// The rest of the request is awaited from now on.
    pub fn wait(&self) {
        self.change(UNDER_WAY, AWAITED);
    }

    /// The request is there whole: gives whether the connection is there still. Else nothing must
    /// be done for it.
    pub fn go_on(&self) -> bool {
        self.change(AWAITED, UNDER_WAY)
    }

    /// Whether the rest of a request is awaited.
    pub fn is_awaited(&self) -> bool {
        self.0.load(Ordering::Acquire) == AWAITED
    }

    /// Whether all that was asked for is answered, and the client has not closed its side yet.
    pub fn is_answered(&self) -> bool {
        self.0.load(Ordering::Acquire) == IDLE
    }

    /// Lets the connection go where that costs nothing: gives whether it does.
    pub fn let_go(&self) -> bool {
        [SILENT, IDLE, AWAITED]
            .into_iter()
            .any(|from| self.change(from, LET_GO))
    }
}

/// The body of an answer.
pub struct Followed {
    body: Body,
    /// The bytes that are still to come, where their number was told.
    left: Option<u64>,
    progress: Progress,
}

impl hyper::body::Body for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            let length = frame.data_ref().map_or(0, |data| data.len() as u64);
            self.left = self.left.map(|left| left.saturating_sub(length));
        }
        let over = match (&frame, self.left) {
            (Some(Err(_)), _) => false,
            // Trailers are the last of a body.
            (Some(Ok(frame)), _) if frame.is_trailers() => true,
            (_, Some(left)) => left == 0,
            (None, None) => true,
            (Some(_), None) => self.body.is_end_stream(),
        };
        if over {
            self.progress.end();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The socket behind the gate.
pub struct Gate {
    stream: Arc<TcpStream>,
    progress: Progress,
    held: Vec<u8>,
    /// Whether the socket is set to end in a reset.
    armed: bool,
}

impl Gate {
    /// A closed gate in front of `stream`.
    pub fn new(stream: Arc<TcpStream>, progress: Progress) -> Self {
        Self {
            stream,
            progress,
            held: Vec::new(),
            armed: false,
        }
    }

    /// The status that was held back, if any.
    pub fn refused(&self) -> Option<StatusCode> {
        let status = self.held.strip_prefix(b"HTTP/1.")?.get(2..5)?;
        StatusCode::from_bytes(status).ok()
    }

    /// The socket, once the HTTP library is done with it. Where an answer has begun and is not
    /// whole, all that is left to do is to drop it.
    pub fn into_stream(self) -> Result<TcpStream, Broken> {
        if self.armed {
            Err(Broken)
        } else {
            Arc::into_inner(self.stream).ok_or(Broken)
        }
    }

    fn arm(&mut self) -> io::Result<()> {
        if !self.armed {
            SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO))?;
            self.armed = true;
        }
        Ok(())
    }

    fn disarm(&mut self) -> io::Result<()> {
        if self.armed {
            SockRef::from(&*self.stream).set_linger(None)?;
            self.armed = false;
        }
        Ok(())
    }
}

/// An answer broke off, and its connection is reset.
pub struct Broken;

impl AsyncRead for Gate {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(context))?;
            match self.stream.try_read(buffer.initialize_unfilled()) {
                Ok(length) => {
                    buffer.advance(length);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Gate {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.progress.is_idle() {
            self.held.extend_from_slice(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        self.arm()?;
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            match self.stream.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    /// A socket keeps nothing back itself.
    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.progress.written() {
            self.disarm()?;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(SockRef::from(&*self.stream).shutdown(Shutdown::Write))
    }
}
