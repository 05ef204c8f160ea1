//! HTTP over the portal: a thin skin of axum routes.

mod admin;
mod associations;
mod intercept;
mod objects;
mod properties;
mod webhook;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::errors::ApiError;
use crate::portal::{Call, ObjectType, Outcome, Portal, Reply};
use crate::world::Shared;

/// Dated versions before which administrators' rules did not bind apps.
const LENIENT: [&str; 4] = ["v3", "v4", "2025-09", "2026-03"];
const STRICT: &str = "2026-09";

type Names = BTreeMap<String, String>;

pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let hubspot = objects::routes()
        .merge(associations::routes())
        .merge(properties::routes())
        .route_layer(from_fn_with_state(Arc::clone(shared), guard));
    Router::new()
        .merge(hubspot)
        .merge(webhook::routes())
        .merge(admin::routes())
        .fallback(|| async { page(404, "Error 404 Not Found") })
        .layer(from_fn_with_state(Arc::clone(shared), intercept::intercept))
        .with_state(Arc::clone(shared))
}

/// Token, limits and the clockwork of the search index.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let search = request.uri().path().ends_with("/search");
    let now = shared.config.clock.now().timestamp_millis();
    let decision = {
        let mut world = shared.world();
        world.portal.tick();
        world.limiter.take(now, search)
    };
    let mut response = if !authorized(&shared, request.headers()) {
        answer(&shared, Err(ApiError::unauthorized()))
    } else if let Some(policy) = decision.refused_by {
        let mut refused = answer(&shared, Err(ApiError::rate_limited(policy)));
        if let Some(seconds) = shared.config.limits.retry_after {
            set_header(&mut refused, "retry-after", &seconds.to_string());
        }
        refused
    } else {
        next.run(request).await
    };
    for (name, value) in decision.headers {
        set_header(&mut response, name, &value);
    }
    response
}

fn authorized(shared: &Shared, headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.strip_prefix("Bearer "))
        .is_some_and(|token| token == shared.config.token)
}

fn set_header(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}

/// Turns an outcome into HTTP with HubSpot's headers.
fn answer(shared: &Shared, outcome: Outcome) -> Response {
    let id = shared.correlation_id();
    let (status, body) = match outcome {
        Ok(Reply { status, body }) if body.is_null() => (status, Vec::new()),
        Ok(Reply { status, body }) => (status, body.to_string().into_bytes()),
        Err(error) => (error.status, error.body(&id).to_string().into_bytes()),
    };
    let mut response = plain(status, "application/json;charset=utf-8", body);
    set_header(&mut response, "x-hubspot-correlation-id", &id);
    response
}

fn plain(status: u16, content_type: &'static str, body: Vec<u8>) -> Response {
    let empty = body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    if !empty {
        set_header(&mut response, "content-type", content_type);
    }
    response
}

/// An HTML page, as gateways and unknown paths give.
fn page(status: u16, title: &str) -> Response {
    let html = format!(
        "<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n"
    );
    plain(status, "text/html;charset=utf-8", html.into_bytes())
}

/// Runs a portal operation for the version and object type of a path.
fn run(
    shared: &Shared,
    names: &Names,
    operation: impl FnOnce(&mut Portal, ObjectType, Call) -> Outcome,
) -> Response {
    let Some(call) = call(shared, names) else { return page(404, "Error 404 Not Found") };
    let outcome = object_of(names, "object")
        .and_then(|object| operation(&mut shared.world().portal, object, call));
    answer(shared, outcome)
}

fn call(shared: &Shared, names: &Names) -> Option<Call> {
    let version = names.get("version")?.as_str();
    let enforces_rules = version == STRICT;
    let known = enforces_rules || LENIENT.contains(&version);
    known.then(|| Call { now: shared.config.clock.now(), enforces_rules })
}

fn object_of(names: &Names, key: &str) -> Result<ObjectType, ApiError> {
    let text = names.get(key).map(String::as_str).unwrap_or_default();
    ObjectType::parse(text)
        .ok_or_else(|| ApiError::validation(format!("Unable to infer object type from: {text}")))
}

fn name<'a>(names: &'a Names, key: &str) -> &'a str {
    names.get(key).map(String::as_str).unwrap_or_default()
}

/// Reads a JSON body as HubSpot would.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/json") {
        return Err(ApiError::new(415, None, "HTTP 415 Unsupported Media Type"));
    }
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line().max(1), error.column());
        let what = if error.is_data() { "Cannot deserialize value" } else { "Unexpected input" };
        let text = format!("Invalid input JSON on line {line}, column {column}: {what}");
        ApiError::validation(text)
    })
}

/// Query parameters, which HubSpot takes repeated or comma-separated.
#[derive(Debug, Default)]
struct Params(Vec<(String, String)>);

impl Params {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    fn list(&self, key: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(k, _)| k == key);
        let parts = values.flat_map(|(_, v)| v.split(','));
        parts.map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.get(key).and_then(|v| v.parse().ok())
    }

    fn limit(&self, usual: usize) -> usize {
        self.number("limit").and_then(|n| usize::try_from(n).ok()).unwrap_or(usual)
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key) == Some("true")
    }
}
