//! The search endpoint, with an index that can lag behind writes.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::objects::{Record, envelope};
use super::validate::read_time;
use super::{ObjectType, Outcome, Portal, Reply};
use crate::errors::ApiError;

const GROUPS_MAX: usize = 5;
const FILTERS_MAX: usize = 6;
const FILTERS_TOTAL_MAX: usize = 18;
const LIMIT_MAX: usize = 200;

/// Body of a search.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SearchBody {
    /// Groups of which one must match.
    pub filter_groups: Vec<FilterGroup>,
    /// Short form of a single group.
    pub filters: Vec<Filter>,
    /// Text looked for in the usual properties.
    pub query: Option<String>,
    /// One order: a name or `{propertyName, direction}`.
    pub sorts: Vec<Value>,
    /// Properties shown.
    pub properties: Vec<String>,
    /// Page size, at most 200; 10 unless told.
    pub limit: Option<usize>,
    /// Offset of the page.
    pub after: Option<Value>,
}

/// Filters that must all match.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FilterGroup {
    /// The filters.
    pub filters: Vec<Filter>,
}

/// One condition.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Filter {
    /// Internal name.
    pub property_name: String,
    /// `EQ`, `HAS_PROPERTY`, ...
    pub operator: String,
    /// Operand.
    pub value: Option<Value>,
    /// Upper bound of `BETWEEN`.
    pub high_value: Option<Value>,
    /// Operands of `IN` and `NOT_IN`.
    pub values: Vec<Value>,
}

type Values = BTreeMap<String, String>;

impl Portal {
    /// `POST /crm/objects/{version}/{objectType}/search`.
    ///
    /// # Errors
    ///
    /// 400 for unknown operators and properties and for more filters than HubSpot takes.
    pub fn search(&self, object: ObjectType, body: &SearchBody) -> Outcome {
        let mut groups: Vec<&[Filter]> =
            body.filter_groups.iter().map(|g| g.filters.as_slice()).collect();
        if !body.filters.is_empty() {
            groups.push(&body.filters);
        }
        self.check_filters(object, &groups)?;
        let query = body.query.as_deref().map(str::to_lowercase).filter(|q| !q.is_empty());
        let mut hits: Vec<(&Record, &Values)> = self
            .store(object)
            .live()
            .filter_map(|r| self.indexed(r).map(|values| (r, values)))
            .filter(|(_, v)| groups.is_empty() || groups.iter().any(|g| all_match(g, v)))
            .filter(|(_, v)| query.as_ref().is_none_or(|q| mentions(v, q)))
            .collect();
        sort(&mut hits, body.sorts.first());
        let limit = body.limit.unwrap_or(10).min(LIMIT_MAX);
        let after = body.after.as_ref().and_then(offset).unwrap_or(0);
        let show = |(record, values): &(&Record, &Values)| {
            envelope(record, self.pick(object, values, &body.properties))
        };
        let results: Vec<Value> = hits.iter().skip(after).take(limit).map(show).collect();
        let mut answer = json!({ "total": hits.len(), "results": results });
        if after.saturating_add(limit) < hits.len() {
            answer["paging"] = json!({ "next": { "after": (after + limit).to_string() } });
        }
        Ok(Reply::new(200, answer))
    }

    /// What the index holds of a record: nothing, an old state, or the present one.
    fn indexed<'a>(&self, record: &'a Record) -> Option<&'a Values> {
        if self.requests < record.fresh_at {
            record.stale.as_ref()
        } else {
            Some(&record.properties)
        }
    }

    fn check_filters(&self, object: ObjectType, groups: &[&[Filter]]) -> Result<(), ApiError> {
        let too_many = |what: &str, count: usize, most: usize| {
            Err(ApiError::validation(format!(
                "Invalid input JSON: too many {what} (count: {count}, max allowed: {most})"
            )))
        };
        if groups.len() > GROUPS_MAX {
            return too_many("filterGroups", groups.len(), GROUPS_MAX);
        }
        if let Some(group) = groups.iter().find(|g| g.len() > FILTERS_MAX) {
            return too_many("filters per filterGroup", group.len(), FILTERS_MAX);
        }
        let total: usize = groups.iter().map(|g| g.len()).sum();
        if total > FILTERS_TOTAL_MAX {
            return too_many("filters", total, FILTERS_TOTAL_MAX);
        }
        for filter in groups.iter().copied().flatten() {
            if self.schema(object).get(&filter.property_name).is_none() {
                let text = format!(
                    "There was a problem with the request: property '{}' does not exist",
                    filter.property_name
                );
                return Err(ApiError::validation(text));
            }
            if !OPERATORS.contains(&filter.operator.as_str()) {
                let text = format!("Invalid input JSON: unknown operator '{}'", filter.operator);
                return Err(ApiError::validation(text));
            }
        }
        Ok(())
    }
}

