//! Every way in which a request can fail, with the exact words for it.
//!
//! The API's own errors have the four fields of Tables 4 to 6 of the API pages. What fails
//! before a request reaches the API is answered in the shape of the gateway in front of it.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why a request was not done.
#[derive(Clone, Copy, Debug)]
pub enum Failure {
    /// Any bad input: 400.
    Invalid,
    /// The token is missing, doubled or wrong, or the project is another: 401.
    Unauthorized,
    /// No key has this id, or it is deleted already: 404.
    UnknownKey,
    /// The database, or the system's randomness, failed: 500.
    Internal,
    /// A sign-in's body, query or content type is none of the call's: 400 from IAM.
    BadSignIn,
    /// No such user, or the password or the code is wrong: 401 from IAM.
    WrongSignIn,
    /// Too many wrong passwords: 401 from IAM.
    Locked,
    /// The password is right, and a code is needed beside it: 403 from IAM.
    NeedsPasscode,
    /// No such project, or the user has no right to it: 403 from IAM.
    NoRight,
    /// No token could be made: 500 from IAM.
    NoSession,
    /// Nobody can sign in here: 404 from the gateway.
    NoSignIn,
    /// The demo's code is wrong, used or too old: 401 from the gateway.
    NoCode,
    /// Asked by a page of another origin, or under a name that is not loopback's: 403 from the gateway.
    ForeignOrigin,
    /// Too much is asked of the database at once, and nothing was done: 503 from the gateway.
    Busy,
    /// Called by a name that is none of this service's: 403 from the gateway.
    ForeignHost,
    /// No such path: 404 from the gateway.
    NoRoute,
    /// A known path, but not with this method: 405 from the gateway.
    WrongMethod,
    /// A static file could not be read: 500 from the gateway.
    NoFile,
    /// Not readable as HTTP, or not as one of the calls: 400, 414 or 431 from the gateway.
    Unreadable(StatusCode),
    /// A relay is asked without a token: 401 from the gateway.
    NoToken,
    /// A relay is asked by itself, or over too many others: 508 from the gateway.
    Loop,
    /// A relay's client has closed its side, and nothing was sent: 400 from the gateway.
    ClientGone,
    /// A relay does not get through, so that nothing was sent: 502 from the gateway.
    NoUpstream,
    /// A relay's upstream has a certificate that is refused, for this reason, so that nothing was
    /// sent: 502 from the gateway.
    Untrusted(&'static str),
    /// A relay's upstream broke off, or its answer is no HTTP: 502 from the gateway.
    NoAnswer,
    /// A relay's upstream answered with what must not be passed back: 502 from the gateway.
    NotPassedBack,
    /// A relay's upstream does not answer in time: 504 from the gateway.
    SlowUpstream,
}

/// How an error's `code` is sent.
#[derive(Clone, Copy, Debug)]
pub enum Codes {
    /// `400`, as in the examples of the API pages.
    Number,
    /// `"400"`, as in their tables.
    Text,
}

impl Failure {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Invalid | Self::BadSignIn | Self::ClientGone => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::WrongSignIn | Self::Locked | Self::NoCode => StatusCode::UNAUTHORIZED,
            Self::NeedsPasscode | Self::NoRight | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::UnknownKey | Self::NoRoute | Self::NoSignIn => StatusCode::NOT_FOUND,
            Self::Internal | Self::NoFile | Self::NoSession => StatusCode::INTERNAL_SERVER_ERROR,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unreadable(status) => status,
            Self::NoUpstream | Self::Untrusted(_) | Self::NoAnswer | Self::NotPassedBack => {
                StatusCode::BAD_GATEWAY
            }
            Self::SlowUpstream => StatusCode::GATEWAY_TIMEOUT,
            Self::ForeignHost => StatusCode::FORBIDDEN,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Loop => StatusCode::LOOP_DETECTED,
        }
    }

    /// The JSON body.
    pub fn body(self, codes: Codes, request_id: &str) -> String {
        let api = |error_code, error_msg, message| {
            let status = self.status();
            let code = match codes {
                Codes::Number => json!(status.as_u16()),
                Codes::Text => json!(status.as_str()),
            };
            json!({ "code": code, "error_code": error_code, "error_msg": error_msg, "message": message })
        };
        let iam = |message: &str| {
            let status = self.status();
            let title = status.canonical_reason().unwrap_or_default();
            json!({ "error": { "code": status.as_u16(), "message": message, "title": title } })
        };
        let gateway = |error_code, error_msg: &str| json!({ "error_msg": error_msg, "error_code": error_code, "request_id": request_id });
        match self {
            Self::Invalid => api(
                "BCS.03400001",
                "Invalid request.",
                "unmarshal request data error",
            ),
            Self::Unauthorized => api(
                "BCS.03401001",
                "Authorization failed.",
                "request token is not valid",
            ),
            Self::UnknownKey => api("BCS.03404001", "Not found.", "api key does not exist"),
            // The brackets are the contract's own text.
            Self::Internal => api(
                "BCS.03500001",
                "Internal error.",
                "project [xxx] node [xxx] get service bearer user token error",
            ),
            Self::BadSignIn => iam(
                "The request is not one for a token by password: its body, query or content type is another.",
            ),
            Self::WrongSignIn => iam("The account, user, password or code is wrong."),
            Self::Locked => iam(
                "The user is locked for 15 minutes, after five wrong passwords or codes in a row.",
            ),
            Self::NeedsPasscode => iam("Virtual MFA is on: the code of the user's device is needed."),
            Self::NoRight => iam("There is no such project, or the user has no right to it."),
            Self::NoSession => iam("No token could be made."),
            Self::NoSignIn => gateway(
                "APIGW.0101",
                "Nobody can sign in here: --account, or for a relay --upstream-iam, sets it up",
            ),
            Self::NoCode => gateway(
                "APIGW.0301",
                "The code is wrong, was used or is too old: start the demo anew",
            ),
            Self::ForeignOrigin => gateway(
                "APIGW.0302",
                "Only this service's own page may ask, by a loopback name",
            ),
            Self::ForeignHost => gateway(
                "APIGW.0302",
                "The service has another name; --allow-host adds one",
            ),
            Self::Busy => gateway(
                "APIGW.0202",
                "Backend unavailable: it has too much to do, nothing was done",
            ),
            Self::NoRoute => gateway(
                "APIGW.0101",
                "The API does not exist or has not been published in the environment",
            ),
            Self::WrongMethod => gateway(
                "APIGW.0101",
                "The API does not exist with this request method",
            ),
            Self::NoFile => gateway("APIGW.0103", "The file could not be read"),
            Self::Unreadable(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE) => {
                gateway("APIGW.0201", "Request headers too large")
            }
            Self::Unreadable(StatusCode::URI_TOO_LONG) => {
                gateway("APIGW.0201", "Request URI too long")
            }
            Self::Unreadable(_) => gateway("APIGW.0201", "Bad request format"),
            Self::NoToken => gateway(
                "APIGW.0301",
                "Incorrect IAM authentication information: X-Auth-Token is needed, once",
            ),
            Self::Loop => gateway(
                "APIGW.0202",
                "Backend unavailable: --upstream leads back to this relay, or over too many others; nothing was sent",
            ),
            Self::ClientGone => gateway(
                "APIGW.0201",
                "The client closed its side of the connection before anything was sent",
            ),
            Self::NoUpstream => gateway(
                "APIGW.0202",
                "Backend unavailable: it is not reached, nothing was sent",
            ),
            Self::Untrusted(why) => gateway(
                "APIGW.0202",
                &format!("Backend unavailable: its certificate {why}, nothing was sent"),
            ),
            Self::NoAnswer => gateway(
                "APIGW.0202",
                "Backend unavailable: it gave no answer that can be read",
            ),
            Self::NotPassedBack => gateway(
                "APIGW.0202",
                "Backend unavailable: it answered with a redirect, or a status that is not passed back",
            ),
            Self::SlowUpstream => gateway("APIGW.0203", "Backend timeout"),
        }
        .to_string()
    }
}

impl IntoResponse for Failure {
    /// Only marks the answer: [`crate::answer::finish`] knows the request id and writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
