//! One connection: one request, one answer, and an orderly end.

use std::{
    future::poll_fn,
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderValue, Request, StatusCode, header},
    response::IntoResponse,
};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

use crate::{
    answer::{RequestId, complete},
    client::Client,
    failure::{Codes, Failure},
    gate::{Gate, Progress},
};

/// The largest request head, in bytes: a token of 65,535 characters, and as much again.
const HEAD_MAX: usize = 128 * 1024;

/// How many waits for the client a connection has: head, body, answer, end.
const WAITS: u32 = 4;

/// Serves one connection until it is closed. The waits for a head, for a body and for the
/// client's own end are each at most `patience`, and the whole is bounded too, with `work` for
/// what is done in between, so that a client which reads its answer byte by byte is let go.
pub async fn serve(
    stream: TcpStream,
    progress: Progress,
    router: Router,
    codes: Codes,
    patience: Duration,
    work: Duration,
    drain: watch::Receiver<bool>,
) {
    let whole = async {
        let stream = Arc::new(stream);
        let client = Client::of(&stream, progress.clone());
        let gate = Gate::new(stream, progress.clone());
        let (gate, end) = answer_one(gate, client, progress, router, patience, drain).await;
        // Hyper says nothing of its own to a client of HTTP/2.
        let unread = end.is_err_and(|error| error.is_parse());
        let other_version = unread.then_some(StatusCode::HTTP_VERSION_NOT_SUPPORTED);
        let refused = gate.refused().or(other_version);
        let Ok(mut stream) = gate.into_stream() else {
            return Ok(());
        };
        if let Some(status) = refused {
            refuse(&mut stream, Failure::Unreadable(status), codes).await?;
        }
        linger(stream, patience).await
    };
    // A client that is gone, or too slow, is no one to tell.
    let _ = timeout(patience.saturating_mul(WAITS).saturating_add(work), whole).await;
}

async fn answer_one(
    gate: Gate,
    client: Client,
    progress: Progress,
    router: Router,
    patience: Duration,
    mut drain: watch::Receiver<bool>,
) -> (Gate, hyper::Result<()>) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let begun = progress.begin();
        request.extensions_mut().insert(client.clone());
        let (progress, method) = (progress.clone(), request.method().clone());
        let answer = begun.then(|| router.call(request.map(Body::new)));
        Box::pin(async move {
            let Some(answer) = answer else {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            };
            let answer = answer.await.unwrap_or_else(|never| match never {});
            Ok(progress.follow(&method, answer))
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_header_size(HEAD_MAX)
        .max_buf_size(HEAD_MAX)
        .keep_alive(false)
        // A client may close its side once it has sent all, and still get its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(gate), service);
    let mut draining = false;
    let end = loop {
        tokio::select! {
            end = poll_fn(|context| connection.poll_without_shutdown(context)) => break end,
            _ = drain.wait_for(|begun| *begun), if !draining => {
                draining = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    };
    (connection.into_parts().io.into_inner(), end)
}

/// Answers a request that never became one.
async fn refuse(stream: &mut TcpStream, failure: Failure, codes: Codes) -> io::Result<()> {
    let mut response = failure.into_response();
    complete(&mut response, codes, &RequestId::fresh());
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(io::Error::other)?;
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let mut bytes = format!(
        "HTTP/1.1 {}\r\ndate: {}\r\n",
        parts.status,
        httpdate::fmt_http_date(SystemTime::now())
    )
    .into_bytes();
    for (name, value) in &parts.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    stream.write_all(&bytes).await
}

/// Reads on for a while after the last word: closing a socket with unread bytes in it would
/// reset the connection and could destroy the answer on its way.
async fn linger(mut stream: TcpStream, patience: Duration) -> io::Result<()> {
    stream.shutdown().await?;
    let mut scratch = [0; 4096];
    let _ = timeout(patience, async {
        while stream.read(&mut scratch).await? > 0 {}
        io::Result::Ok(())
    })
    .await;
    Ok(())
}
