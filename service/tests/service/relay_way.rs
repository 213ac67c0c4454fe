//! The relay's way: one that leads in a circle, and clients that are gone before it is gone.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, OnceLock,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};

use crate::{
    front::{End, Front},
    relay::{relay, relay_to},
    support::{Answer, Service, TOKEN, binary, path, path_of, post, request},
};

const RIGHT: (&str, &str) = ("X-Auth-Token", TOKEN);

fn calls() -> [Vec<u8>; 3] {
    [
        post("{}"),
        request("GET", &path(), &[RIGHT], ""),
        request("DELETE", &path_of(&"0".repeat(36)), &[RIGHT], ""),
    ]
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn assert_loop(answer: &Answer) {
    answer.assert_gateway(508, "APIGW.0202");
    assert!(answer.text().contains("nothing was sent"), "{answer:?}");
}

#[test]
fn a_relay_that_leads_to_itself_is_found() {
    let itself = leak(OnceLock::new());
    let front = Front::towards(|| *itself.get().unwrap());
    let service = relay(&front, &[]);
    itself.set(service.address()).unwrap();
    for (sent, call) in calls().into_iter().enumerate() {
        assert_loop(&service.raw(call));
        assert_eq!(front.seen().len(), sent + 1);
    }
}

#[test]
fn relays_that_lead_to_each_other_are_found() {
    let (first, second) = (leak(OnceLock::new()), leak(OnceLock::new()));
    let to_first = Front::towards(|| *first.get().unwrap());
    let to_second = Front::towards(|| *second.get().unwrap());
    let services = [relay(&to_second, &[]), relay(&to_first, &[])];
    first.set(services[0].address()).unwrap();
    second.set(services[1].address()).unwrap();
    for call in calls() {
        for service in &services {
            assert_loop(&service.raw(&call));
        }
    }
    assert_eq!((to_first.seen().len(), to_second.seen().len()), (6, 6));
}

#[test]
fn a_chain_of_relays_is_no_loop() {
    let last = Service::start();
    let (to_last, to_second) = (Front::before(&last), OnceLock::new());
    let second = relay(&to_last, &[]);
    let to_second = to_second.get_or_init(|| Front::before(&second));
    let first = relay(to_second, &[]);
    let via = [
        RIGHT,
        ("Via", "1.0 fred, 1.1 a.test (a; b)"),
        ("Via", "2 c"),
    ];
    let answer = first.raw(request("POST", &path(), &via, "{}"));
    assert_eq!(last.count(), 1);
    answer.key();
    let seen = String::from_utf8(to_last.seen().pop().unwrap()).unwrap();
    let way = seen.split("\r\nvia: ").nth(1).unwrap();
    let way: Vec<_> = way.split("\r\n").next().unwrap().split(", ").collect();
    assert_eq!(way[..3], ["1.0 fred", "1.1 a.test (a; b)", "2 c"]);
    assert_eq!(way.len(), 5);
    assert_ne!(way[3], way[4]);
}

#[test]
fn a_way_too_long_is_a_loop() {
    let front = Front::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let service = relay(&front, &[]);
    let way = "1.1 a, ".repeat(200);
    for method in ["POST", "GET"] {
        assert_loop(&service.raw(request(method, &path(), &[RIGHT, ("Via", &way)], "")));
    }
    assert!(front.seen().is_empty());
}

/// A way to `front` that is closed until it is told to open; and who waits there.
fn barred(front: &Front) -> (String, Sender<()>, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let front = SocketAddr::from(([127, 0, 0, 1], front.port()));
    let (open, opened) = channel();
    let (come, came) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut to_relay = stream.unwrap();
            come.send(()).unwrap();
            if opened.recv().is_err() {
                return;
            }
            let mut to_front = TcpStream::connect(front).unwrap();
            let (mut answers, mut back) =
                (to_front.try_clone().unwrap(), to_relay.try_clone().unwrap());
            thread::spawn(move || {
                let _ = io::copy(&mut answers, &mut back);
                let _ = back.shutdown(Shutdown::Both);
            });
            // The relay may be gone by now.
            let _ = io::copy(&mut to_relay, &mut to_front);
            let _ = to_front.shutdown(Shutdown::Both);
        }
    });
    (url, open, came)
}

