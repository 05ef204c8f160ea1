use url::Url;

use super::Source;
use crate::ModelError;

/// Another server that holds what the sources hold, under the same paths: for events without
/// internet, or a company's own store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mirrors {
    base: Option<Url>,
}

impl Mirrors {
    /// Takes the place of scheme, host and port of every source; its path goes before theirs.
    ///
    /// # Errors
    /// Not an address with a host, or neither `https` nor, where `with_http`, `http`.
    pub fn new(base_url: &str, with_http: bool) -> Result<Self, ModelError> {
        if !is_allowed(base_url, with_http) {
            return Err(ModelError::Manifest("the mirror needs a plain https address".into()));
        }
        let base = Url::parse(base_url)
            .map_err(|_| ModelError::Manifest("the mirror's address is malformed".into()))?;
        Ok(Self { base: Some(base) })
    }

    /// Where a source lies with this mirror.
    ///
    /// # Errors
    /// The source's address is malformed.
    pub fn resolve(&self, source: &Source) -> Result<Url, ModelError> {
        let malformed = || ModelError::Manifest("a source's address is malformed".into());
        let url = Url::parse(&source.url).map_err(|_| malformed())?;
        let Some(base) = &self.base else { return Ok(url) };
        let mut mirrored = base.clone();
        mirrored.set_path(&format!("{}{}", base.path().trim_end_matches('/'), url.path()));
        mirrored.set_query(url.query());
        Ok(mirrored)
    }
}

/// `https`, or `http` where that is allowed, with a host and without a name and password.
pub(super) fn is_allowed(url: &str, with_http: bool) -> bool {
    Url::parse(url).is_ok_and(|url| {
        let scheme = url.scheme() == "https" || with_http && url.scheme() == "http";
        scheme && url.has_host() && url.username().is_empty() && url.password().is_none()
    })
}
