//! Where a call goes: endpoint, project id and credential id, beside the `url` crate.

use node_provider_keys::rules::contract::{CREDENTIAL_ID, KEY, KEYS, PROJECT_ID, Shape};
use node_provider_keys::rules::endpoint::{ALLOWED, RULES};
use url::{Host, Url};

use super::shapes::{fits, matches};

/// A call goes to the endpoint's origin, below its path, and to nowhere else.
pub fn check(data: &[u8]) {
    // Endpoint, project id and credential id, a line each.
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let Ok(endpoint) = Url::parse(lines.next().unwrap_or_default()) else {
        return;
    };
    let text = endpoint.as_str();
    assert_eq!(matches(ALLOWED, text), is_allowed(&endpoint), "{text}");
    let keeps =
        |(pattern, wanted, _): &(&'static str, bool, &str)| matches(pattern, text) == *wanted;
    assert_eq!(RULES.iter().all(keeps), is_allowed(&endpoint), "{text}");
    if !is_allowed(&endpoint) {
        return;
    }
    let base = text.trim_end_matches('/');
    let project = id(lines.next().unwrap_or_default(), PROJECT_ID);
    let credential = id(lines.next().unwrap_or_default(), CREDENTIAL_ID);
    let keys = ["v1", &project, "node-provider", "credentials"];
    let path = KEYS.replace("{projectId}", &project);
    assert_leads_to(&endpoint, base, &path, &keys);
    let key = [&keys[..], &[&credential]].concat();
    let path = KEY.replace("{projectId}", &project);
    let path = path.replace("{credentialId}", &credential);
    assert_leads_to(&endpoint, base, &path, &key);
}

/// The rules for an endpoint, asked of the parser's own types.
fn is_allowed(endpoint: &Url) -> bool {
    let is_loopback = match endpoint.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_safe = endpoint.scheme() == "https" || endpoint.scheme() == "http" && is_loopback;
    let is_bare = endpoint.query().is_none() && endpoint.fragment().is_none();
    is_safe && is_bare && endpoint.username().is_empty() && endpoint.password().is_none()
}

/// The text as an id, or else one that is as much like it as an id may be.
fn id(text: &str, shape: Shape) -> String {
    if fits(shape, text) {
        return text.into();
    }
    let alphabet = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    let length = usize::try_from(shape.most).expect("a length past all numbers");
    let padded = text.bytes().chain(std::iter::repeat(0)).take(length);
    let id = padded.map(|byte| char::from(alphabet[usize::from(byte) % alphabet.len()]));
    let id: String = id.collect();
    assert!(fits(shape, &id), "{id}");
    id
}

fn assert_leads_to(endpoint: &Url, base: &str, path: &str, segments: &[&str]) {
    let text = [base, path].concat();
    let url = Url::parse(&text).expect("an address that does not parse");
    assert_eq!(url.as_str(), text, "the parser changed the address");
    assert_eq!(url.origin(), endpoint.origin());
    assert!(url.username().is_empty() && url.password().is_none());
    assert!(url.query().is_none() && url.fragment().is_none());
    let above = endpoint.path().trim_end_matches('/');
    assert_eq!(url.path(), [above, path].concat());
    let found: Vec<&str> = url.path_segments().expect("no path").collect();
    assert!(found.ends_with(segments), "{url}");
}
