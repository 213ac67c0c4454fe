//! The page and the package beside it, as static files.

use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::symlink,
    path::Path,
    process::Command,
};

use flate2::read::GzDecoder;
use tempfile::TempDir;

use crate::support::{Answer, Service, path, post, request};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self'; connect-src 'self' https: http://127.0.0.1:* http://localhost:*; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

fn site() -> TempDir {
    let site = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let file = site.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    };
    write("secret.txt", "outside");
    write("wwwx/secret.txt", "outside");
    write("www/index.html", "<!doctype html>");
    write("www/app.js", "export {};");
    write("www/style.css", "body {}");
    write("www/icon.svg", "<svg/>");
    write("www/sub/index.html", "<!doctype html><p>");
    write("pkg/browser.js", "export const a = 1;");
    write("pkg/node_provider_keys.wasm", "\0asm");
    write("pkg/package.json", "{}");
    site
}

fn serving(site: &Path) -> Service {
    Service::with(&["--www", site.to_str().unwrap()])
}

fn get(service: &Service, path: &str) -> Answer {
    service.raw(request("GET", path, &[], ""))
}

#[test]
fn files_have_their_types_and_the_policy() {
    let site = site();
    let service = serving(site.path());
    for (path, content_type, content) in [
        ("/www/", "text/html", "<!doctype html>"),
        ("/www/index.html", "text/html", "<!doctype html>"),
        ("/www/app.js", "text/javascript", "export {};"),
        ("/www/style.css", "text/css", "body {}"),
        ("/www/icon.svg", "image/svg+xml", "<svg/>"),
        ("/www/sub/", "text/html", "<!doctype html><p>"),
        ("/pkg/browser.js", "text/javascript", "export const a = 1;"),
        ("/pkg/node_provider_keys.wasm", "application/wasm", "\0asm"),
        ("/pkg/package.json", "application/json", "{}"),
    ] {
        let answer = get(&service, path);
        assert_eq!((answer.status, answer.text()), (200, content), "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(answer.header("content-security-policy"), Some(POLICY));
        let head = service.raw(request("HEAD", path, &[], ""));
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-type"), Some(content_type));
    }
}

/// Where another server hands the page out, its own tag is all there is.
#[test]
fn the_page_has_the_same_policy_in_its_head() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/index.html");
    let page = fs::read_to_string(page).unwrap();
    let (_, tag) = page
        .split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .unwrap();
    let (policy, _) = tag.split_once('"').unwrap();
    // A tag cannot say who may frame the page.
    assert_eq!(policy, POLICY.replace(" frame-ancestors 'none';", ""));
}

#[test]
fn the_root_leads_to_the_page() {
    let site = site();
    let service = serving(site.path());
    for path in ["/", "/www"] {
        let answer = get(&service, path);
        assert_eq!(
            (answer.status, answer.header("location")),
            (307, Some("/www/"))
        );
        assert_eq!(answer.header("content-security-policy"), Some(POLICY));
    }
    let answer = get(&service, "/www/sub");
    assert_eq!(
        (answer.status, answer.header("location")),
        (307, Some("/www/sub/"))
    );
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let site = site();
    let service = serving(site.path());
    let modified = get(&service, "/www/app.js")
        .header("last-modified")
        .unwrap()
        .to_owned();
    let answer = service.raw(request(
        "GET",
        "/www/app.js",
        &[("If-Modified-Since", &modified)],
        "",
    ));
    assert_eq!((answer.status, answer.body.len()), (304, 0));
    assert_eq!(answer.header("content-security-policy"), Some(POLICY));
}

#[test]
fn nothing_outside_the_two_folders_is_served() {
    let site = site();
    let service = serving(site.path());
    for path in [
        "/secret.txt",
        "/wwwx/secret.txt",
        "/www/../secret.txt",
        "/www/%2e%2e/secret.txt",
        "/www/..%2fsecret.txt",
        "/www/%2e%2e%2fsecret.txt",
        "/www/sub/../../secret.txt",
        "/www/..\\secret.txt",
        "/pkg/../secret.txt",
        "/pkg/../../../../../../etc/passwd",
        "/www//etc/passwd",
        "/www/%2fetc/passwd",
        "/www/%00",
        "/www/%FF",
        "/www/none.js",
        "/pkg/",
        "/pkg",
        "/keys.sqlite",
    ] {
        let answer = get(&service, path);
        assert_eq!(answer.status, 404, "{path}");
        answer_is_gateway(&answer, path);
    }
}

fn answer_is_gateway(answer: &Answer, path: &str) {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["error_code"], "APIGW.0101", "{path}");
    assert_eq!(body["request_id"], answer.request_id());
}

#[test]
fn files_are_only_read() {
    let site = site();
    let service = serving(site.path());
    for path in ["/", "/www/", "/www/app.js", "/pkg/browser.js"] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let answer = service.raw(request(method, path, &[], "{}"));
            assert_eq!(answer.status, 405, "{method} {path}");
            answer_is_gateway(&answer, path);
        }
    }
}

