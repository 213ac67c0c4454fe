//! The body of an upstream's answer on its way to the client.

use std::{
    error::Error,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::{
    task::JoinSet,
    time::{Sleep, sleep},
};
use tracing::warn;

/// The largest body, in bytes: a thousand keys with all that may be said of each.
const BODY_MAX: usize = 16 * 1024 * 1024;

/// Why a body does not go on.
type CutOff = Box<dyn Error + Send + Sync>;

/// A body that passes on what arrives, byte for byte, and fails where it must not go on.
pub struct Tail {
    body: Incoming,
    left: usize,
    deadline: Pin<Box<Sleep>>,
    /// Drives the connection; dropping it closes the socket.
    _connection: JoinSet<()>,
}

impl Tail {
    /// The body must have arrived within `patience`.
    pub fn new(body: Incoming, patience: Duration, connection: JoinSet<()>) -> Self {
        Self {
            body,
            left: BODY_MAX,
            deadline: Box::pin(sleep(patience)),
            _connection: connection,
        }
    }

    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())));
        }
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        let length = frame.data_ref().map_or(0, Bytes::len);
        Poll::Ready(Some(match self.left.checked_sub(length) {
            Some(left) => {
                self.left = left;
                Ok(frame)
            }
            None => Err("larger than any answer may be".into()),
        }))
    }
}

impl Body for Tail {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = self.poll_next(context);
        if let Poll::Ready(Some(Err(error))) = &polled {
            warn!(%error, "the upstream's answer was cut off");
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
