//! Where a call may go.

/// The parts of an endpoint as the platform's URL parser gives them.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The whole URL.
    pub href: &'a str,
    /// Scheme with its colon.
    pub protocol: &'a str,
    /// Host without port; IPv6 in brackets.
    pub hostname: &'a str,
    /// User name and password, one after the other.
    pub user_info: &'a str,
}

/// The prefix that a path is put after, or the rule that the endpoint breaks, in words that
/// follow "endpoint ". The endpoint itself is never quoted: people put passwords into URLs.
pub fn base(parts: Parts<'_>) -> Result<&str, &'static str> {
    let Parts { href, .. } = parts;
    if parts.protocol != "https:" && !(parts.protocol == "http:" && is_loopback(parts.hostname)) {
        Err(
            "must be an https: URL (http: only for a loopback address), or the token could be read on its way",
        )
    } else if !parts.user_info.is_empty() {
        Err("must not hold a user name or password")
    } else if href.bytes().any(|byte| byte == b'?' || byte == b'#') {
        Err("must not have a query or a fragment")
    } else {
        let slashes = href.bytes().rev().take_while(|&byte| byte == b'/').count();
        Ok(href.get(..href.len() - slashes).unwrap_or(href))
    }
}

/// Whether a host, as a URL parser writes it, is this machine alone.
fn is_loopback(hostname: &str) -> bool {
    // Parsing the numbers would take `+1` for one, with which a name may end.
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let parts = || hostname.as_bytes().split(|&byte| byte == b'.');
    let is_v4 = || hostname.starts_with("127.") && parts().count() == 4 && parts().all(is_number);
    hostname == "localhost" || hostname == "[::1]" || is_v4()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<String, &'static str> {
        let url = url::Url::parse(text).unwrap();
        base(Parts {
            href: url.as_str(),
            protocol: &[url.scheme(), ":"].concat(),
            hostname: url.host_str().unwrap_or(""),
            user_info: &[url.username(), url.password().unwrap_or("")].concat(),
        })
        .map(str::to_owned)
    }

    #[test]
    fn an_endpoint_is_an_origin_with_or_without_a_prefix() {
        for (endpoint, prefix) in [
            ("https://bcs.example.com", "https://bcs.example.com"),
            ("https://bcs.example.com/", "https://bcs.example.com"),
            (
                "https://bcs.example.com:8443/nes//",
                "https://bcs.example.com:8443/nes",
            ),
            (
                "https://bcs.example.com/a/../nes/",
                "https://bcs.example.com/nes",
            ),
            ("http://localhost:8787", "http://localhost:8787"),
            ("http://127.1.2.3:8787", "http://127.1.2.3:8787"),
            ("http://[::1]:8787/nes", "http://[::1]:8787/nes"),
        ] {
            assert_eq!(check(endpoint).as_deref(), Ok(prefix), "{endpoint}");
        }
    }

    #[test]
    fn a_token_is_never_sent_in_the_clear_to_another_machine() {
        for endpoint in [
            "http://bcs.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.+1",
            "http://127.0..",
            "http://128.0.0.1",
            "http://192.168.0.1",
            "http://0.0.0.0",
            "http://[::2]",
            "ftp://bcs.example.com",
            "file:///etc",
            "data:text/plain,x",
        ] {
            assert!(check(endpoint).unwrap_err().contains("https"), "{endpoint}");
        }
    }

    #[test]
    fn an_endpoint_holds_no_user_query_or_fragment() {
        for endpoint in [
            "https://user@bcs.example.com",
            "https://user:secret@bcs.example.com",
            "https://bcs.example.com?",
            "https://bcs.example.com/?a=b",
            "https://bcs.example.com/#",
            "https://bcs.example.com/#a",
        ] {
            let rule = check(endpoint).unwrap_err();
            assert!(rule.starts_with("must not"), "{endpoint}");
            assert!(!rule.contains("secret"));
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_let_through_is_what_the_url_parser_says_is_safe(
            scheme in "(https?|ftp|file)",
            user in "(|[a:]{0,3}@)",
            host in "(127(\\.[+]?[0-2]){3}|127(\\.[0-2]?){1,4}|(localhost|[0-2.]|bcs){1,6}|\\[::[0-2]\\])",
            rest in "(|/[/a.?#:%]{0,8})",
        ) {
            let text = [&scheme, "://", &user, &host, &rest].concat();
            let Ok(url) = url::Url::parse(&text) else { return Ok(()) };
            let is_loopback = match url.host() {
                Some(url::Host::Domain(name)) => name == "localhost",
                Some(url::Host::Ipv4(address)) => address.is_loopback(),
                Some(url::Host::Ipv6(address)) => address.is_loopback(),
                None => false,
            };
            let is_safe = scheme == "https" || (scheme == "http" && is_loopback);
            let is_bare = url.query().is_none() && url.fragment().is_none();
            let is_nobodys = url.username().is_empty() && url.password().is_none();
            proptest::prop_assert_eq!(check(&text).is_ok(), is_safe && is_bare && is_nobodys);
        }
    }
}