#[test]
fn a_client_that_is_gone_before_anything_was_sent_makes_no_key() {
    let last = Service::start();
    let front = Front::before(&last);
    let (url, open, came) = barred(&front);
    let service = relay_to(&url, &front, &[]);
    for call in calls() {
        let mut stream = service.connect();
        stream.write_all(&call).unwrap();
        came.recv().unwrap();
        drop(stream);
        // Its end is on its way, as is the upstream's handshake.
        open.send(()).unwrap();
    }
    // What comes later gets through.
    let mut stream = service.connect();
    stream.write_all(&post("{}")).unwrap();
    came.recv().unwrap();
    open.send(()).unwrap();
    let key = Answer::read(&mut stream).key();
    assert_eq!(last.stored(), [key.id].into());
    assert_eq!(front.seen().len(), 1);
    let (_, log) = service.stop();
    assert_eq!(log.matches("the client is gone").count(), 3, "{log}");
}

#[test]
fn a_client_that_has_closed_its_side_hears_that_nothing_was_sent() {
    let front = Front::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let (url, open, came) = barred(&front);
    let service = relay_to(&url, &front, &[]);
    for call in calls() {
        let mut stream = service.connect();
        stream.write_all(&call).unwrap();
        came.recv().unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let answer = Answer::read(&mut stream);
        answer.assert_gateway(400, "APIGW.0201");
        assert!(answer.text().contains("before anything was sent"));
        open.send(()).unwrap();
    }
    assert!(front.seen().is_empty());
}

#[test]
fn a_client_that_closes_its_side_later_is_answered() {
    let (front, under_way, go) = Front::holding();
    let service = relay(&front, &[]);
    let mut stream = service.connect();
    stream.write_all(&post("{}")).unwrap();
    under_way.recv().unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    go.send(()).unwrap();
    assert_eq!(Answer::read(&mut stream).text(), "PK");
}

#[test]
fn why_a_certificate_is_refused_is_said() {
    type Shape = fn(&mut CertificateParams);
    let shapes: [(Shape, &str); 5] = [
        (
            |params| params.not_after = date_time_ymd(2020, 1, 2),
            "has expired",
        ),
        (
            |params| params.not_before = date_time_ymd(3020, 1, 2),
            "is not valid yet",
        ),
        (
            |params| *params = CertificateParams::new(["a.test".to_owned()]).unwrap(),
            "is for another name",
        ),
        (
            |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
            "is an authority's own and not a server's",
        ),
        (
            |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
            "is not for a server",
        ),
    ];
    let fronts = shapes.map(|(shape, why)| (Front::shaped(shape, |_, _| End::Orderly), why));
    let (other, stranger) = (Front::saying(""), Front::saying(""));
    let mut cases: Vec<_> = fronts
        .iter()
        .map(|(front, why)| (relay(front, &[]), *why))
        .collect();
    // Both authorities have one name.
    let misled = relay_to(&stranger.url(), &other, &[]);
    cases.push((misled, "is not signed by the authority that it names"));
    let mut public = binary();
    public.args(["--upstream", &other.url()]);
    let public = Service::launch(Arc::new(tempfile::tempdir().unwrap()), public);
    cases.push((public, "is from no authority that is trusted"));
    for (service, why) in cases {
        for call in calls() {
            let answer = service.raw(call);
            answer.assert_gateway(502, "APIGW.0202");
            let said = format!("its certificate {why}, nothing was sent");
            assert!(answer.text().contains(&said), "{why}: {answer:?}");
        }
        let (_, log) = service.stop();
        assert!(log.contains(&format!("untrusted=\"{why}\"")), "{log}");
    }
    assert!(other.seen().is_empty() && stranger.seen().is_empty());
    assert!(fronts.iter().all(|(front, _)| front.seen().is_empty()));
}

#[test]
fn no_connection_is_used_twice_though_the_upstream_would_keep_it() {
    let (tell, told) = channel();
    let tell = Mutex::new(tell);
    let front = Front::start(move |_, socket| {
        let answer = b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nnull";
        socket.write_all(answer).unwrap();
        // Waits for a further request, or for the end.
        let is_used_again = matches!(socket.read(&mut [0]), Ok(1..));
        tell.lock().unwrap().send(is_used_again).unwrap();
        End::Cut
    });
    let service = relay(&front, &[]);
    for call in calls().iter().chain(&calls()) {
        assert_eq!(service.raw(call).text(), "null");
    }
    for _ in 0..6 {
        assert!(!told.recv().unwrap());
    }
    assert_eq!(front.seen().len(), 6);
}
