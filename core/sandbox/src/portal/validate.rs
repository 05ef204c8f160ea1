//! Which property values HubSpot takes, and how it keeps them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use serde_json::{Map, Value, json};

use super::catalogue::LIFECYCLE;
use super::objects::Record;
use super::properties::PropertyDefinition;
use super::{Call, ObjectType, Portal, iso};
use crate::errors::{ApiError, Violation};

/// Longest text a property holds.
pub const TEXT_MAX: usize = 65_536;

/// Values ready to be stored; an empty one clears the property.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Checked {
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) warnings: Vec<Value>,
}

impl Portal {
    /// Checks the properties of a create (`existing` is `None`) or an update.
    pub(crate) fn check(
        &self,
        object: ObjectType,
        properties: &Map<String, Value>,
        existing: Option<&Record>,
        call: Call,
    ) -> Result<Checked, ApiError> {
        let mut checked = Checked::default();
        let mut violations = Vec::new();
        for (name, value) in properties {
            let text = scalar(value)?;
            match self.check_one(object, name, &text, call) {
                Ok(kept) => {
                    if call.enforces_rules && kept.normalized {
                        checked.warnings.push(normalized(name, &text, &kept.value));
                    }
                    checked.values.insert(name.clone(), kept.value);
                }
                Err(violation) => violations.push(*violation),
            }
        }
        self.check_stage(object, &checked, existing, &mut violations);
        self.check_rules(object, &checked, existing, call, &mut violations);
        if !violations.is_empty() {
            return Err(ApiError::properties(violations, self.settings.portal_id));
        }
        if existing.is_none() {
            check_required(object, &checked, call)?;
        }
        keep_forward(&mut checked, existing);
        Ok(checked)
    }

    fn check_one(
        &self,
        object: ObjectType,
        name: &str,
        text: &str,
        call: Call,
    ) -> Result<Kept, Box<Violation>> {
        let refuse =
            |code, message| Err(Box::new(Violation { code, message, property: name.to_owned() }));
        let Some(definition) = self.schema(object).get(name) else {
            let message = format!("Property \"{name}\" does not exist");
            return refuse("PROPERTY_DOESNT_EXIST", message);
        };
        if definition.modification_metadata.read_only_value {
            let what = if definition.calculated { "calculated" } else { "read only" };
            let message = format!("\"{name}\" is a {what} property; its value cannot be set.");
            return refuse("READ_ONLY_VALUE", message);
        }
        if text.trim().is_empty() {
            return Ok(Kept::plain(""));
        }
        match self.check_value(definition, text, call) {
            Ok(kept) => Ok(kept),
            Err((code, message)) => refuse(code, message),
        }
    }

    fn check_value(&self, definition: &PropertyDefinition, text: &str, call: Call) -> Checking {
        match definition.kind.as_str() {
            "number" => number(text),
            "date" => date(text, call.enforces_rules),
            "datetime" => instant(text),
            "bool" => one_of(&["true", "false"], text),
            "enumeration" if definition.referenced_object_type.is_some() => self.owner(text),
            "enumeration" => choice(definition, text),
            _ if definition.name == "email" => email(text),
            _ if text.chars().count() > TEXT_MAX => {
                Err(("TOO_LONG", format!("Value is longer than {TEXT_MAX} characters.")))
            }
            _ => Ok(Kept::plain(text)),
        }
    }

    fn owner(&self, text: &str) -> Checking {
        if self.owners(false).any(|o| o.id == text) {
            return Ok(Kept::plain(text));
        }
        Err(("INVALID_OWNER_ID", format!("Owner {text} does not exist.")))
    }

    fn check_stage(
        &self,
        object: ObjectType,
        checked: &Checked,
        existing: Option<&Record>,
        violations: &mut Vec<Violation>,
    ) {
        if object != ObjectType::Deal {
            return;
        }
        let Some(stage) = checked.values.get("dealstage") else { return };
        let kept = existing.and_then(|r| r.properties.get("pipeline"));
        let Some(pipeline) = checked.values.get("pipeline").or(kept) else { return };
        let known = self.pipelines.iter().find(|p| &p.id == pipeline);
        if known.is_some_and(|p| p.stages.iter().all(|s| &s.id != stage)) {
            violations.push(Violation {
                code: "INVALID_OPTION",
                message: format!("{stage} is not a stage of pipeline {pipeline}"),
                property: "dealstage".into(),
            });
        }
    }

