//! The standard properties, pipeline and owners of a fresh portal: those that matter to contacts,
//! companies, deals, notes and tasks.

use serde::{Deserialize, Serialize};

use super::ObjectType;
use super::properties::{ModificationMetadata, PropertyDefinition, PropertyOption, TypeSchema};

/// A stage of a deal pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Internal value of `dealstage`.
    pub id: String,
    /// What a person sees.
    pub label: String,
    /// Win probability, 0.0 to 1.0, as HubSpot's text.
    pub probability: String,
}

/// A deal pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    /// Internal value of `pipeline`.
    pub id: String,
    /// What a person sees.
    pub label: String,
    /// Its stages in order.
    pub stages: Vec<Stage>,
}

/// A user that records can belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// Value of `hubspot_owner_id`.
    pub id: String,
    /// Sign-in address.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Deactivated.
    pub archived: bool,
}

impl Owner {
    /// An active owner.
    #[must_use]
    pub fn new(id: &str, email: &str, first_name: &str, last_name: &str) -> Self {
        Self {
            id: id.into(),
            email: email.into(),
            first_name: first_name.into(),
            last_name: last_name.into(),
            archived: false,
        }
    }
}

/// Contact and company stages in order; a record moves only to the right.
pub const LIFECYCLE: [(&str, &str); 8] = [
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("salesqualifiedlead", "Sales Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
];

const LEAD_STATUS: &[(&str, &str)] = &[
    ("NEW", "New"),
    ("OPEN", "Open"),
    ("IN_PROGRESS", "In Progress"),
    ("OPEN_DEAL", "Open Deal"),
    ("UNQUALIFIED", "Unqualified"),
    ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"),
    ("CONNECTED", "Connected"),
    ("BAD_TIMING", "Bad Timing"),
];

const INDUSTRIES: &[(&str, &str)] = &[
    ("COMPUTER_SOFTWARE", "Computer Software"),
    ("CONSUMER_GOODS", "Consumer Goods"),
    ("HOSPITAL_HEALTH_CARE", "Hospital & Health Care"),
    ("LOGISTICS_AND_SUPPLY_CHAIN", "Logistics and Supply Chain"),
    ("MACHINERY", "Machinery"),
    ("RETAIL", "Retail"),
];

const SOURCES: &[(&str, &str)] = &[
    ("OFFLINE", "Offline Sources"),
    ("DIRECT_TRAFFIC", "Direct Traffic"),
    ("ORGANIC_SEARCH", "Organic Search"),
    ("REFERRALS", "Referrals"),
];

const DEAL_TYPES: &[(&str, &str)] =
    &[("newbusiness", "New Business"), ("existingbusiness", "Existing Business")];
const PRIORITY_LOWER: &[(&str, &str)] = &[("low", "Low"), ("medium", "Medium"), ("high", "High")];
const PRIORITY: &[(&str, &str)] =
    &[("NONE", "None"), ("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")];
const TASK_STATUS: &[(&str, &str)] = &[
    ("NOT_STARTED", "Not started"),
    ("IN_PROGRESS", "In progress"),
    ("WAITING", "Waiting"),
    ("COMPLETED", "Completed"),
    ("DEFERRED", "Deferred"),
];
const TASK_TYPE: &[(&str, &str)] = &[("TODO", "To-do"), ("CALL", "Call"), ("EMAIL", "Email")];

enum Kind {
    Text,
    Area,
    Html,
    Phone,
    Number,
    Date,
    DateTime,
    Select(&'static [(&'static str, &'static str)]),
    Owner,
    Unique,
    /// HubSpot sets it.
    Fixed(&'static str),
}

use Kind::{Area, Date, DateTime, Fixed, Html, Number, Phone, Select, Text, Unique};

type Row = (&'static str, &'static str, Kind);

fn contact_rows() -> Vec<Row> {
    vec![
        ("email", "Email", Unique),
        ("firstname", "First Name", Text),
        ("lastname", "Last Name", Text),
        ("phone", "Phone Number", Phone),
        ("mobilephone", "Mobile Phone Number", Phone),
        ("jobtitle", "Job Title", Text),
        ("company", "Company Name", Text),
        ("website", "Website URL", Text),
        ("address", "Street Address", Text),
        ("city", "City", Text),
        ("state", "State/Region", Text),
        ("zip", "Postal Code", Text),
        ("country", "Country/Region", Text),
        ("industry", "Industry", Text),
        ("message", "Message", Area),
        ("lifecyclestage", "Lifecycle Stage", Select(&LIFECYCLE)),
        ("hs_lead_status", "Lead Status", Select(LEAD_STATUS)),
        ("hs_lead_source", "Lead Source", Text),
        ("date_of_birth", "Date of birth", Date),
        ("hs_analytics_source", "Original Traffic Source", Select(SOURCES)),
        ("hs_email_domain", "Email Domain", Fixed("string")),
        ("createdate", "Create Date", Fixed("datetime")),
        ("lastmodifieddate", "Last Modified Date", Fixed("datetime")),
    ]
}

fn company_rows() -> Vec<Row> {
    vec![
        ("name", "Company name", Text),
        ("domain", "Company Domain Name", Text),
        ("phone", "Phone Number", Phone),
        ("website", "Website URL", Text),
        ("address", "Street Address", Text),
        ("city", "City", Text),
        ("state", "State/Region", Text),
        ("zip", "Postal Code", Text),
        ("country", "Country/Region", Text),
        ("description", "Description", Area),
        ("industry", "Industry", Select(INDUSTRIES)),
        ("numberofemployees", "Number of Employees", Number),
        ("annualrevenue", "Annual Revenue", Number),
        ("lifecyclestage", "Lifecycle Stage", Select(&LIFECYCLE)),
        ("createdate", "Create Date", Fixed("datetime")),
        ("hs_lastmodifieddate", "Last Modified Date", Fixed("datetime")),
    ]
}

fn deal_rows() -> Vec<Row> {
    vec![
        ("dealname", "Deal Name", Text),
        ("amount", "Amount", Number),
        ("closedate", "Close Date", DateTime),
        ("description", "Deal Description", Area),
        ("dealtype", "Deal Type", Select(DEAL_TYPES)),
        ("hs_priority", "Priority", Select(PRIORITY_LOWER)),
        ("hs_next_step", "Next step", Text),
        (
            "deal_currency_code",
            "Currency",
            Select(&[("EUR", "EUR"), ("USD", "USD"), ("GBP", "GBP")]),
        ),
        ("pipeline", "Pipeline", Select(&[])),
        ("dealstage", "Deal Stage", Select(&[])),
        ("hs_deal_stage_probability", "Deal probability", Fixed("number")),
        ("createdate", "Create Date", Fixed("datetime")),
        ("hs_lastmodifieddate", "Last Modified Date", Fixed("datetime")),
    ]
}

fn note_rows() -> Vec<Row> {
    vec![
        ("hs_timestamp", "Activity date", DateTime),
        ("hs_note_body", "Note body", Html),
        ("hs_attachment_ids", "Attached file IDs", Text),
        ("hs_createdate", "Create date", Fixed("datetime")),
        ("hs_lastmodifieddate", "Last modified date", Fixed("datetime")),
    ]
}

fn task_rows() -> Vec<Row> {
    vec![
        ("hs_timestamp", "Due date", DateTime),
        ("hs_task_subject", "Task Title", Text),
        ("hs_task_body", "Task Notes", Html),
        ("hs_task_status", "Task Status", Select(TASK_STATUS)),
        ("hs_task_priority", "Priority", Select(PRIORITY)),
        ("hs_task_type", "Task Type", Select(TASK_TYPE)),
        ("hs_task_reminders", "Reminders", Text),
        ("hs_task_is_completed", "Completed", Fixed("number")),
        ("hs_createdate", "Create date", Fixed("datetime")),
        ("hs_lastmodifieddate", "Last modified date", Fixed("datetime")),
    ]
}

/// The schema a fresh portal has for `object`.
#[must_use]
pub fn standard(object: ObjectType, pipelines: &[Pipeline]) -> TypeSchema {
    let rows = match object {
        ObjectType::Contact => contact_rows(),
        ObjectType::Company => company_rows(),
        ObjectType::Deal => deal_rows(),
        ObjectType::Note => note_rows(),
        ObjectType::Task => task_rows(),
    };
    let common = [
        ("hubspot_owner_id", "Owner", Kind::Owner),
        ("hs_object_id", "Record ID", Fixed("number")),
        ("hs_object_source", "Record source", Fixed("string")),
        ("hs_object_source_label", "Record source label", Fixed("string")),
    ];
    let mut definitions: Vec<PropertyDefinition> = rows
        .into_iter()
        .chain(common)
        .enumerate()
        .map(|(at, row)| definition(object, i32::try_from(at).unwrap_or(-1), row))
        .collect();
    for definition in &mut definitions {
        match definition.name.as_str() {
            "pipeline" => definition.options = numbered(pipelines.iter().map(pair)),
            "dealstage" => {
                let stages = pipelines.iter().flat_map(|p| &p.stages);
                definition.options = numbered(stages.map(|s| (s.id.as_str(), s.label.as_str())));
            }
            _ => {}
        }
    }
    TypeSchema::new(definitions)
}

fn pair(pipeline: &Pipeline) -> (&str, &str) {
    (&pipeline.id, &pipeline.label)
}

fn numbered<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<PropertyOption> {
    pairs
        .zip(0..)
        .map(|((value, label), display_order)| PropertyOption {
            label: label.into(),
            value: value.into(),
            display_order,
            hidden: false,
        })
        .collect()
}

fn definition(object: ObjectType, display_order: i32, row: Row) -> PropertyDefinition {
    let (name, label, kind) = row;
    let (value_type, field_type) = match kind {
        Text | Unique | Fixed("string") => ("string", "text"),
        Area => ("string", "textarea"),
        Html => ("string", "html"),
        Phone => ("string", "phonenumber"),
        Number | Fixed("number") => ("number", "number"),
        Date => ("date", "date"),
        DateTime | Fixed(_) => ("datetime", "date"),
        Select(_) | Kind::Owner => ("enumeration", "select"),
    };
    let fixed = matches!(kind, Fixed(_));
    let owner = matches!(kind, Kind::Owner);
    let options = if let Select(pairs) = kind { numbered(pairs.iter().copied()) } else { vec![] };
    PropertyDefinition {
        name: name.into(),
        label: label.into(),
        kind: value_type.into(),
        field_type: field_type.into(),
        group_name: object.group().into(),
        options,
        display_order,
        calculated: name == "hs_email_domain" || name == "hs_deal_stage_probability",
        external_options: owner || matches!(name, "pipeline" | "dealstage"),
        referenced_object_type: owner.then(|| "OWNER".into()),
        has_unique_value: matches!(kind, Unique),
        form_field: !fixed && matches!(object, ObjectType::Contact | ObjectType::Company),
        hubspot_defined: true,
        modification_metadata: ModificationMetadata {
            archivable: false,
            read_only_definition: true,
            read_only_options: fixed,
            read_only_value: fixed,
        },
        ..PropertyDefinition::default()
    }
}

/// The sales pipeline a fresh portal has.
#[must_use]
pub fn sales_pipeline() -> Pipeline {
    let stages = [
        ("appointmentscheduled", "Appointment Scheduled", "0.2"),
        ("qualifiedtobuy", "Qualified To Buy", "0.4"),
        ("presentationscheduled", "Presentation Scheduled", "0.6"),
        ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
        ("contractsent", "Contract Sent", "0.9"),
        ("closedwon", "Closed Won", "1.0"),
        ("closedlost", "Closed Lost", "0.0"),
    ];
    let stage = |(id, label, probability): (&str, &str, &str)| Stage {
        id: id.into(),
        label: label.into(),
        probability: probability.into(),
    };
    Pipeline {
        id: "default".into(),
        label: "Sales Pipeline".into(),
        stages: stages.into_iter().map(stage).collect(),
    }
}

/// Two owners, as a small team has.
#[must_use]
pub fn owners() -> Vec<Owner> {
    vec![
        Owner::new("71001", "rep.one@example.com", "Rep", "One"),
        Owner::new("71002", "rep.two@example.com", "Rep", "Two"),
    ]
}
