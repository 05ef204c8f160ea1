use serde::{Deserialize, Serialize};

/// What is known of a half-loaded file; lies beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialState {
    /// The address it was asked from, before any redirect.
    pub url: String,
    /// What tells whether the server still has the same file.
    pub validator: Option<Validator>,
}

/// What a request with `If-Range` may carry (RFC 9110, 13.1.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validator {
    /// A strong entity tag, with its quotation marks.
    Etag(String),
    /// A date as the server wrote it.
    LastModified(String),
}

impl Validator {
    /// The value of `If-Range`.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Etag(value) | Self::LastModified(value) => value,
        }
    }

    /// From an answer's headers. Weak tags do not do; nor do values of odd length or letters.
    #[must_use]
    pub fn from_headers(etag: Option<&str>, last_modified: Option<&str>) -> Option<Self> {
        let sound =
            |value: &&str| value.len() <= 256 && value.bytes().all(|b| (32..127).contains(&b));
        let strong = |tag: &&str| tag.len() >= 2 && tag.starts_with('"') && tag.ends_with('"');
        let date = |value: &&str| httpdate::parse_http_date(value).is_ok();
        let tag = etag.filter(sound).filter(strong).map(|tag| Self::Etag(tag.to_owned()));
        let last_modified = last_modified.filter(sound).filter(date);
        tag.or_else(|| last_modified.map(|value| Self::LastModified(value.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_tags_then_dates() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let table = [
            (Some("\"a\""), Some(date), Some("\"a\"")),
            (Some("W/\"a\""), Some(date), Some(date)),
            (Some("W/\"a\""), None, None),
            (Some("a"), None, None),
            (Some("\"a\u{e9}\""), None, None),
            (None, Some("yesterday"), None),
            (None, None, None),
        ];
        for (etag, modified, expected) in table {
            let found = Validator::from_headers(etag, modified);
            assert_eq!(found.as_ref().map(Validator::value), expected);
        }
    }
}
