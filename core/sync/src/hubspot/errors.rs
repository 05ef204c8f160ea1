use serde_json::Value;

use crate::request::Response;

/// An answer's body, as far as it can be read. Every member of an error body is optional.
pub(super) struct Answer {
    pub(super) json: Option<Value>,
    pub(super) html: bool,
    pub(super) empty: bool,
}

impl Answer {
    pub(super) fn of(response: &Response) -> Self {
        let trimmed = response.body.trim_ascii();
        let json = serde_json::from_slice(trimmed).ok();
        Self { json, html: trimmed.starts_with(b"<"), empty: trimmed.is_empty() }
    }

    pub(super) fn is_garbled(&self) -> bool {
        !self.empty && self.json.is_none()
    }

    pub(super) fn error(&self) -> ApiError {
        self.json.as_ref().map(ApiError::of).unwrap_or_default()
    }
}

/// What HubSpot says is wrong.
#[derive(Default)]
pub(super) struct ApiError {
    pub(super) message: String,
    pub(super) category: String,
    pub(super) policy: String,
    pub(super) rate_limit: bool,
    pub(super) correlation_id: Option<String>,
    /// The first refused property and the code of its refusal.
    pub(super) property: Option<String>,
    pub(super) code: String,
}

impl ApiError {
    pub(super) fn of(body: &Value) -> Self {
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut out = Self {
            message: text("message"),
            category: text("category"),
            policy: text("policyName"),
            rate_limit: text("errorType") == "RATE_LIMIT" || text("category") == "RATE_LIMITS",
            correlation_id: Some(text("correlationId")).filter(|c| !c.is_empty()),
            property: property_name(body),
            code: String::new(),
        };
        let details = body.get("errors").and_then(Value::as_array);
        if let Some(first) = details.and_then(|e| e.first()) {
            out.take_detail(first);
        }
        if out.code.is_empty() {
            out.take_embedded();
        }
        out
    }

    fn take_detail(&mut self, detail: &Value) {
        if let Some(code) = detail.get("code").and_then(Value::as_str) {
            code.clone_into(&mut self.code);
        }
        self.property = property_name(detail).or(self.property.take());
    }

    /// Older answers carry the list of refusals as JSON within the message.
    fn take_embedded(&mut self) {
        let Some(at) = self.message.find("[{") else { return };
        let Some(rest) = self.message.get(at..) else { return };
        let parsed = serde_json::Deserializer::from_str(rest).into_iter::<Value>().next();
        let Some(Ok(Value::Array(list))) = parsed else { return };
        let Some(first) = list.first() else { return };
        let text = |key: &str| first.get(key).and_then(Value::as_str).map(str::to_owned);
        self.code = text("error").unwrap_or_default();
        self.property = text("name").or(self.property.take());
    }

    /// The id in "Contact already exists. Existing ID: 123".
    pub(super) fn existing_id(&self) -> Option<String> {
        let (_, rest) = self.message.split_once("Existing ID:")?;
        let id: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        (!id.is_empty()).then_some(id)
    }

    /// Whether the refusal is about this property.
    pub(super) fn concerns(&self, property: &str) -> bool {
        self.property.as_deref() == Some(property) || self.message.contains(property)
    }
}

fn property_name(value: &Value) -> Option<String> {
    let names = value.get("context")?.get("propertyName")?;
    let name = names.get(0).unwrap_or(names);
    name.as_str().map(str::to_owned)
}

/// A record's id as it may stand in an address.
pub(super) fn record_id(record: &Value) -> Option<String> {
    let id = match record.get("id")? {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        _ => return None,
    };
    let sound = id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric());
    (sound && !id.is_empty()).then_some(id)
}

/// A property of a record; `None` where it is empty.
pub(super) fn property<'a>(record: &'a Value, name: &str) -> Option<&'a str> {
    record.get("properties")?.get(name)?.as_str().filter(|v| !v.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn refusals_are_found_wherever_they_stand() {
        let listed = json!({"message": "no", "correlationId": "c-1", "errors": [
            {"code": "INVALID_OPTION", "context": {"propertyName": ["dealstage"]}}]});
        let embedded = json!({"message": "Property values were not valid: \
            [{\"isValid\":false,\"error\":\"INVALID_OPTION\",\"name\":\"dealstage\"}] (x)"});
        for body in [listed, embedded] {
            let e = ApiError::of(&body);
            assert_eq!(
                (e.code.as_str(), e.property.as_deref()),
                ("INVALID_OPTION", Some("dealstage"))
            );
        }
        let taken = json!({"message": "Contact already exists. Existing ID: 1234."});
        assert_eq!(ApiError::of(&taken).existing_id(), Some("1234".into()));
        assert_eq!(ApiError::of(&json!({"message": "Existing ID: x"})).existing_id(), None);
        assert_eq!(ApiError::of(&json!([1])).code, "");
    }

    #[test]
    fn ids_are_safe_in_addresses() {
        assert_eq!(record_id(&json!({"id": "12"})), Some("12".into()));
        assert_eq!(record_id(&json!({"id": 12})), Some("12".into()));
        for bad in
            [json!({"id": "../x"}), json!({"id": ""}), json!({"id": null}), json!({}), json!(1)]
        {
            assert_eq!(record_id(&bad), None);
        }
    }
}
