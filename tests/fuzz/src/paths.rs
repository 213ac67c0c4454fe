//! Where a call goes: endpoint, project id and credential id, beside the `url` crate.

use node_provider_keys::rules::endpoint::{Parts, base};
use node_provider_keys::rules::limits::{CREDENTIAL_ID, PROJECT_ID, is_id, key_path, keys_path};
use url::{Host, Url};

/// A call goes to the endpoint's origin, below its path, and to nowhere else.
pub fn check(data: &[u8]) {
    // Endpoint, project id and credential id, a line each.
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let Ok(endpoint) = Url::parse(lines.next().unwrap_or_default()) else {
        return;
    };
    let base = base(Parts {
        href: endpoint.as_str(),
        protocol: &[endpoint.scheme(), ":"].concat(),
        hostname: endpoint.host_str().unwrap_or_default(),
        user_info: &[endpoint.username(), endpoint.password().unwrap_or("")].concat(),
    })
    .map(str::to_owned);
    assert_eq!(base.is_ok(), is_allowed(&endpoint), "{endpoint}");
    let Ok(base) = base else {
        return;
    };
    let project = id(lines.next().unwrap_or_default(), PROJECT_ID);
    let credential = id(lines.next().unwrap_or_default(), CREDENTIAL_ID);
    let keys = ["v1", &project, "node-provider", "credentials"];
    assert_leads_to(&endpoint, &base, &keys_path(&project), &keys);
    let key = [&keys[..], &[&credential]].concat();
    assert_leads_to(&endpoint, &base, &key_path(&project, &credential), &key);
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
fn id(text: &str, length: usize) -> String {
    if is_id(text, length) {
        return text.into();
    }
    let alphabet = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    let padded = text.bytes().chain(std::iter::repeat(0)).take(length);
    let id = padded.map(|byte| char::from(alphabet[usize::from(byte) % alphabet.len()]));
    let id: String = id.collect();
    assert!(is_id(&id, length), "{id}");
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
