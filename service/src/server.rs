//! Listening, accepting, draining.

use std::{
    future::Future,
    io::{self, Write},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tracing::{info, warn};

use crate::{
    args::{Backend, Settings},
    connection,
    files::Files,
    host::Hosts,
    routes::{self, App, Relay},
    store::{LONGEST_WAIT, Store},
};

/// Connections at a time; more wait in the system's queue, so that memory stays bounded.
const CONNECTIONS_MAX: usize = 1_024;

/// How long to wait when the system gives no more sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Runs until SIGTERM or SIGINT, and then until the requests under way are answered.
/// An error is a sentence.
pub async fn run(settings: Settings) -> Result<(), String> {
    let stop = stop_signal()?;
    let patience = settings.client_timeout;
    let codes = settings.codes;
    let (calls, work, closed) = match settings.backend {
        Backend::Own { data, auth } => {
            let (store, closed) = Store::open(&data)?;
            let app = App {
                auth: Arc::new(auth),
                store: Arc::new(store),
                client_timeout: patience,
            };
            (routes::answered(app), LONGEST_WAIT, Some(closed))
        }
        Backend::Relay(upstream) => {
            let work = upstream.longest_wait();
            let relay = Relay {
                upstream,
                client_timeout: patience,
            };
            (routes::relayed(Arc::new(relay)), work, None)
        }
    };
    let www = settings.www.as_deref().map(Files::start).transpose();
    let www = www.map_err(|error| format!("--www cannot be read from: {error}."))?;
    let listener = TcpListener::bind(&settings.listen)
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
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => match accepted {
                Ok((stream, _)) => {
                    // Only costs time where it fails.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(connection::serve(stream, router.clone(), codes, patience, work, draining.clone()));
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
    let drained = timeout(patience.max(work), async {
        while connections.join_next().await.is_some() {}
    })
    .await;
    if drained.is_err() {
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

#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error| format!("signals cannot be waited for: {error}.");
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
