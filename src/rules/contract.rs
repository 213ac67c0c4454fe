//! The two API pages: the limits of what is sent, and where it is sent.
//!
//! Both pages: "URI parameters" and "Request header parameters"; the description: "Creating an
//! API Key", table 3. The list is the sibling call that the service's API reference documents.

/// What a text may be: so many code points, none of which a pattern matches.
///
/// Patterns are read by JavaScript's `RegExp`, so that a text is checked where it is, before any of
/// it is copied.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The fewest code points.
    pub least: u32,
    /// The most code points.
    pub most: u32,
    /// Matches a character that may not stand in it.
    pub other: &'static str,
}

/// What an id may not hold. The pages give only its length; the alphabet is ours: with it no dot
/// segment, slash or percent sign can reach the path.
const NO_ID: &str = "[^A-Za-z0-9_-]";

/// A project id.
pub const PROJECT_ID: Shape = Shape {
    least: 32,
    most: 32,
    other: NO_ID,
};

/// The id of an API key.
pub const CREDENTIAL_ID: Shape = Shape {
    least: 36,
    most: 36,
    other: NO_ID,
};

/// A token, without the white space at its ends. Another character would never reach the service:
/// fetch refuses it, and quotes the token.
pub const TOKEN: Shape = Shape {
    least: 1,
    most: 65_535,
    other: "[^ -~]",
};

/// The description of an API key. Half of a surrogate pair would come back as another character.
pub const DESCRIPTION: Shape = Shape {
    least: 0,
    most: 100,
    other: r"[\uD800-\uDFFF]",
};

/// A line of text, such as a name or a password. A line break at its end comes from a file.
pub const LINE: Shape = Shape {
    least: 1,
    most: 4096,
    other: r"[\0-\x1F\x7F\uD800-\uDFFF]",
};

/// What the authenticator of a user shows.
pub const CODE: Shape = Shape {
    least: 6,
    most: 6,
    other: "[^0-9]",
};

/// What is a project's id where its name may stand, too: every name begins with its region's, which
/// has a hyphen.
pub const HEX_ID: Shape = Shape {
    least: 32,
    most: 32,
    other: "[^A-Za-z0-9]",
};

/// The most keys that a list leaves out at its beginning.
pub const OFFSET: u32 = 1000;
/// The most keys of a list.
pub const LIMIT: u32 = 1000;

/// The path of the create and list calls, below an endpoint; the option's value goes between the
/// braces.
pub const KEYS: &str = "/v1/{projectId}/node-provider/credentials";
/// The same of a list with a limit.
pub const LIMITED: &str = "/v1/{projectId}/node-provider/credentials?limit={limit}";
/// The same of a list with an offset.
pub const FROM: &str = "/v1/{projectId}/node-provider/credentials?offset={offset}";
/// The same of a list with both.
pub const PAGE: &str = "/v1/{projectId}/node-provider/credentials?offset={offset}&limit={limit}";
/// The path of the delete call, below an endpoint.
pub const KEY: &str = "/v1/{projectId}/node-provider/credentials/{credentialId}";

/// The body of a create with a description, which goes between the inner braces as JSON. Absent and
/// empty are different requests.
pub const DESCRIBED: &str = "{\"description\":{description}}";
/// The body of a create without one.
pub const PLAIN: &str = "{}";

/// The path of the sign-in, below an endpoint of IAM: without the catalogue of services, which may be
/// long.
pub const TOKENS: &str = "/v3/auth/tokens?nocatalog=true";

/// The body of a sign-in, in which the options go between the inner braces as JSON. IAM does without
/// the domain of a project; Keystone, whose call it is, does not.
macro_rules! identity {
    ($method:literal, $code:literal, $project:literal) => {
        concat!(
            "{\"auth\":{\"identity\":{\"methods\":[\"password\"",
            $method,
            "],\"password\":{\"user\":{\"name\":{user},\"password\":{password},\"domain\":{\"name\":{account}}}}",
            $code,
            "},\"scope\":{\"project\":{",
            $project,
            "}}}}"
        )
    };
    ($project:literal) => {
        [
            identity!("", "", $project),
            identity!(
                ",\"totp\"",
                ",\"totp\":{\"user\":{\"id\":{passcode.userId},\"passcode\":{passcode.code}}}",
                $project
            ),
        ]
    };
}

