//! Where a call may go.
//!
//! The patterns match an endpoint as a URL parser writes it. They are read by JavaScript's `RegExp`,
//! so that an endpoint is checked where it is: people put passwords into URLs.

/// Matches an endpoint that a call may go to.
pub const ALLOWED: &str =
    r"^(https://[^/?#@]+|http://(localhost|127(\.\d+){3}|\[::1\])(:\d+)?)/[^?#]*$";

/// What an endpoint that is not allowed must match, or must not, and the rule in words that follow
/// "endpoint ": the first that it breaks is told.
pub const RULES: [(&str, bool, &str); 3] = [
    (
        r"^(https:|http://([^/?#@]*@)?(localhost|127(\.\d+){3}|\[::1\])(:\d+)?/)",
        true,
        "must be an https: URL (http: only for a loopback address), so that nobody can read the token on its way",
    ),
    (
        "^[a-z]+://[^/?#]*@",
        false,
        "must not have a user name or password",
    ),
    ("[?#]", false, "must not have a query or a fragment"),
];

/// What an endpoint is, in words that follow "endpoint ".
pub const KIND: &str = "must be an absolute URL such as https://bcs.<region>.myhuaweicloud.com (signIn: iam.), \
                        or in a page a relay's path such as /nes";

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        regex::Regex::new(pattern).unwrap().is_match(text)
    }

    /// What the platform's side does with the patterns.
    fn check(text: &str) -> Result<String, &'static str> {
        let url = url::Url::parse(text).unwrap();
        let broken = RULES
            .iter()
            .find(|(pattern, wanted, _)| matches(pattern, url.as_str()) != *wanted);
        assert_eq!(broken.is_none(), matches(ALLOWED, url.as_str()), "{text}");
        match broken {
            Some((_, _, rule)) => Err(rule),
            None => Ok(url.as_str().trim_end_matches('/').into()),
        }
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
