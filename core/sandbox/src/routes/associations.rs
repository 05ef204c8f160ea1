use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, put};

use super::{Names, Params, name, object_of, run};
use crate::world::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    let base = "/crm/objects/{version}/{object}/{id}/associations";
    Router::new()
        .route(&format!("{base}/default/{{to}}/{{to_id}}"), put(link))
        .route(&format!("{base}/{{to}}"), get(list))
        .route(&format!("{base}/{{to}}/{{to_id}}"), axum::routing::delete(unlink))
}

async fn link(State(shared): State<Arc<Shared>>, Path(names): Path<Names>) -> Response {
    run(&shared, &names, |portal, object, call| {
        let to = (object_of(&names, "to")?, name(&names, "to_id"));
        portal.associate((object, name(&names, "id")), to, call)
    })
}

async fn unlink(State(shared): State<Arc<Shared>>, Path(names): Path<Names>) -> Response {
    run(&shared, &names, |portal, object, _| {
        let to = (object_of(&names, "to")?, name(&names, "to_id"));
        portal.dissociate((object, name(&names, "id")), to)
    })
}

async fn list(
    State(shared): State<Arc<Shared>>,
    Path(names): Path<Names>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let params = Params(pairs);
    run(&shared, &names, |portal, object, _| {
        let to = object_of(&names, "to")?;
        let after = params.number("after").unwrap_or(0);
        portal.associations((object, name(&names, "id")), to, params.limit(500), after)
    })
}
