//! Looking at the sandbox and steering it, for tests in any language. No token is needed.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::faults::{FaultEngine, FaultPlan};
use crate::portal::rules::AdminRule;
use crate::webhook::WebhookAnswer;
use crate::world::Shared;

type World = State<Arc<Shared>>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_sandbox/state", get(state))
        .route("/_sandbox/faults", post(set_faults).delete(clear_faults))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/rules", post(rule))
        .route("/_sandbox/webhooks/{name}", post(set_answer).delete(clear_answer))
}

async fn state(State(shared): World) -> Response {
    let state = shared.world().state();
    Json(state).into_response()
}

async fn set_faults(State(shared): World, Json(plan): Json<FaultPlan>) -> StatusCode {
    shared.world().faults = FaultEngine::new(plan);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(shared): World) -> StatusCode {
    shared.world().faults = FaultEngine::new(FaultPlan::default());
    StatusCode::NO_CONTENT
}

async fn reset(State(shared): World) -> Response {
    match shared.reset() {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn rule(State(shared): World, Json(rule): Json<AdminRule>) -> Response {
    if shared.world().portal.apply_rule(&rule) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let text = "The rule changes nothing: check the names of its property, option or owner.";
    (StatusCode::UNPROCESSABLE_ENTITY, text).into_response()
}

async fn set_answer(
    State(shared): World,
    Path(name): Path<String>,
    Json(answer): Json<WebhookAnswer>,
) -> StatusCode {
    shared.world().inbox.set_answer(&name, Some(answer));
    StatusCode::NO_CONTENT
}

async fn clear_answer(State(shared): World, Path(name): Path<String>) -> StatusCode {
    shared.world().inbox.set_answer(&name, None);
    StatusCode::NO_CONTENT
}
