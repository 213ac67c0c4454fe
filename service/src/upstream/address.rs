//! Where the real service is, as the command line has it.

use std::net::IpAddr;

use axum::http::{HeaderValue, Uri};

use crate::contract::{is_plain, number};

/// An upstream's address, checked. None of it is secret.
pub struct Address {
    /// Whether the way there is encrypted.
    pub tls: bool,
    /// A name, or an IP address without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Host and port as the `Host` header has them.
    pub authority: HeaderValue,
    /// What stands before every path: nothing, or `/a/b` without a slash at its end.
    pub prefix: String,
}

impl Address {
    /// Reads `https://host[:port][/prefix]`, or `http:` with a loopback host. An error is a
    /// sentence that names `option` and does not quote the text: it may hold a password.
    pub fn read(option: &str, text: &str) -> Result<Self, String> {
        let uri: Uri = text
            .parse()
            .map_err(|_| format!("{option} is not a URL."))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(format!("{option} needs a whole URL, such as https://host."));
        };
        if text.contains(['?', '#', '@']) {
            return Err(format!("{option} takes no user, query or fragment."));
        }
        let host = authority.host();
        let port = authority.as_str().strip_prefix(host);
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        let (tls, usual_port) = match scheme {
            "https" => (true, 443),
            "http" if is_loopback(host) => (false, 80),
            "http" => {
                return Err(format!(
                    "{option} needs https:; http: is for this machine alone."
                ));
            }
            _ => return Err(format!("{option} needs https:.")),
        };
        let port = match port {
            Some("") => Some(usual_port),
            // The URL's parser takes a port that is none for no port.
            Some(port) => port.strip_prefix(':').and_then(number),
            None => None,
        };
        let port = port
            .filter(|port| *port != 0)
            .ok_or_else(|| format!("{option} has no port that can be connected to."))?;
        let prefix = uri.path().trim_end_matches('/');
        if !prefix.split('/').skip(1).all(is_segment) {
            return Err(format!(
                "the prefix of {option} may hold letters, digits, `-`, `_` and `.` alone."
            ));
        }
        Ok(Self {
            tls,
            host: host.to_owned(),
            port,
            authority: HeaderValue::from_str(authority.as_str())
                .map_err(|_| format!("{option} is not a URL."))?,
            prefix: prefix.to_owned(),
        })
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Not empty, and no `.` or `..`, which some server on the way could resolve.
fn is_segment(text: &str) -> bool {
    text.split('.').all(is_plain) && text.bytes().any(|byte| byte != b'.')
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_that_are_taken() {
        for (text, tls, host, port, authority, prefix) in [
            (
                "https://nes.example",
                true,
                "nes.example",
                443,
                "nes.example",
                "",
            ),
            (
                "https://nes.example/",
                true,
                "nes.example",
                443,
                "nes.example",
                "",
            ),
            (
                "https://nes.example:8443/a/v1.0/",
                true,
                "nes.example",
                8443,
                "nes.example:8443",
                "/a/v1.0",
            ),
            ("https://[::1]:1/a-b_c", true, "::1", 1, "[::1]:1", "/a-b_c"),
            ("https://192.0.2.1", true, "192.0.2.1", 443, "192.0.2.1", ""),
            (
                "http://127.0.0.1:8787",
                false,
                "127.0.0.1",
                8787,
                "127.0.0.1:8787",
                "",
            ),
            ("http://127.9.9.9", false, "127.9.9.9", 80, "127.9.9.9", ""),
            ("http://[::1]:8787", false, "::1", 8787, "[::1]:8787", ""),
            (
                "http://localhost:8787",
                false,
                "localhost",
                8787,
                "localhost:8787",
                "",
            ),
        ] {
            let address = Address::read("--upstream", text).expect(text);
            assert_eq!(
                (
                    address.tls,
                    &*address.host,
                    address.port,
                    address.authority.to_str().unwrap(),
                    &*address.prefix
                ),
                (tls, host, port, authority, prefix)
            );
        }
    }

    #[test]
    fn addresses_that_are_refused_and_not_quoted() {
        for text in [
            "",
            "nes.example",
            "/nes",
            "//nes.example",
            "https://",
            "https:///a",
            "https://nes.example:0",
            "https://nes.example:",
            "https://nes.example:65536",
            "https://nes.example:+443",
            "https://nes.example:a",
            "https://nes.example?a",
            "https://nes.example/#a",
            "https://me:password@nes.example",
            "https://nes.example/a//b",
            "https://nes.example/../b",
            "https://nes.example/./b",
            "https://nes.example/%2e%2e",
            "https://nes.example/a b",
            "http://nes.example",
            "http://192.0.2.1",
            "http://127.0.0.1.nes.example",
            "http://localhost.nes.example",
            "ftp://nes.example",
            "wss://nes.example",
        ] {
            let Err(sentence) = Address::read("--upstream", text) else {
                panic!("{text} was taken");
            };
            assert!(
                !sentence.contains("password") && sentence.ends_with('.'),
                "{sentence}"
            );
        }
    }
}