/// The bodies of a sign-in to a project by its name: without and with a passcode.
pub const BY_NAME: [&str; 2] = identity!("\"name\":{project},\"domain\":{\"name\":{account}}");
/// The same by the project's id.
pub const BY_ID: [&str; 2] = identity!("\"id\":{project}");

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    /// What the JavaScript side does with a shape, for text that is Unicode.
    fn fits(shape: Shape, text: &str) -> bool {
        let count = u32::try_from(text.chars().count()).unwrap();
        let is_good = |text: &str| match shape.other {
            // Half of a surrogate pair is in no Rust text, and in no pattern of Rust.
            halves if halves == DESCRIPTION.other => true,
            other => !regex::Regex::new(other).unwrap().is_match(text),
        };
        (shape.least..=shape.most).contains(&count) && is_good(text)
    }

    /// A template with its names replaced, as the JavaScript side does it.
    fn filled(template: &str, project: &str, credential: &str) -> String {
        let path = template.replace("{projectId}", project);
        path.replace("{credentialId}", credential)
    }

    #[test]
    fn ids_have_one_length_and_no_character_that_means_something_in_a_path() {
        let good = "aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ";
        assert!(fits(PROJECT_ID, good));
        assert!(!fits(PROJECT_ID, &good[1..]));
        assert!(!fits(PROJECT_ID, &[good, "a"].concat()));
        assert!(fits(CREDENTIAL_ID, &[good, "abcd"].concat()));
        for bad in [
            ".", "/", "%", "?", "#", "\\", ":", "@", " ", "\0", "\n", "é",
        ] {
            assert!(!fits(PROJECT_ID, &[&good[1..], bad].concat()), "{bad:?}");
        }
    }

    #[test]
    fn a_token_has_1_to_65535_printable_characters() {
        for (length, is_good) in [(0, false), (1, true), (65_535, true), (65_536, false)] {
            assert_eq!(fits(TOKEN, &"x".repeat(length)), is_good, "{length}");
        }
        assert!(fits(TOKEN, "MII+/=~ !"));
        for bad in ["\r", "\n", "\t", "\0", "\x7F", "é", "\u{2028}", "🔑"] {
            assert!(!fits(TOKEN, &["MII", bad, "abc"].concat()), "{bad:?}");
        }
    }

    #[test]
    fn descriptions_are_counted_in_code_points() {
        assert!(fits(DESCRIPTION, ""));
        assert!(fits(DESCRIPTION, &"🔑".repeat(100)));
        assert!(!fits(DESCRIPTION, &"a".repeat(101)));
    }

    #[test]
    fn the_paths_are_those_of_the_pages() {
        assert_eq!(filled(KEYS, "P", "C"), "/v1/P/node-provider/credentials");
        assert_eq!(filled(KEY, "P", "C"), "/v1/P/node-provider/credentials/C");
    }

    #[test]
    fn the_body_of_a_create_is_json() {
        let body = DESCRIBED.replace("{description}", "\"For test\"");
        let wanted = serde_json::json!({ "description": "For test" });
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&body).unwrap(),
            wanted
        );
        assert_eq!(PLAIN, "{}");
    }

    #[test]
    fn the_bodies_of_a_sign_in_are_keystones() {
        let user = serde_json::json!({ "name": "U", "password": "P", "domain": { "name": "A" } });
        let totp = serde_json::json!({ "user": { "id": "I", "passcode": "C" } });
        let by_name = serde_json::json!({ "project": { "name": "R", "domain": { "name": "A" } } });
        let by_id = serde_json::json!({ "project": { "id": "R" } });
        for (bodies, scope) in [(BY_NAME, by_name), (BY_ID, by_id)] {
            let read = bodies.map(|body| {
                let filled = [
                    ("{user}", "U"),
                    ("{password}", "P"),
                    ("{account}", "A"),
                    ("{project}", "R"),
                    ("{passcode.userId}", "I"),
                    ("{passcode.code}", "C"),
                ]
                .iter()
                .fold(body.to_owned(), |body, (name, value)| {
                    body.replace(name, &["\"", value, "\""].concat())
                });
                serde_json::from_str::<serde_json::Value>(&filled).unwrap()
            });
            let wanted = [
                serde_json::json!({ "methods": ["password"], "password": { "user": user } }),
                serde_json::json!({ "methods": ["password", "totp"], "password": { "user": user }, "totp": totp }),
            ]
            .map(|identity| serde_json::json!({ "auth": { "identity": identity, "scope": scope } }));
            assert_eq!(read, wanted);
        }
    }

    #[test]
    fn a_line_has_no_line_break_and_a_code_has_6_digits() {
        let fits_line = |text: &str| {
            let [first, rest] = LINE
                .other
                .split_once(r"\uD800")
                .map(|(a, b)| [a, b])
                .unwrap();
            assert_eq!(rest, r"-\uDFFF]");
            let other = regex::Regex::new(&[&first.replace(r"\0", r"\x00"), "]"].concat()).unwrap();
            (1..=4096).contains(&text.chars().count()) && !other.is_match(text)
        };
        assert!(fits_line(" correct horse, {battery} \"staple\" ы🔑 "));
        for bad in ["", "a\n", "a\r", "\0", "a\tb", "\x1F", "\x7F"] {
            assert!(!fits_line(bad), "{bad:?}");
        }
        assert!(fits(CODE, "012345"));
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６", "12 345"] {
            assert!(!fits(CODE, bad), "{bad:?}");
        }
        assert!(fits(HEX_ID, "0123456789abcdef0123456789ABCDEF"));
        assert!(!fits(HEX_ID, "ap-southeast-3_of_32_characters_"));
    }

    proptest::proptest! {
        #[test]
        fn an_id_is_so_many_characters_of_its_alphabet(id in "[a-cX-Z0_-]{31,36}[./%é]?") {
            for (shape, length) in [(PROJECT_ID, 32), (CREDENTIAL_ID, 36)] {
                let is_plain = !id.contains(['.', '/', '%', 'é']);
                proptest::prop_assert_eq!(fits(shape, &id), is_plain && id.chars().count() == length);
            }
        }

        #[test]
        fn a_path_of_ids_is_left_as_it_is_by_a_url_parser(
            project in "[A-Za-z0-9_-]{32}",
            credential in "[A-Za-z0-9_-]{36}",
        ) {
            for template in [KEYS, KEY] {
                let path = filled(template, &project, &credential);
                let url = url::Url::parse("https://bcs.example.com").unwrap().join(&path).unwrap();
                proptest::prop_assert_eq!(url.as_str(), ["https://bcs.example.com", &path].concat());
                proptest::prop_assert_eq!(url.path_segments().unwrap().nth(1), Some(&*project));
            }
        }

        #[test]
        fn a_token_is_printable_ascii(token in "[ -~]{1,40}[\\x1F ~\\x7Fé🔑]{0,2}") {
            let wanted = token.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            proptest::prop_assert_eq!(fits(TOKEN, &token), wanted);
        }

        #[test]
        fn a_description_may_be_any_100_characters(text in "\\PC{90,110}") {
            proptest::prop_assert_eq!(fits(DESCRIPTION, &text), text.chars().count() <= 100);
        }
    }
}