    fn check_rules(
        &self,
        object: ObjectType,
        checked: &Checked,
        existing: Option<&Record>,
        call: Call,
        violations: &mut Vec<Violation>,
    ) {
        if !call.enforces_rules {
            return;
        }
        let value = |name: &str| {
            let kept = existing.and_then(|r| r.properties.get(name));
            checked.values.get(name).or(kept).filter(|v| !v.is_empty())
        };
        if existing.is_none() {
            let required = self.rules.on_create.get(&object).into_iter().flatten();
            let missing = required.filter(|name| value(name).is_none());
            violations.extend(missing.map(|name| missing_value(name)));
        }
        for rule in self.rules.conditional.iter().filter(|r| r.object == object) {
            if value(&rule.when) == Some(&rule.equals) && value(&rule.property).is_none() {
                violations.push(Violation {
                    code: "MISSING_CONDITIONAL_REQUIRED_PROPERTY",
                    message: format!(
                        "{} is required because of a conditional property rule based on [{}]",
                        rule.property, rule.when
                    ),
                    property: rule.property.clone(),
                });
            }
        }
    }
}

fn missing_value(name: &str) -> Violation {
    Violation {
        code: "MISSING_REQUIRED_PROPERTY",
        message: format!("A value for {name} must be provided"),
        property: name.to_owned(),
    }
}

struct Kept {
    value: String,
    normalized: bool,
}

impl Kept {
    fn plain(value: &str) -> Self {
        Self { value: value.to_owned(), normalized: false }
    }
}

type Checking = Result<Kept, (&'static str, String)>;

/// HubSpot declares strings, takes any JSON scalar, and reads null as "clear".
fn scalar(value: &Value) -> Result<String, ApiError> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(b) => Ok(b.to_string()),
        Value::Number(n) => Ok(n.to_string()),
        Value::String(s) => Ok(s.clone()),
        Value::Array(_) => Err(not_a_string("Array")),
        Value::Object(_) => Err(not_a_string("Object")),
    }
}

fn not_a_string(what: &str) -> ApiError {
    ApiError::validation(format!(
        "Invalid input JSON on line 1, column 2: Cannot deserialize value of type \
         `java.lang.String` from {what} value (token `JsonToken.START_{}`)",
        what.to_uppercase()
    ))
}

fn number(text: &str) -> Checking {
    let plain = text.trim();
    match plain.parse::<f64>() {
        Ok(v) if v.is_finite() && plain.bytes().any(|b| b.is_ascii_digit()) => {
            Ok(Kept::plain(plain))
        }
        _ => Err(("INVALID_NUMBER", format!("{text} was not a valid number."))),
    }
}

fn one_of(options: &[&str], text: &str) -> Checking {
    if options.contains(&text) {
        return Ok(Kept::plain(text));
    }
    Err(not_offered(text, &options.join(", ")))
}

fn choice(definition: &PropertyDefinition, text: &str) -> Checking {
    let several = definition.field_type == "checkbox";
    let parts: Vec<&str> = if several { text.split(';').collect() } else { vec![text] };
    match parts.into_iter().find(|p| !p.is_empty() && !definition.offers(p)) {
        None => Ok(Kept::plain(text)),
        Some(bad) => {
            let offered: Vec<&str> = definition.options.iter().map(|o| o.value.as_str()).collect();
            Err(not_offered(bad, &offered.join(", ")))
        }
    }
}

fn not_offered(text: &str, offered: &str) -> (&'static str, String) {
    ("INVALID_OPTION", format!("{text} was not one of the allowed options: [{offered}]"))
}

