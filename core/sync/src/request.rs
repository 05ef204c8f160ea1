use std::fmt;

use confee_domain::OpId;
use serde::{Deserialize, Serialize};

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
}

impl Method {
    /// The method as it stands on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
        }
    }
}

/// A complete HTTP request as plain data.
///
/// Holds credentials and the lead's data: a host that writes it to a file protects the file.
/// `Debug` shows neither address nor header values nor body.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Absolute address.
    pub url: String,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// Exact bytes; empty for none.
    #[serde(with = "base64_bytes")]
    pub body: Vec<u8>,
    /// Give up after this many milliseconds; the outcome is unknown then.
    pub timeout_ms: u64,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(n, _)| n.as_str()).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

/// Says which attempt of which op a request belongs to, so that an answer that comes late, twice
/// or to another process is matched or ignored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ticket {
    /// The op.
    pub op: OpId,
    /// Lead version that was sent.
    pub version: u32,
    /// Attempt of this version and step, from 1.
    pub attempt: u32,
    /// Step of an effect of several requests.
    pub cursor: Option<String>,
}

/// A request to be sent exactly once, with the ticket to hand back with its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedRequest {
    /// Goes back into [`Outbox::on_response`](crate::Outbox::on_response).
    pub ticket: Ticket,
    /// What to send.
    pub request: Request,
}

/// What a server answered.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers in any case.
    pub headers: Vec<(String, String)>,
    /// Body, possibly cut off.
    #[serde(with = "base64_bytes")]
    pub body: Vec<u8>,
}

impl Response {
    /// The first value of a header, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TransportError {
    /// No byte of the request left: no route, no name, no TLS.
    #[error("the server was not reached; nothing was sent")]
    NotSent,
    /// The connection broke or timed out after bytes may have left.
    #[error("the connection broke before the answer; it is not known whether the request was done")]
    MaybeSent,
}

mod base64_bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_a_file_and_hides_its_content() {
        let request = Request {
            method: Method::Post,
            url: "https://hooks.example/s3cret".into(),
            headers: vec![("authorization".into(), "Bearer t0ken".into())],
            body: b"ada@acme.io".to_vec(),
            timeout_ms: 5,
        };
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&json).unwrap(), request);
        let shown = format!("{request:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("t0ken") && !shown.contains("ada"));
        assert!(shown.contains("authorization"));
        let answer = Response { status: 200, headers: vec![], body: b"ada".to_vec() };
        assert!(!format!("{answer:?}").contains("ada"));
    }
}
