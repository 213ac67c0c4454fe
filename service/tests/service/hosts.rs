//! The names under which it may be called: a page whose name was made to lead here has its own.

use std::sync::Arc;

use crate::{
    front::Front,
    support::{Answer, Service, TOKEN, binary, path, path_of},
};

/// A request with this host, or with none.
fn under(service: &Service, line: &str, host: Option<&str>) -> Answer {
    let host = host.map_or(String::new(), |host| format!("Host: {host}\r\n"));
    service.raw(format!(
        "{line} HTTP/1.1\r\n{host}X-Auth-Token: {TOKEN}\r\nContent-Length: 2\r\n\r\n{{}}"
    ))
}

fn lines() -> [String; 6] {
    [
        format!("POST {}", path()),
        format!("GET {}", path()),
        format!("DELETE {}", path_of(&"0".repeat(36))),
        format!("OPTIONS {}", path()),
        "GET /www/".to_owned(),
        "GET /nowhere".to_owned(),
    ]
}

fn assert_foreign_names_are_refused(service: &Service) {
    let port = service.address().port();
    let other = format!("localhost:{}", port ^ 1);
    let rebound = format!("rebound.test:{port}");
    let local = format!("127.0.0.1.rebound.test:{port}");
    for host in [
        None,
        Some(""),
        Some("localhost"),
        Some(&*other),
        Some(&*rebound),
        Some(&*local),
    ] {
        for line in lines() {
            let answer = under(service, &line, host);
            answer.assert_gateway(403, "APIGW.0302");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    let two = format!("localhost:{port}\r\nHost: {rebound}");
    under(service, &lines()[0], Some(&two)).assert_gateway(403, "APIGW.0302");
}

#[test]
fn a_page_that_was_rebound_uses_nothing() {
    let service = Service::with(&["--allow-origin", "http://rebound.test"]);
    assert_foreign_names_are_refused(&service);
    assert_eq!(service.count(), 0);

    let front = Front::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut command = binary();
    command.args(["--upstream", &front.url(), "--upstream-ca"]);
    command.arg(front.ca());
    let relay = Service::launch(Arc::new(tempfile::tempdir().unwrap()), command);
    assert_foreign_names_are_refused(&relay);
    assert!(front.seen().is_empty());
}

#[test]
fn the_names_of_this_machine_and_those_that_are_added_are_taken() {
    let service = Service::with(&["--allow-host", "keys.example:8443"]);
    let port = service.address().port();
    for host in [
        format!("localhost:{port}"),
        format!("LOCALHOST:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        "keys.example:8443".to_owned(),
        // As the tests start it, under any port.
        "service.test".to_owned(),
        "service.test:1".to_owned(),
    ] {
        let answer = under(&service, &lines()[0], Some(&host));
        assert_eq!(answer.status, 200, "{host}");
    }
    under(&service, &lines()[0], Some("keys.example:8444")).assert_gateway(403, "APIGW.0302");
}