#[test]
fn a_page_of_another_origin_gets_no_hold_of_this_one() {
    let site = site();
    let service = serving(site.path());
    for path in [
        "/",
        "/www/",
        "/www/app.js",
        "/pkg/browser.js",
        "/www/none.js",
    ] {
        let answer = get(&service, path);
        for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
            assert_eq!(answer.header(name), Some("same-origin"), "{path}");
        }
    }
}

#[test]
fn links_and_hidden_files_are_not_served() {
    let site = site();
    let secret = site.path().join("secret.txt");
    let place = |name: &str| site.path().join(name);
    symlink(&secret, place("www/link.txt")).unwrap();
    symlink(site.path(), place("www/out")).unwrap();
    fs::create_dir(place("www/empty")).unwrap();
    symlink(&secret, place("www/empty/index.html")).unwrap();
    fs::create_dir(place("www/.git")).unwrap();
    fs::write(place("www/.git/config"), "secret").unwrap();
    fs::write(place("www/.env"), "secret").unwrap();
    let service = serving(site.path());
    for path in [
        "/www/link.txt",
        "/www/out/secret.txt",
        "/www/out/",
        "/www/empty/",
        "/www/.git/config",
        "/www/.git/",
        "/www/.env",
        "/www/%2eenv",
        "/pkg/.hidden",
    ] {
        let answer = get(&service, path);
        assert_eq!(answer.status, 404, "{path}");
        answer_is_gateway(&answer, path);
    }
}

#[test]
fn the_two_folders_themselves_may_be_links() {
    let site = site();
    let linked = tempfile::tempdir().unwrap();
    for name in ["www", "pkg"] {
        symlink(site.path().join(name), linked.path().join(name)).unwrap();
    }
    let service = serving(linked.path());
    assert_eq!(get(&service, "/www/app.js").text(), "export {};");
}

#[test]
fn a_name_that_no_file_can_have_is_404() {
    let site = site();
    let service = serving(site.path());
    for path in [
        format!("/www/{}", "a".repeat(300)),
        format!("/www/{}", "a/".repeat(3_000)),
        "/www/app.js/".to_owned(),
        "/www/app.js/more".to_owned(),
        "/www/a%00b".to_owned(),
        "/www/a%0Ab".to_owned(),
    ] {
        let answer = get(&service, &path);
        assert_eq!(answer.status, 404, "{path}");
        answer_is_gateway(&answer, &path);
    }
}

#[test]
fn a_file_that_never_opens_holds_nothing_else() {
    let site = site();
    let pipe = site.path().join("www/pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let service = serving(site.path());
    let asked: Vec<_> = (0..600)
        .map(|_| {
            let mut stream = service.connect();
            let get = request("GET", "/www/pipe", &[], "");
            stream.write_all(&get).unwrap();
            stream
        })
        .collect();
    assert_eq!(service.list("").status, 200);
    assert_eq!(get(&service, "/www/app.js").status, 200);
    for mut stream in asked {
        assert_eq!(Answer::read(&mut stream).status, 404);
    }
    assert!(service.stop().0.success());
}

#[test]
fn text_is_compressed_for_whoever_takes_it() {
    let site = site();
    let script = "export const a = 1;\n".repeat(10_000);
    fs::write(site.path().join("pkg/large.js"), &script).unwrap();
    let service = serving(site.path());
    let ask = |coding: &str| {
        service.raw(request(
            "GET",
            "/pkg/large.js",
            &[("Accept-Encoding", coding)],
            "",
        ))
    };
    for coding in ["gzip", "br, GZIP;q=0.5", "deflate,gzip, br"] {
        // Twice: what is kept is the same.
        for _ in 0..2 {
            let answer = ask(coding);
            assert_eq!(answer.header("content-encoding"), Some("gzip"), "{coding}");
            assert_eq!(answer.header("content-type"), Some("text/javascript"));
            assert!(answer.body.len() * 10 < script.len());
            let mut text = String::new();
            GzDecoder::new(&*answer.body)
                .read_to_string(&mut text)
                .unwrap();
            assert!(text == script);
        }
    }
    for coding in ["identity", "br", "gzip;q=0", "xgzip", ""] {
        let answer = ask(coding);
        assert_eq!(answer.header("content-encoding"), None, "{coding}");
        assert!(answer.text() == script);
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
    // What changes is compressed anew.
    fs::write(site.path().join("pkg/large.js"), "export {};").unwrap();
    let mut text = String::new();
    GzDecoder::new(&*ask("gzip").body)
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "export {};");
}

#[test]
fn the_api_is_still_there() {
    let site = site();
    let service = serving(site.path());
    assert_eq!(service.raw(post("{}")).status, 200);
    service
        .raw(request("PUT", &path(), &[], ""))
        .assert_gateway(405, "APIGW.0101");
    assert_eq!(
        get(&service, "/nowhere").header("content-security-policy"),
        None
    );
}
