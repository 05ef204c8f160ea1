//! Refusals in words that a rep understands.

use confee_domain::{FieldKey, Problem};

use super::errors::ApiError;
use super::step::{Object, Payload};
use crate::machine::problem;

/// Our field behind a property.
fn field_of(object: Object, property: &str) -> Option<FieldKey> {
    Some(match (object, property) {
        (Object::Contacts, "firstname" | "lastname") => FieldKey::Name,
        (Object::Contacts, "email") => FieldKey::Email,
        (Object::Contacts, "phone") => FieldKey::Phone,
        (Object::Contacts, "jobtitle") => FieldKey::Title,
        (Object::Contacts, "company") | (Object::Companies, "name" | "domain") => FieldKey::Company,
        (Object::Deals, "amount" | "deal_currency_code") => FieldKey::Budget,
        (Object::Deals, "closedate") => FieldKey::Timeline,
        (Object::Tasks, "hs_timestamp" | "hs_task_subject" | "hs_task_body" | "hs_task_type") => {
            FieldKey::NextStep
        }
        _ => return None,
    })
}

fn noun(object: Object) -> &'static str {
    match object {
        Object::Companies => "company",
        Object::Contacts => "contact",
        Object::Deals => "deal",
        Object::Notes => "note",
        Object::Tasks => "task",
    }
}

/// A refused value or a missing one.
pub(super) fn refused(error: &ApiError, payload: &Payload) -> Problem {
    if error.message.to_lowercase().contains("permission") {
        return forbidden(error);
    }
    let Payload::Record { object, properties, .. } = payload else {
        let text = "HubSpot does not link these records. Ask your HubSpot admin whether \
                    associations between them are allowed.";
        return traced(problem("link_refused", text), error);
    };
    let property = error.property.clone().filter(|p| is_name(p));
    let field = property.as_deref().and_then(|p| field_of(*object, p));
    let (code, sentence) = sentence(error, *object, property.as_deref(), field);
    let our_value = property.as_ref().and_then(|p| properties.get(p).cloned());
    let found = Problem {
        field: field.map(|f| f.name().to_owned()),
        crm_property: property,
        our_value,
        ..problem(code, sentence)
    };
    traced(found, error)
}

fn is_name(text: &str) -> bool {
    text.len() <= 100 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn sentence(
    error: &ApiError,
    object: Object,
    property: Option<&str>,
    field: Option<FieldKey>,
) -> (&'static str, String) {
    let noun = noun(object);
    let ours = field.map_or("a value", FieldKey::label);
    let theirs = property.unwrap_or("a property");
    let admin = "Ask your HubSpot admin";
    match error.code.as_str() {
        "PROPERTY_DOESNT_EXIST" => (
            "property_missing",
            format!(
                "HubSpot's {noun} has no property {theirs} for {ours} any more. {admin} to restore it, then retry."
            ),
        ),
        "READ_ONLY_VALUE" => (
            "property_read_only",
            format!(
                "HubSpot does not let us write {theirs} ({ours}) of the {noun}. {admin} to allow it, then retry."
            ),
        ),
        "INVALID_OPTION" => (
            "option_unknown",
            format!(
                "HubSpot does not offer the value we have for {ours} in {theirs} of the {noun}. {admin} to add it, or change the setting, then retry."
            ),
        ),
        "INVALID_DATE" => (
            "date_refused",
            format!(
                "HubSpot does not take the date in {ours}. Correct it and approve the lead again."
            ),
        ),
        "INVALID_EMAIL" => (
            "email_refused",
            "HubSpot does not take this E-mail address. Correct it and approve the lead again."
                .into(),
        ),
        code if code.starts_with("MISSING_") && code.ends_with("REQUIRED_PROPERTY")
            || code == "REQUIRED_PROPERTY"
            || code == "REQUIRED_FIELD" =>
        {
            ("required_missing", required(noun, theirs, field))
        }
        _ => match field {
            Some(field) => (
                "value_refused",
                format!(
                    "HubSpot does not take the value in {}. Correct it and approve the lead again.",
                    field.label()
                ),
            ),
            None => (
                "request_refused",
                format!(
                    "HubSpot refused the {noun}. {admin} to look at its rules for new records, then retry."
                ),
            ),
        },
    }
}

fn required(noun: &str, property: &str, field: Option<FieldKey>) -> String {
    match field {
        Some(f) => format!(
            "HubSpot demands {} for every {noun}. Fill it in and approve the lead again.",
            f.label()
        ),
        None => format!(
            "HubSpot demands {property} for every {noun}, and we have no value for it. Ask your \
             HubSpot admin to make it optional, then retry."
        ),
    }
}

/// The app lacks a right.
pub(super) fn forbidden(error: &ApiError) -> Problem {
    let text = "HubSpot does not allow this app to do that. Ask your HubSpot admin to give the app \
                read and write rights for contacts, companies, deals and associations, then retry.";
    traced(problem("permission_missing", text), error)
}

/// Our property cannot be made.
pub(super) fn no_key_property(error: &ApiError, property: &str, object: Object) -> Problem {
    let text = format!(
        "HubSpot lacks our property, and we may not make it. Ask your HubSpot admin to add a \
         single-line text property {property} with unique values to every {}, then retry.",
        noun(object)
    );
    let found = Problem {
        crm_property: Some(property.to_owned()),
        ..problem("key_property_missing", text)
    };
    traced(found, error)
}

/// The address leads elsewhere.
pub(super) fn redirected() -> Problem {
    let text =
        "HubSpot's address points elsewhere. Check the address in the connection's settings.";
    problem("redirected", text)
}

/// A status that says nothing of a value.
pub(super) fn unexpected(error: &ApiError, status: u16) -> Problem {
    let text = format!(
        "HubSpot refused the request (status {status}). Check the connection's settings, then retry."
    );
    traced(problem("request_refused", text), error)
}

fn traced(found: Problem, error: &ApiError) -> Problem {
    Problem { correlation_id: error.correlation_id.clone(), ..found }
}