fn email(text: &str) -> Checking {
    let plain = text.trim().to_lowercase();
    let valid = plain.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !plain.contains(|c: char| c.is_whitespace() || ",;<>()[]\"".contains(c))
            && !host.contains('@')
            && host.contains('.')
            && host.split('.').all(|p| !p.is_empty() && !p.starts_with('-') && !p.ends_with('-'))
            && host.rsplit('.').next().is_some_and(|tld| tld.len() >= 2)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
    });
    if valid {
        return Ok(Kept { value: plain, normalized: false });
    }
    Err(("INVALID_EMAIL", format!("Email address {text} is invalid")))
}

fn instant(text: &str) -> Checking {
    let time =
        read_time(text).ok_or_else(|| ("INVALID_LONG", format!("{text} was not a valid long.")))?;
    Ok(Kept { value: iso(time), normalized: looks_like_seconds(text) })
}

fn date(text: &str, lenient: bool) -> Checking {
    let invalid = || ("INVALID_DATE", format!("{text} was not a valid date."));
    let time = read_time(text).ok_or_else(invalid)?;
    let value = time.date_naive().to_string();
    let plain = text.trim();
    if plain == value || plain.parse::<i64>().is_ok_and(|_| is_midnight(time)) {
        return Ok(Kept { value, normalized: looks_like_seconds(text) });
    }
    if !lenient && !is_midnight(time) {
        let clock = time.format("%-H:%-M:%-S%.f");
        return Err(("INVALID_DATE", format!("{text} is at {clock} UTC, not midnight!")));
    }
    Ok(Kept { value, normalized: true })
}

fn is_midnight(time: DateTime<Utc>) -> bool {
    time.num_seconds_from_midnight() == 0 && time.nanosecond() == 0
}

/// Epoch milliseconds after 1973 have more than ten digits.
fn looks_like_seconds(text: &str) -> bool {
    text.trim().parse::<i64>().is_ok_and(|v| (100_000_000..100_000_000_000).contains(&v))
}

/// Epoch milliseconds (or seconds), RFC 3339, or a plain date at midnight UTC.
pub(crate) fn read_time(text: &str) -> Option<DateTime<Utc>> {
    let plain = text.trim();
    if let Ok(number) = plain.parse::<i64>() {
        let millis = if looks_like_seconds(plain) { number.checked_mul(1000)? } else { number };
        return DateTime::from_timestamp_millis(millis);
    }
    if let Ok(day) = plain.parse::<NaiveDate>() {
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(plain).ok().map(|t| t.to_utc())
}

fn normalized(name: &str, raw: &str, kept: &str) -> Value {
    json!({
        "category": "PROPERTY_VALUE_NORMALIZED",
        "message": format!("{name} was normalized"),
        "context": { "propertyName": name, "rawValue": raw, "normalizedValue": kept },
    })
}

fn check_required(object: ObjectType, checked: &Checked, call: Call) -> Result<(), ApiError> {
    let given = |name: &str| checked.values.get(name).is_some_and(|v| !v.is_empty());
    let missing: Vec<&str> = match object {
        ObjectType::Contact => vec![],
        ObjectType::Company if given("name") || given("domain") => vec![],
        ObjectType::Company => vec!["name", "domain"],
        ObjectType::Deal => vec!["dealname", "dealstage", "pipeline"],
        ObjectType::Note | ObjectType::Task => vec!["hs_timestamp"],
    };
    let missing: Vec<&str> = missing.into_iter().filter(|name| !given(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let text =
        format!("Error creating {}. Some required properties were not set.", object.singular());
    let mut error = ApiError::validation(text).with("properties", missing.iter().copied());
    if call.enforces_rules {
        error.violations = missing.into_iter().map(missing_value).collect();
    }
    Err(error)
}

/// A stage to the left is ignored without an error; clearing it first is how HubSpot lets a
/// record go back.
fn keep_forward(checked: &mut Checked, existing: Option<&Record>) {
    let rank = |value: &String| LIFECYCLE.iter().position(|(v, _)| v == value);
    let now = existing.and_then(|r| r.properties.get("lifecyclestage")).and_then(rank);
    let wanted = checked.values.get("lifecyclestage").and_then(rank);
    if wanted.is_some() && wanted < now {
        checked.values.remove("lifecyclestage");
    }
}
