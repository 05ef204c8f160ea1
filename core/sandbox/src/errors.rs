//! Error bodies in HubSpot's shape, as its error-handling guide and live answers show them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// One property that HubSpot would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Machine-readable code, e.g. `PROPERTY_DOESNT_EXIST`.
    pub code: &'static str,
    /// What HubSpot says about it.
    pub message: String,
    /// The property's internal name.
    pub property: String,
}

/// A refusal: HTTP status and the parts of HubSpot's error body.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// Human text.
    pub message: String,
    /// `VALIDATION_ERROR`, `CONFLICT`, ...; HubSpot leaves it out of some 404 bodies.
    pub category: Option<&'static str>,
    /// Names to values.
    pub context: BTreeMap<&'static str, Vec<String>>,
    /// One entry per refused property.
    pub violations: Vec<Violation>,
    /// Members that only some errors carry: `subCategory`, `policyName`.
    pub extra: Option<Box<Map<String, Value>>>,
}

impl ApiError {
    /// A bare error.
    #[must_use]
    pub fn new(status: u16, category: Option<&'static str>, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            category,
            context: BTreeMap::new(),
            violations: Vec::new(),
            extra: None,
        }
    }

    /// 400 `VALIDATION_ERROR`.
    #[must_use]
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(400, Some("VALIDATION_ERROR"), message)
    }

    /// 404 as HubSpot answers for a record that is not there.
    #[must_use]
    pub fn not_found(id: &str, by_record_id: bool) -> Self {
        if !by_record_id || id.bytes().all(|b| b.is_ascii_digit()) {
            return Self::new(404, Some("OBJECT_NOT_FOUND"), "resource not found");
        }
        Self::new(404, Some("OBJECT_NOT_FOUND"), "Object not found.  objectId are usually numeric.")
            .with("id", [id])
    }

    /// 401 for a missing or wrong token.
    #[must_use]
    pub fn unauthorized() -> Self {
        let text = "Authentication credentials not found. This API supports OAuth 2.0 \
                    authentication and you can find more details at \
                    https://developers.hubspot.com/docs/methods/auth/oauth-overview";
        Self::new(401, Some("INVALID_AUTHENTICATION"), text)
    }

    /// 409 for a contact whose e-mail address is taken.
    #[must_use]
    pub fn contact_exists(existing: u64) -> Self {
        let text = format!("Contact already exists. Existing ID: {existing}");
        Self::new(409, Some("CONFLICT"), text)
    }

    /// 400 for property values that are not valid; the message embeds them as JSON, as HubSpot's
    /// does.
    #[must_use]
    pub fn properties(violations: Vec<Violation>, portal_id: u64) -> Self {
        let message = if violations.iter().all(|v| v.code.starts_with("MISSING_")) {
            "The property values provided are invalid".to_owned()
        } else {
            let list: Vec<Value> = violations.iter().map(|v| embedded(v, portal_id)).collect();
            format!("Property values were not valid: {}", Value::Array(list))
        };
        let mut error = Self::validation(message);
        error.violations = violations;
        error
    }

    /// 429 with the policy that was hit.
    #[must_use]
    pub fn rate_limited(policy: &str) -> Self {
        let text = format!("You have reached your {} limit.", policy.to_lowercase());
        Self::new(429, None, text)
            .with_member("errorType", "RATE_LIMIT")
            .with_member("policyName", policy)
    }

    /// Adds a context entry.
    #[must_use]
    pub fn with<S: Into<String>>(
        mut self,
        key: &'static str,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        self.context.insert(key, values.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a member that only this kind of error carries.
    #[must_use]
    pub fn with_member(mut self, key: &str, value: &str) -> Self {
        self.extra.get_or_insert_default().insert(key.into(), value.into());
        self
    }

    /// The response body.
    #[must_use]
    pub fn body(&self, correlation_id: &str) -> Value {
        let mut body = self.parts();
        body.insert("correlationId".into(), correlation_id.into());
        Value::Object(body)
    }

    /// The entry of one failed input in a 207 body.
    #[must_use]
    pub fn batch_entry(&self) -> Value {
        Value::Object(self.parts())
    }

    fn parts(&self) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("status".into(), "error".into());
        body.insert("message".into(), self.message.clone().into());
        if !self.violations.is_empty() {
            body.insert("errors".into(), self.violations.iter().map(detail).collect());
        }
        if !self.context.is_empty() {
            body.insert("context".into(), json!(self.context));
        }
        if let Some(category) = self.category {
            body.insert("category".into(), category.into());
        }
        body.extend(self.extra.as_deref().cloned().unwrap_or_default());
        body
    }
}

fn embedded(violation: &Violation, portal_id: u64) -> Value {
    json!({
        "isValid": false,
        "message": violation.message,
        "error": violation.code,
        "name": violation.property,
        "localizedErrorMessage": violation.message,
        "portalId": portal_id,
    })
}

fn detail(violation: &Violation) -> Value {
    json!({
        "message": violation.message,
        "code": violation.code,
        "context": { "propertyName": [violation.property] },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_refusal_names_the_property_in_text_and_in_errors() {
        let violation = Violation {
            code: "PROPERTY_DOESNT_EXIST",
            message: "Property \"x\" does not exist".into(),
            property: "x".into(),
        };
        let body = ApiError::properties(vec![violation], 7).body("c-1");
        assert_eq!(body["category"], "VALIDATION_ERROR");
        assert_eq!(body["correlationId"], "c-1");
        assert_eq!(body["errors"][0]["context"]["propertyName"][0], "x");
        let text = body["message"].as_str().unwrap();
        let list: Value =
            serde_json::from_str(text.strip_prefix("Property values were not valid: ").unwrap())
                .unwrap();
        assert_eq!(list[0]["error"], "PROPERTY_DOESNT_EXIST");
        assert_eq!(list[0]["portalId"], 7);
    }

    #[test]
    fn unknown_ids_read_differently_for_numbers_and_words() {
        assert_eq!(ApiError::not_found("12", true).message, "resource not found");
        let word = ApiError::not_found("abc", true);
        assert_eq!(word.context["id"], ["abc"]);
        assert_eq!(ApiError::not_found("a@b.co", false).message, "resource not found");
    }
}
