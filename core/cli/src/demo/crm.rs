//! The sandbox CRM's records as text.

use confee_sandbox::{ObjectType, PortalState, StoredObject};
use console::style;

/// Properties that the portal sets by itself.
const OWN: [&str; 8] = [
    "createdate",
    "lastmodifieddate",
    "hs_lastmodifieddate",
    "hs_createdate",
    "hs_object_id",
    "hs_object_source",
    "hs_object_source_label",
    "hs_email_domain",
];
const WIDTH: usize = 72;

/// Every record, its associations, and what the webhook got.
pub(crate) fn records(state: &PortalState) -> String {
    let mut lines = Vec::new();
    for (object, records) in &state.portal.objects {
        for record in records {
            lines.push(title(*object, record));
            lines.extend(
                record
                    .properties
                    .iter()
                    .filter(|(k, _)| !OWN.contains(&k.as_str()))
                    .map(|(name, value)| format!("  {:>18}  {}", style(name).dim(), short(value))),
            );
        }
    }
    lines.push(format!("  {} associations:", style(state.portal.associations.len()).bold()));
    lines.extend(state.portal.associations.iter().map(|link| format!("    {link}")));
    for (name, hook) in &state.webhooks {
        for event in &hook.events {
            let signed = if event.valid { "signature valid" } else { "signature INVALID" };
            lines.push(format!(
                "  {} /{name}: event {} came {} time(s), {signed}",
                style("webhook").green().bold(),
                event.id,
                event.deliveries
            ));
        }
    }
    lines.join("\n")
}

fn title(object: ObjectType, record: &StoredObject) -> String {
    format!("  {} {}", style(format!("{object:?}").to_lowercase()).green().bold(), record.id)
}

/// One line of a value; markup of notes is cut out.
fn short(value: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in value.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                plain.push(' ');
            }
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= WIDTH {
        return words;
    }
    words.chars().take(WIDTH - 1).chain(['…']).collect()
}
