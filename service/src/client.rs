//! The client of a connection, as far as a handler may look at it.

use std::{
    future::pending,
    io,
    mem::MaybeUninit,
    sync::{Arc, Weak},
};

use socket2::SockRef;
use tokio::{io::Interest, net::TcpStream};

use crate::gate::Progress;

/// The client of one request.
#[derive(Clone)]
pub struct Client {
    stream: Weak<TcpStream>,
    progress: Progress,
}

impl Client {
    /// Whoever is at the other end.
    pub fn of(stream: &Arc<TcpStream>, progress: Progress) -> Self {
        Self {
            stream: Arc::downgrade(stream),
            progress,
        }
    }

    /// Waits for the rest of the request. Meanwhile the connection may make room for another: then
    /// there is nothing.
    pub async fn rest<T>(&self, body: impl Future<Output = T>) -> Option<T> {
        self.progress.wait();
        let rest = body.await;
        self.progress.go_on().then_some(rest)
    }

    /// Waits until the client has closed the connection or its side of it, which look the same
    /// from here. What was sent beyond the request hides it.
    pub async fn gone(&self) {
        let Some(stream) = self.stream.upgrade() else {
            return;
        };
        if let Ok(1..) = stream.peek(&mut [0]).await {
            let ready = stream.ready(Interest::READABLE).await;
            if ready.is_ok_and(|ready| !ready.is_read_closed()) {
                pending().await
            }
        }
    }

    /// Whether it has by now, asked of the system itself.
    pub fn is_gone(&self) -> bool {
        let peeked = self.stream.upgrade().map(|stream| {
            let mut byte = [MaybeUninit::uninit()];
            SockRef::from(&*stream).peek(&mut byte)
        });
        match peeked {
            Some(Ok(length)) => length == 0,
            Some(Err(error)) => error.kind() != io::ErrorKind::WouldBlock,
            None => true,
        }
    }
}
