//! The real service, reached over a fresh connection for each call.
//!
//! No connection is used twice and nothing is repeated, so a create is sent once at most.

mod address;
mod pieces;
mod race;
mod tail;
mod trust;

use std::{error::Error, io, path::Path, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, Request, Response, header},
};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::lookup_host,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use tracing::warn;

use crate::{client::Client, failure::Failure};
use address::Address;
use pieces::Pieces;
pub use tail::Tail;

/// The largest head of an answer, in bytes.
const HEAD_MAX: usize = 128 * 1024;

/// The parts of a call, of which each has a time limit: connection, head, body.
const WAITS: u32 = 3;

/// How to get there, and how long to wait.
pub struct Upstream {
    address: Address,
    /// `None` for plain HTTP.
    tls: Option<(TlsConnector, ServerName<'static>)>,
    patience: Duration,
}

impl Upstream {
    /// Reads the address that `option` gives and, if there is one, the file with the certificates to be trusted in
    /// place of the public ones. An error is a sentence.
    pub fn new(
        option: &str,
        address: &str,
        ca: Option<&Path>,
        patience: Duration,
    ) -> Result<Self, String> {
        let address = Address::read(option, address)?;
        let tls = if address.tls {
            let name = ServerName::try_from(address.host.clone())
                .map_err(|_| format!("{option} has a host that no certificate can name."))?;
            Some((trust::connector(ca)?, name))
        } else if ca.is_some() {
            return Err("--upstream-ca is of use with an https: upstream alone.".into());
        } else {
            None
        };
        Ok(Self {
            address,
            tls,
            patience,
        })
    }

    /// The longest time that a whole call takes.
    pub fn longest_wait(&self) -> Duration {
        self.patience.saturating_mul(WAITS)
    }

    /// What stands before the path of every call.
    pub fn prefix(&self) -> &str {
        &self.address.prefix
    }

    /// Sends a request, once, and gives the answer as soon as its head is there. The body
    /// follows as it arrives, and fails where it breaks off, is too large or too slow. Nothing is
    /// sent for a client that is gone by then: nobody would get what it makes.
    pub async fn send(
        &self,
        mut request: Request<Body>,
        client: &Client,
    ) -> Result<Response<Tail>, Failure> {
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.address.authority.clone());
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        let connected = tokio::select! {
            () = client.gone() => None,
            connected = timeout(self.patience, self.connect()) => Some(connected),
        };
        let Some(connected) = connected.filter(|_| !client.is_gone()) else {
            warn!("the client is gone, and nothing is sent");
            return Err(Failure::ClientGone);
        };
        let socket = connected
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(|error| {
                let untrusted = trust::refusal(&error);
                warn!(%error, untrusted, "the upstream is not reached");
                untrusted.map_or(Failure::NoUpstream, Failure::Untrusted)
            })?;
        timeout(self.patience, exchange(socket, request))
            .await
            .map_err(|_| {
                warn!("the upstream does not answer");
                Failure::SlowUpstream
            })?
            .map(|(answer, connection)| {
                answer.map(|body| Tail::new(body, self.patience, connection))
            })
            .map_err(|error| {
                // The source says why: a broken head, say, or a socket's end.
                let source = error.source().map(ToString::to_string);
                warn!(%error, source, "the upstream gives no answer");
                Failure::NoAnswer
            })
    }

    async fn connect(&self) -> io::Result<Box<dyn Socket>> {
        let address = (self.address.host.as_str(), self.address.port);
        let tcp = race::connect(lookup_host(address).await?.collect()).await?;
        tcp.set_nodelay(true)?;
        match &self.tls {
            Some((connector, name)) => Ok(Box::new(connector.connect(name.clone(), tcp).await?)),
            // A name such as `localhost` may lead anywhere.
            None if !tcp.peer_addr()?.ip().is_loopback() => {
                Err(io::Error::other("plain HTTP would leave this machine"))
            }
            None => Ok(Box::new(tcp)),
        }
    }
}

/// A connection, encrypted or not.
trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// Gives the answer, and the task that has to live as long as its body is read.
async fn exchange(
    socket: Box<dyn Socket>,
    request: Request<Body>,
) -> hyper::Result<(Response<Incoming>, JoinSet<()>)> {
    let (mut sender, connection) = http1::Builder::new()
        .max_header_size(HEAD_MAX)
        .max_buf_size(HEAD_MAX)
        .handshake(TokioIo::new(Pieces(socket)))
        .await?;
    let mut driver = JoinSet::new();
    driver.spawn(async {
        // What goes wrong is told to whoever waits for the answer or its body.
        let _ = connection.await;
    });
    Ok((sender.send_request(request).await?, driver))
}
