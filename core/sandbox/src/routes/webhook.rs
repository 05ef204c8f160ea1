use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use serde_json::json;

use super::{plain, set_header};
use crate::world::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/hooks/{name}", post(receive))
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |v: &axum::http::HeaderValue| String::from_utf8_lossy(v.as_bytes()).into_owned();
    let headers: BTreeMap<String, String> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let now = shared.config.clock.now();
    let answer = shared.world().inbox.receive(&name, headers, &body, now);
    let ok = (200..300).contains(&answer.status);
    let reply = json!({ "received": ok }).to_string().into_bytes();
    let mut response = plain(answer.status, "application/json", reply);
    if let Some(seconds) = answer.retry_after {
        set_header(&mut response, "retry-after", &seconds.to_string());
    }
    response
}
