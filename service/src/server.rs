//! Listening, accepting, draining.

use std::{
    io::{self, Write},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::{
    net::{TcpListener, TcpSocket, lookup_host},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tracing::{info, warn};

use crate::{
    args::{Backend, Settings},
    connection,
    files::Files,
    gate::Progress,
    host::Hosts,
    places::Places,
    routes::{self, App, Relay},
    store::{LONGEST_WAIT, Store},
    via::Pseudonym,
};

/// The system's queue. Where it is full, a client's first packet is lost, and sent again only
/// after a second. The system may have a smaller limit of its own.
const BACKLOG: u32 = 4_096;

/// The longest wait at the end for requests under way, whatever they wait for.
const DRAIN_MAX: Duration = Duration::from_secs(10);

/// How long to wait when the system gives no more sockets, or no connection makes room.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Runs until SIGTERM, SIGINT or SIGHUP, and then until the requests under way are answered, or
/// until it is asked once more.
/// An error is a sentence.
pub async fn run(settings: Settings) -> Result<(), String> {
    let mut stop = Stop::new()?;
    let patience = settings.client_timeout;
    let codes = settings.codes;
    let (calls, work, closed) = match settings.backend {
        Backend::Own { data, callers } => {
            let (store, closed) = Store::open(&data)?;
            let app = App {
                auth: Arc::new(callers.auth),
                account: callers.account.map(Arc::new),
                sign_in_turn: Arc::default(),
                demo: callers.demo.map(Arc::new),
                store: Arc::new(store),
                client_timeout: patience,
            };
            (routes::answered(app), LONGEST_WAIT, Some(closed))
        }
        Backend::Relay { api, iam } => {
            let work = api.longest_wait();
            let relay = Relay {
                upstream: api,
                iam,
                pseudonym: Pseudonym::draw()
                    .map_err(|error| format!("the system has no randomness: {error}."))?,
                client_timeout: patience,
            };
            (routes::relayed(Arc::new(relay)), work, None)
        }
    };
    let www = settings.www.as_deref().map(Files::start).transpose();
    let www = www.map_err(|error| format!("--www cannot be read from: {error}."))?;
    let listener = listen(&settings.listen)
        .await
        .map_err(|error| format!("{} cannot be listened on: {error}.", settings.listen))?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("the address cannot be told: {error}."))?;
    let hosts = Hosts {
        address,
        allowed: settings.allow_hosts,
    };
    let router = routes::router(calls, codes, hosts, settings.allow_origins, www);
    announce(address).map_err(|error| format!("the address cannot be told: {error}."))?;

    let (drain, draining) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut places = Places::default();
    loop {
        let room = places.has_room(connections.len());
        tokio::select! {
            () = stop.asked() => break,
            Some(_) = connections.join_next() => {}
            // Some may have come so far that they can make room.
            () = sleep(ACCEPT_PAUSE), if !room => {}
            accepted = listener.accept(), if room => match accepted {
                Ok((stream, peer)) => {
                    if !places.make_room(peer.ip(), connections.len()) {
                        warn!("a peer holds too many connections, and gets no other");
                        continue;
                    }
                    // Only costs time where it fails.
                    let _ = stream.set_nodelay(true);
                    let progress = Progress::default();
                    let connection = connection::serve(stream, progress.clone(), router.clone(), codes, patience, work, draining.clone());
                    places.take(peer.ip(), progress, connections.spawn(connection));
                }
                Err(error) => {
                    warn!(%error, "no connection could be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    drop(listener);
    info!(connections = connections.len(), "draining");
    drain.send_replace(true);
    let drained = timeout(patience.max(work).min(DRAIN_MAX), async {
        while connections.join_next().await.is_some() {}
    });
    let drained = tokio::select! {
        drained = drained => drained.is_ok(),
        () = stop.asked() => return Err("ended at the second request, amid what was under way.".into()),
    };
    if !drained {
        warn!(
            connections = connections.len(),
            "gave up waiting for clients"
        );
        connections.shutdown().await;
    }
    drop(router);
    if let Some(closed) = closed
        && timeout(LONGEST_WAIT, closed).await.is_err()
    {
        warn!("gave up waiting for the database");
    }
    Ok(())
}

fn announce(address: SocketAddr) -> io::Result<()> {
    if !address.ip().is_loopback() {
        warn!("listening beyond this machine: tokens and keys travel unencrypted");
    }
    let mut output = io::stdout().lock();
    writeln!(output, "listening on http://{address}")?;
    output.flush()
}

async fn listen(address: &str) -> io::Result<TcpListener> {
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in lookup_host(address).await? {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // Else a restart would have to wait for the connections of before.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)) {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// What asks the process to end.
#[cfg(unix)]
struct Stop([Signal; 3]);

#[cfg(unix)]
impl Stop {
    fn new() -> Result<Self, String> {
        let failed = |error| format!("signals cannot be waited for: {error}.");
        let wait = |kind| signal(kind).map_err(failed);
        Ok(Self([
            wait(SignalKind::terminate())?,
            wait(SignalKind::interrupt())?,
            wait(SignalKind::hangup())?,
        ]))
    }

    /// Waits until it is asked to, once more each time.
    async fn asked(&mut self) {
        let [terminate, interrupt, hangup] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// What asks the process to end.
#[cfg(not(unix))]
struct Stop;

#[cfg(not(unix))]
impl Stop {
    fn new() -> Result<Self, String> {
        Ok(Self)
    }

    async fn asked(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
