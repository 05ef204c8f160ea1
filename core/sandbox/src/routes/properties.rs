use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::{Names, Params, answer, call, name, page, read, run};
use crate::errors::ApiError;
use crate::portal::catalogue::{Owner, Pipeline};
use crate::portal::properties::PropertyDefinition;
use crate::portal::{ObjectType, Reply};
use crate::world::Shared;

type World = State<Arc<Shared>>;
type Pairs = Query<Vec<(String, String)>>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/crm/properties/{version}/{object}", get(list).post(create))
        .route(
            "/crm/properties/{version}/{object}/{name}",
            get(read_one).patch(update).delete(archive),
        )
        .route("/crm/pipelines/{version}/{object}", get(pipelines))
        .route("/crm/owners/{version}", get(owners))
        .route("/crm/owners/{version}/{id}", get(owner))
        .route("/account-info/{version}/details", get(account))
}

fn described(definition: &PropertyDefinition) -> Value {
    serde_json::to_value(definition).unwrap_or_default()
}

async fn list(State(shared): World, Path(names): Path<Names>, Query(pairs): Pairs) -> Response {
    let archived = Params(pairs).flag("archived");
    run(&shared, &names, |portal, object, _| {
        let results: Vec<Value> = portal.schema(object).list(archived).map(described).collect();
        Ok(Reply::new(200, json!({ "results": results })))
    })
}

async fn read_one(State(shared): World, Path(names): Path<Names>, Query(pairs): Pairs) -> Response {
    let archived = Params(pairs).flag("archived");
    run(&shared, &names, |portal, object, _| {
        let wanted = name(&names, "name");
        let found = portal.schema(object).list(archived).find(|d| d.name == wanted);
        let found = found.ok_or_else(|| ApiError::not_found(wanted, false))?;
        Ok(Reply::new(200, described(found)))
    })
}

async fn create(
    State(shared): World,
    Path(names): Path<Names>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&shared, &names, |portal, object, _| {
        let wanted: PropertyDefinition = read(&headers, &body)?;
        let made = portal.schema_mut(object).create(object, wanted)?;
        Ok(Reply::new(201, described(&made)))
    })
}

async fn update(
    State(shared): World,
    Path(names): Path<Names>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    run(&shared, &names, |portal, object, _| {
        let change: Map<String, Value> = read(&headers, &body)?;
        let made = portal.schema_mut(object).update(name(&names, "name"), &change)?;
        Ok(Reply::new(200, described(&made)))
    })
}

async fn archive(State(shared): World, Path(names): Path<Names>) -> Response {
    run(&shared, &names, |portal, object, _| {
        portal.schema_mut(object).archive(name(&names, "name"))?;
        Ok(Reply::new(204, Value::Null))
    })
}

async fn pipelines(State(shared): World, Path(names): Path<Names>) -> Response {
    run(&shared, &names, |portal, object, _| {
        let deals = object == ObjectType::Deal;
        let results: Vec<Value> =
            portal.pipelines().iter().filter(|_| deals).zip(0..).map(pipeline).collect();
        Ok(Reply::new(200, json!({ "results": results })))
    })
}

fn pipeline((pipeline, place): (&Pipeline, u32)) -> Value {
    let stages = pipeline.stages.iter().zip(0u32..).map(|(stage, place)| {
        let closed = matches!(stage.probability.as_str(), "1.0" | "0.0");
        json!({
            "id": stage.id,
            "label": stage.label,
            "displayOrder": place,
            "archived": false,
            "metadata": { "isClosed": closed.to_string(), "probability": stage.probability },
        })
    });
    json!({
        "id": pipeline.id,
        "label": pipeline.label,
        "displayOrder": place,
        "archived": false,
        "stages": stages.collect::<Vec<_>>(),
    })
}

fn person(owner: &Owner) -> Value {
    let mut body = serde_json::to_value(owner).unwrap_or_default();
    body["type"] = "PERSON".into();
    body["userId"] = owner.id.parse::<u64>().unwrap_or_default().into();
    body
}

async fn owners(State(shared): World, Path(names): Path<Names>, Query(pairs): Pairs) -> Response {
    let params = Params(pairs);
    let Some(_) = call(&shared, &names) else { return page(404, "Error 404 Not Found") };
    let results: Vec<Value> = {
        let world = shared.world();
        let email = params.get("email");
        let wanted = |o: &&Owner| email.is_none_or(|e| o.email.eq_ignore_ascii_case(e));
        world.portal.owners(params.flag("archived")).filter(wanted).map(person).collect()
    };
    answer(&shared, Ok(Reply::new(200, json!({ "results": results }))))
}

async fn owner(State(shared): World, Path(names): Path<Names>, Query(pairs): Pairs) -> Response {
    let archived = Params(pairs).flag("archived");
    let id = name(&names, "id");
    let found = shared.world().portal.owners(archived).find(|o| o.id == id).map(person);
    let outcome = found.map(|body| Reply::new(200, body));
    answer(&shared, outcome.ok_or_else(|| ApiError::not_found(id, true)))
}

async fn account(State(shared): World) -> Response {
    let settings = shared.world().portal.settings().clone();
    let body = json!({
        "portalId": settings.portal_id,
        "accountType": settings.account_type,
        "timeZone": "Europe/Berlin",
        "companyCurrency": "EUR",
        "additionalCurrencies": ["USD", "GBP"],
        "utcOffset": "+01:00",
        "utcOffsetMilliseconds": 3_600_000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "eu1",
    });
    answer(&shared, Ok(Reply::new(200, body)))
}
