//! The limits of the two API pages, and the requests that keep them.
//!
//! Both pages: "URI parameters" and "Request header parameters"; the description: "Creating an
//! API Key", table 3. The list is the sibling call that the service's API reference documents.

use super::joined;

/// Characters of a project id.
pub const PROJECT_ID: usize = 32;
/// Characters of a credential id.
pub const CREDENTIAL_ID: usize = 36;
/// The most code points of a description.
pub const DESCRIPTION: usize = 100;
/// The most characters of a token.
pub const TOKEN: usize = 65_535;

/// The most keys that a list leaves out at its beginning.
pub const OFFSET: u32 = 1000;
/// The most keys of a list.
pub const LIMIT: u32 = 1000;

/// Whether an id has exactly `length` characters, all of the alphabet that ids have here.
///
/// The pages give only the length. The alphabet is ours: with it no dot segment, slash or percent
/// sign can reach the path.
///
/// ```
/// use node_provider_keys::rules::limits::{self, is_id};
///
/// assert!(is_id("0123456789abcdef0123456789abcdef", limits::PROJECT_ID));
/// assert!(!is_id("..", limits::PROJECT_ID));
/// ```
pub fn is_id(id: &str, length: usize) -> bool {
    id.len() == length
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Whether a description has at most [`DESCRIPTION`] code points.
pub fn is_description(description: &str) -> bool {
    description.chars().count() <= DESCRIPTION
}

/// The path of the create and list calls, below an endpoint.
pub fn keys_path(project_id: &str) -> String {
    joined(&["/v1/", project_id, "/node-provider/credentials"])
}

/// The path of the delete call, below an endpoint.
pub fn key_path(project_id: &str, credential_id: &str) -> String {
    joined(&[
        "/v1/",
        project_id,
        "/node-provider/credentials/",
        credential_id,
    ])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_length_and_no_character_that_means_something_in_a_path() {
        let good = "aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ";
        assert!(is_id(good, PROJECT_ID));
        assert!(!is_id(&good[1..], PROJECT_ID));
        assert!(!is_id(&[good, "a"].concat(), PROJECT_ID));
        for bad in [".", "/", "%", "?", "#", "\\", ":", "@", " ", "\0", "\n"] {
            assert!(!is_id(&[&good[1..], bad].concat(), PROJECT_ID), "{bad:?}");
        }
        assert!(!is_id(&[&good[2..], "é"].concat(), PROJECT_ID));
    }

    #[test]
    fn the_paths_are_those_of_the_pages() {
        assert_eq!(keys_path("P"), "/v1/P/node-provider/credentials");
        assert_eq!(key_path("P", "C"), "/v1/P/node-provider/credentials/C");
    }

    #[test]
    fn descriptions_are_counted_in_code_points() {
        assert!(is_description(""));
        assert!(is_description(&"🔑".repeat(100)));
        assert!(!is_description(&"a".repeat(101)));
    }

    proptest::proptest! {
        #[test]
        fn an_id_is_so_many_characters_of_its_alphabet(id in "[a-cX-Z0_-]{31,36}[./%é]?") {
            for length in [PROJECT_ID, CREDENTIAL_ID] {
                let is_plain = !id.contains(['.', '/', '%', 'é']);
                proptest::prop_assert_eq!(is_id(&id, length), is_plain && id.chars().count() == length);
            }
        }

        #[test]
        fn a_path_of_ids_is_left_as_it_is_by_a_url_parser(
            project in "[A-Za-z0-9_-]{32}",
            credential in "[A-Za-z0-9_-]{36}",
        ) {
            for path in [keys_path(&project), key_path(&project, &credential)] {
                let url = url::Url::parse("https://bcs.example.com").unwrap().join(&path).unwrap();
                proptest::prop_assert_eq!(url.as_str(), ["https://bcs.example.com", &path].concat());
                proptest::prop_assert_eq!(url.path_segments().unwrap().nth(1), Some(&*project));
            }
        }

        #[test]
        fn a_description_may_be_any_100_characters(text in "\\PC{90,110}") {
            proptest::prop_assert_eq!(is_description(&text), text.chars().count() <= 100);
        }
    }
}
