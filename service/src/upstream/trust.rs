//! Which certificates are trusted, and in plain words why one is not.

use std::{
    fs, io,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio_rustls::{
    TlsConnector,
    rustls::{
        CertificateError, ClientConfig, Error, RootCertStore,
        client::verify_server_cert_signed_by_trust_anchor,
        crypto::ring,
        pki_types::{CertificateDer, UnixTime, pem::PemObject},
        server::ParsedCertificate,
    },
};

/// What TLS is set up with: the public authorities, or the certificates of a PEM file in their
/// place. An error is a sentence.
pub fn connector(ca: Option<&Path>) -> Result<TlsConnector, String> {
    let roots = match ca {
        Some(file) => authorities(file)
            .map_err(|why| format!("the certificates {} cannot be used: {why}.", file.display()))?,
        None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
    };
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}."))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Why a server's certificate was refused in a handshake, if that is what went wrong: what
/// follows "its certificate".
pub fn refusal(error: &io::Error) -> Option<&'static str> {
    match error.get_ref()?.downcast_ref()? {
        Error::InvalidCertificate(error) => Some(reason(error)),
        _ => None,
    }
}

fn reason(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name"
        }
        CertificateError::UnknownIssuer => "is from no authority that is trusted",
        CertificateError::BadSignature => "is not signed by the authority that it names",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not for a server"
        }
        // There is no variant of its own for it.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "is an authority's own and not a server's"
        }
        _ => "is not valid",
    }
}

/// The certificates of a PEM file, each of which has to be one that can be trusted.
fn authorities(file: &Path) -> Result<RootCertStore, String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(&bytes).enumerate() {
        certificate
            .map_err(|_| "is broken off or is no base64".to_owned())
            .and_then(|certificate| trust(&mut roots, certificate))
            .map_err(|why| format!("certificate {} {why}", index + 1))?;
    }
    if roots.is_empty() {
        return Err(in_place_of_a_certificate(&bytes).to_owned());
    }
    Ok(roots)
}

/// The library itself takes an authority as it is: expired, or none at all.
fn trust(roots: &mut RootCertStore, certificate: CertificateDer<'static>) -> Result<(), String> {
    let mut alone = RootCertStore::empty();
    alone
        .add(certificate.clone())
        .map_err(|_| "is no X.509 certificate".to_owned())?;
    let date = |time: UnixTime| {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs()))
    };
    let algorithms = ring::default_provider().signature_verification_algorithms;
    let checked = ParsedCertificate::try_from(&certificate).and_then(|parsed| {
        let now = UnixTime::now();
        verify_server_cert_signed_by_trust_anchor(&parsed, &alone, &[], now, algorithms.all)
    });
    match checked {
        Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            return Err(format!("has expired: {}", date(not_after)));
        }
        Err(Error::InvalidCertificate(CertificateError::NotValidYetContext {
            not_before, ..
        })) => return Err(format!("is not valid yet: {}", date(not_before))),
        // The second where the authority has the server's name.
        Err(Error::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        )) => {
            return Err("is a server's: the one of the authority that signed it is needed".into());
        }
        // An authority is no server, which is as it should be; and a server's may vouch for itself.
        _ => {}
    }
    roots.roots.append(&mut alone.roots);
    Ok(())
}

/// What a file without certificates has instead.
fn in_place_of_a_certificate(bytes: &[u8]) -> &'static str {
    let has = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    if bytes.is_empty() {
        "the file is empty"
    } else if has(b"PRIVATE KEY-----") {
        "it holds a private key in place of a certificate"
    } else if has(b"CERTIFICATE REQUEST-----") {
        "it holds a request for a certificate in place of one"
    } else if has(b"-----BEGIN ") {
        "it holds no certificate"
    } else if bytes.starts_with(b"\x30") {
        "it is DER and not PEM: `openssl x509 -inform der` makes PEM of it"
    } else {
        "it is not PEM"
    }
}
