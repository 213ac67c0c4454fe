//! Under which names the service may be called.
//!
//! A page whose name is made to lead to this machine (DNS rebinding) is of this origin to its
//! browser, which then lets it read answers. The name is in `Host` all the same.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::failure::Failure;

/// The port of a URL that names none.
const USUAL_PORT: u16 = 80;

/// A name from the command line: with a port of its own, or under any.
#[derive(Clone, Debug)]
pub struct AllowedHost(Authority);

impl AllowedHost {
    /// Reads `HOST` or `HOST:PORT`.
    pub fn read(text: &str) -> Result<Self, String> {
        text.parse()
            .ok()
            .filter(|host: &Authority| !host.host().is_empty() && !text.contains('@'))
            .filter(|host| text.len() == host.host().len() || host.port().is_some())
            .map(Self)
            .ok_or_else(|| "it is HOST or HOST:PORT".to_owned())
    }

    fn is(&self, host: &str, port: u16) -> bool {
        self.0.host().eq_ignore_ascii_case(host)
            && self.0.port_u16().is_none_or(|allowed| allowed == port)
    }
}

/// All names: loopback and the address that is listened on, with the port, and what was added.
pub struct Hosts {
    /// Where the service listens.
    pub address: SocketAddr,
    /// What the command line adds.
    pub allowed: Vec<AllowedHost>,
}

impl Hosts {
    fn take(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let authority = host.to_str().ok().filter(|host| !host.contains('@'));
        let Some(authority) = authority.and_then(|host| host.parse::<Authority>().ok()) else {
            return false;
        };
        let (host, port) = (authority.host(), authority.port_u16().unwrap_or(USUAL_PORT));
        let is_own = port == self.address.port()
            && (host.eq_ignore_ascii_case("localhost") || self.is_own(host));
        is_own || self.allowed.iter().any(|allowed| allowed.is(host, port))
    }

    fn is_own(&self, host: &str) -> bool {
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        host.parse()
            .is_ok_and(|ip: IpAddr| ip.is_loopback() || ip == self.address.ip())
    }
}

/// Lets nobody in who calls the service by another name.
pub async fn check(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    if hosts.take(request.headers()) {
        next.run(request).await
    } else {
        Failure::ForeignHost.into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{AllowedHost, Hosts};

    fn takes(listen: &str, allowed: &[&str], host: &str) -> bool {
        let hosts = Hosts {
            address: listen.parse().unwrap(),
            allowed: allowed
                .iter()
                .map(|host| AllowedHost::read(host).unwrap())
                .collect(),
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        hosts.take(&headers)
    }

    #[test]
    fn the_names_of_this_machine_are_taken_with_the_own_port() {
        let usual = |host| takes("127.0.0.1:8787", &[], host);
        for host in [
            "localhost:8787",
            "LocalHost:8787",
            "127.0.0.1:8787",
            "127.9.9.9:8787",
            "[::1]:8787",
        ] {
            assert!(usual(host), "{host}");
        }
        for host in [
            "",
            "localhost",
            "127.0.0.1",
            "localhost:8788",
            "rebound.test:8787",
            "127.0.0.1.test:8787",
            "localhost.test:8787",
            "localhost.:8787",
            "192.0.2.1:8787",
            "[::2]:8787",
            "me@localhost:8787",
            "localhost:8787/",
            "localhost:8787,a",
            "localhost:87870",
            "0.0.0.0:8787",
        ] {
            assert!(!usual(host), "{host}");
        }
        assert!(takes("127.0.0.1:80", &[], "localhost"));
        assert!(takes("192.0.2.1:8787", &[], "192.0.2.1:8787"));
    }

    #[test]
    fn what_is_added_is_taken() {
        let added = |host| takes("127.0.0.1:8787", &["keys.example", "a.example:443"], host);
        for host in [
            "keys.example",
            "KEYS.example:9",
            "a.example:443",
            "localhost:8787",
        ] {
            assert!(added(host), "{host}");
        }
        for host in [
            "a.example",
            "a.example:444",
            "b.keys.example",
            "keys.example.",
        ] {
            assert!(!added(host), "{host}");
        }
        for bad in ["", ":1", "a:", "a:b", "http://a", "a/", "me@a", "a b"] {
            assert!(AllowedHost::read(bad).is_err(), "{bad}");
        }
    }
}