const OPERATORS: [&str; 13] = [
    "EQ",
    "NEQ",
    "LT",
    "LTE",
    "GT",
    "GTE",
    "BETWEEN",
    "IN",
    "NOT_IN",
    "HAS_PROPERTY",
    "NOT_HAS_PROPERTY",
    "CONTAINS_TOKEN",
    "NOT_CONTAINS_TOKEN",
];

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn offset(value: &Value) -> Option<usize> {
    text(value).parse().ok()
}

fn all_match(filters: &[Filter], values: &Values) -> bool {
    filters.iter().all(|f| matches_one(f, values.get(&f.property_name).map(String::as_str)))
}

fn matches_one(filter: &Filter, have: Option<&str>) -> bool {
    let want = filter.value.as_ref().map(text).unwrap_or_default();
    let compare = |operand: &str| have.and_then(|h| order(h, operand));
    let listed = || have.is_some_and(|h| filter.values.iter().any(|v| text(v) == h.to_lowercase()));
    let token = || have.is_some_and(|h| contains_token(h, &want));
    match filter.operator.as_str() {
        "EQ" => have.is_some_and(|h| h.eq_ignore_ascii_case(&want)),
        "NEQ" => have.is_none_or(|h| !h.eq_ignore_ascii_case(&want)),
        "LT" => compare(&want) == Some(Ordering::Less),
        "LTE" => compare(&want).is_some_and(Ordering::is_le),
        "GT" => compare(&want) == Some(Ordering::Greater),
        "GTE" => compare(&want).is_some_and(Ordering::is_ge),
        "BETWEEN" => {
            let high = filter.high_value.as_ref().map(text).unwrap_or_default();
            compare(&want).is_some_and(Ordering::is_ge)
                && compare(&high).is_some_and(Ordering::is_le)
        }
        "IN" => listed(),
        "NOT_IN" => have.is_some() && !listed(),
        "HAS_PROPERTY" => have.is_some(),
        "NOT_HAS_PROPERTY" => have.is_none(),
        "CONTAINS_TOKEN" => token(),
        _ => !token(),
    }
}

/// Numbers and times by size, anything else as text.
fn order(a: &str, b: &str) -> Option<Ordering> {
    if let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) {
        return a.partial_cmp(&b);
    }
    if let (Some(a), Some(b)) = (read_time(a), read_time(b)) {
        return Some(a.cmp(&b));
    }
    Some(a.to_lowercase().cmp(&b.to_lowercase()))
}

fn contains_token(have: &str, want: &str) -> bool {
    let want = want.to_lowercase();
    let split = |c: char| !c.is_alphanumeric();
    let have = have.to_lowercase();
    let mut tokens = have.split(split);
    match (want.strip_prefix('*'), want.strip_suffix('*')) {
        (Some(rest), Some(_)) => have.contains(rest.trim_end_matches('*')),
        (Some(rest), None) => tokens.any(|t| t.ends_with(rest)),
        (None, Some(rest)) => tokens.any(|t| t.starts_with(rest)),
        (None, None) => want.split(split).all(|w| have.split(split).any(|t| t == w)),
    }
}

fn mentions(values: &Values, query: &str) -> bool {
    values.values().any(|v| v.to_lowercase().contains(query))
}

fn sort(hits: &mut [(&Record, &Values)], wanted: Option<&Value>) {
    let Some(wanted) = wanted else { return };
    let name = wanted.as_str().or_else(|| wanted["propertyName"].as_str()).unwrap_or_default();
    let descending = wanted["direction"].as_str() == Some("DESCENDING");
    hits.sort_by(|a, b| {
        let by = match (a.1.get(name), b.1.get(name)) {
            (Some(a), Some(b)) => order(a, b).unwrap_or(Ordering::Equal),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        if descending { by.reverse() } else { by }
    });
}
