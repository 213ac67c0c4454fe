//! What a sign-in asks for: a user, proved by a password and perhaps a code, and a project.
//!
//! Its body is that of IAM's token call, and nothing else: another method, scope or field is
//! refused, so that a relay passes nothing on that the call is not meant for.

use zeroize::Zeroizing;

use crate::json::Json;

/// A sign-in as it was asked for.
pub struct SignIn {
    /// The account's name.
    pub account: Zeroizing<String>,
    /// The user's name.
    pub user: Zeroizing<String>,
    /// The user's password.
    pub password: Zeroizing<String>,
    /// The code of virtual MFA, if there is one.
    pub passcode: Option<Passcode>,
    /// What the token is to be for.
    pub project: Project,
}

/// A code of virtual MFA, and whose it is.
pub struct Passcode {
    /// The user's id.
    pub user_id: Zeroizing<String>,
    /// What the device shows, usually 6 digits.
    pub code: Zeroizing<String>,
}

/// A project as a sign-in names it.
pub enum Project {
    /// By its name, and perhaps that of its account.
    Named(Zeroizing<String>, Option<Zeroizing<String>>),
    /// By its id.
    WithId(Zeroizing<String>),
}

impl SignIn {
    /// Reads a body; `None` where it is not exactly one of a sign-in.
    pub fn read(body: &[u8]) -> Option<Self> {
        let auth = Json::read(body)?.only("auth")?;
        let [identity, scope] = auth.fields(["identity", "scope"])?;
        let [methods, password, totp] = identity?.fields(["methods", "password", "totp"])?;
        let methods: Option<Vec<_>> = methods?.list()?.into_iter().map(Json::text).collect();
        let methods = methods?;
        let methods: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
        match (methods.as_slice(), &totp) {
            (["password"], None) | (["password", "totp"] | ["totp", "password"], Some(_)) => {}
            _ => return None,
        }
        let [name, secret, domain] = password?
            .only("user")?
            .fields(["name", "password", "domain"])?;
        let passcode = match totp {
            Some(totp) => {
                let [id, code] = totp.only("user")?.fields(["id", "passcode"])?;
                Some(Passcode {
                    user_id: id?.text()?,
                    code: code?.text()?,
                })
            }
            None => None,
        };
        Some(Self {
            account: domain?.only("name")?.text()?,
            user: name?.text()?,
            password: secret?.text()?,
            passcode,
            project: project(scope?)?,
        })
    }
}

fn project(scope: Json) -> Option<Project> {
    let [id, name, domain] = scope.only("project")?.fields(["id", "name", "domain"])?;
    match (id, name, domain) {
        (Some(id), None, None) => Some(Project::WithId(id.text()?)),
        (None, Some(name), None) => Some(Project::Named(name.text()?, None)),
        (None, Some(name), Some(domain)) => {
            let domain = domain.only("name")?.text()?;
            Some(Project::Named(name.text()?, Some(domain)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Project, SignIn};

    fn body() -> Value {
        json!({"auth": {
            "identity": {
                "methods": ["password", "totp"],
                "password": {"user": {"name": "U", "password": "P", "domain": {"name": "D"}}},
                "totp": {"user": {"id": "I", "passcode": "123456"}},
            },
            "scope": {"project": {"name": "R", "domain": {"name": "D"}}},
        }})
    }

    fn read(body: &Value) -> Option<SignIn> {
        SignIn::read(body.to_string().as_bytes())
    }

    /// Every place of an object within a body, as a JSON pointer.
    fn objects(value: &Value, path: &str) -> Vec<String> {
        let Some(fields) = value.as_object() else {
            return vec![];
        };
        let inner = fields
            .iter()
            .flat_map(|(name, value)| objects(value, &format!("{path}/{name}")));
        std::iter::once(path.to_owned()).chain(inner).collect()
    }

    #[test]
    fn all_that_is_documented_is_taken() {
        let whole = read(&body()).unwrap();
        assert_eq!((&**whole.account, &**whole.user), ("D", "U"));
        assert_eq!(&**whole.password, "P");
        let passcode = whole.passcode.unwrap();
        assert_eq!((&**passcode.user_id, &**passcode.code), ("I", "123456"));
        assert!(
            matches!(whole.project, Project::Named(name, Some(domain)) if *name == "R" && *domain == "D")
        );

        let mut plain = body();
        let identity = plain.pointer_mut("/auth/identity").unwrap();
        identity["methods"] = json!(["password"]);
        identity.as_object_mut().unwrap().remove("totp");
        plain["auth"]["scope"]["project"] = json!({"name": "R"});
        let read_plain = read(&plain).unwrap();
        assert!(read_plain.passcode.is_none());
        assert!(matches!(read_plain.project, Project::Named(_, None)));
        plain["auth"]["scope"]["project"] = json!({"id": "0"});
        assert!(matches!(read(&plain).unwrap().project, Project::WithId(id) if *id == "0"));
    }

    #[test]
    fn one_more_field_anywhere_is_refused_and_one_less() {
        for path in objects(&body(), "") {
            let mut more = body();
            more.pointer_mut(&path).unwrap()["more"] = json!("x");
            assert!(read(&more).is_none(), "{path}: one more");
            let names: Vec<String> = body()
                .pointer(&path)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            for name in names {
                let mut less = body();
                let object = less.pointer_mut(&path).unwrap().as_object_mut().unwrap();
                object.remove(&name);
                // A project's account may be left out.
                let is_optional = path.ends_with("/project") && name == "domain";
                assert_eq!(read(&less).is_some(), is_optional, "{path}: no {name}");
            }
        }
    }

    #[test]
    fn other_types_are_refused_everywhere() {
        let places: Vec<String> = objects(&body(), "")
            .into_iter()
            .flat_map(|path| {
                let body = body();
                let fields = body.pointer(&path).unwrap().as_object().unwrap();
                let names: Vec<_> = fields.keys().map(|name| format!("{path}/{name}")).collect();
                names
            })
            .collect();
        for place in places {
            for other in [
                json!(null),
                json!(1),
                json!(true),
                json!([]),
                json!(["x"]),
                json!({}),
            ] {
                let mut wrong = body();
                *wrong.pointer_mut(&place).unwrap() = other;
                assert!(read(&wrong).is_none(), "{place}");
            }
        }
    }

    #[test]
    fn the_methods_are_those_that_are_used() {
        for methods in [
            json!([]),
            json!(["totp"]),
            json!(["password"]),
            json!(["token"]),
            json!(["password", "password"]),
            json!(["password", "totp", "token"]),
            json!(["password", 1]),
        ] {
            let mut wrong = body();
            wrong["auth"]["identity"]["methods"] = methods;
            assert!(read(&wrong).is_none());
        }
        let mut both = body();
        both["auth"]["scope"]["project"]["id"] = json!("0");
        assert!(read(&both).is_none(), "a name and an id");
    }
}
