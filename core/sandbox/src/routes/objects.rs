use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Names, Params, name, read, run};
use crate::errors::ApiError;
use crate::portal::batch::{BatchBody, BatchWrite};
use crate::portal::objects::{CreateInput, View};
use crate::portal::search::SearchBody;
use crate::world::Shared;

type Pairs = Query<Vec<(String, String)>>;
type World = State<Arc<Shared>>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/crm/objects/{version}/{object}", get(list).post(create))
        .route("/crm/objects/{version}/{object}/search", post(search))
        .route("/crm/objects/{version}/{object}/batch/{kind}", post(batch))
        .route("/crm/objects/{version}/{object}/{id}", get(read_one).patch(update).delete(archive))
}

fn view(params: &Params) -> View {
    View { properties: params.list("properties"), associations: params.list("associations") }
}

async fn list(State(shared): World, Path(names): Path<Names>, Query(pairs): Pairs) -> Response {
    let params = Params(pairs);
    run(&shared, &names, |portal, object, _| {
        let after = params.number("after").unwrap_or(0);
        Ok(portal.list(object, params.limit(10), after, &view(&params)))
    })
}

async fn create(
    State(shared): World,
    Path(names): Path<Names>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&shared, &names, |portal, object, call| {
        let input: CreateInput = read(&headers, &body)?;
        portal.create(object, &input, call)
    })
}

async fn read_one(State(shared): World, Path(names): Path<Names>, Query(pairs): Pairs) -> Response {
    let params = Params(pairs);
    run(&shared, &names, |portal, object, _| {
        portal.read(object, name(&names, "id"), params.get("idProperty"), &view(&params))
    })
}

#[derive(Deserialize)]
struct UpdateInput {
    properties: Option<Map<String, Value>>,
}

async fn update(
    State(shared): World,
    Path(names): Path<Names>,
    Query(pairs): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let params = Params(pairs);
    run(&shared, &names, |portal, object, call| {
        let input: UpdateInput = read(&headers, &body)?;
        let id_property = params.get("idProperty");
        portal.update(object, name(&names, "id"), id_property, input.properties.as_ref(), call)
    })
}

async fn archive(State(shared): World, Path(names): Path<Names>) -> Response {
    run(&shared, &names, |portal, object, _| Ok(portal.archive(object, name(&names, "id"))))
}

async fn search(
    State(shared): World,
    Path(names): Path<Names>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&shared, &names, |portal, object, _| {
        let input: SearchBody = read(&headers, &body)?;
        portal.search(object, &input)
    })
}

async fn batch(
    State(shared): World,
    Path(names): Path<Names>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&shared, &names, |portal, object, call| {
        let input: BatchBody = read(&headers, &body)?;
        let kind = match name(&names, "kind") {
            "create" => BatchWrite::Create,
            "update" => BatchWrite::Update,
            "upsert" => BatchWrite::Upsert,
            "read" => return portal.batch_read(object, &input, call),
            other => {
                let text = format!("Unknown batch operation: {other}");
                return Err(ApiError::new(404, Some("OBJECT_NOT_FOUND"), text));
            }
        };
        portal.batch_write(object, kind, &input, call)
    })
}
