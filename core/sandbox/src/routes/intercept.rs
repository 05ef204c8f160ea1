//! Sits before every route: decides what goes wrong, applies the request none, one or two times,
//! and writes the log.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Value, json};

use super::{answer, page, plain, set_header};
use crate::errors::ApiError;
use crate::faults::{Fault, RetryAfter, Seen};
use crate::server::{Ending, Line, SentPath};
use crate::world::{RequestRecord, Shared};

const BODY_MAX: usize = 8 << 20;

pub(super) async fn intercept(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path().starts_with("/_sandbox/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return page(413, "413 Request Entity Too Large");
    };
    let path = match parts.extensions.get::<SentPath>() {
        Some(sent) => sent.0.clone(),
        None => parts.uri.to_string(),
    };
    let method = parts.method.to_string();
    let seen = Seen { method: &method, path: &path, body: &body };
    let fault = shared.world().faults.next(&seen);
    let mut exchange = Exchange { shared, parts, body, next, applied: 0 };
    let result = match &fault {
        None => Ok(exchange.apply().await),
        Some(fault) => exchange.fail(fault).await,
    };
    let status = result.as_ref().ok().map(|r| r.status().as_u16());
    let applied = exchange.applied;
    exchange.shared.world().log.add(RequestRecord { seq: 0, method, path, status, fault, applied });
    match result {
        Ok(response) => response,
        Err(ending) => exchange.end(ending).await,
    }
}

struct Exchange {
    shared: Arc<Shared>,
    parts: Parts,
    body: Bytes,
    next: Next,
    applied: u8,
}

impl Exchange {
    async fn apply(&mut self) -> Response {
        self.apply_body(self.body.clone()).await
    }

    async fn apply_body(&mut self, body: Bytes) -> Response {
        self.applied += 1;
        let mut parts = self.parts.clone();
        parts.headers.remove(header::CONTENT_LENGTH);
        self.next.clone().run(Request::from_parts(parts, Body::from(body))).await
    }

    async fn fail(&mut self, fault: &Fault) -> Result<Response, Ending> {
        match fault {
            Fault::DropBefore => Err(Ending::Reset),
            Fault::DropAfterApply => {
                self.apply().await;
                Err(Ending::Reset)
            }
            Fault::Delay { ms } => {
                let response = self.apply().await;
                tokio::time::sleep(Duration::from_millis(*ms)).await;
                Ok(response)
            }
            Fault::Timeout { ms, apply } => {
                if *apply {
                    self.apply().await;
                }
                tokio::time::sleep(Duration::from_millis(*ms)).await;
                Err(Ending::Close)
            }
            Fault::RateLimited { retry_after, policy } => {
                Ok(self.rate_limited(*retry_after, policy))
            }
            Fault::ServerError { status, html, apply } => {
                if *apply {
                    self.apply().await;
                }
                Ok(self.server_error(*status, *html))
            }
            Fault::ForbiddenHtml => Ok(page(403, "403 Forbidden")),
            Fault::Unauthorized => Ok(answer(&self.shared, Err(ApiError::unauthorized()))),
            Fault::TruncatedBody => Err(self.cut_body().await),
            Fault::TruncatedJson => Ok(self.cut_json().await),
            Fault::Duplicate { answer_second } => {
                let first = self.apply().await;
                let second = self.apply().await;
                Ok(if *answer_second { second } else { first })
            }
            Fault::MultiStatus => Ok(self.multi_status().await),
        }
    }

    fn rate_limited(&self, retry_after: RetryAfter, policy: &str) -> Response {
        let policy = if policy.is_empty() { "TEN_SECONDLY_ROLLING" } else { policy };
        let mut response = answer(&self.shared, Err(ApiError::rate_limited(policy)));
        let value = match retry_after {
            RetryAfter::None => return response,
            RetryAfter::Seconds(s) => s.to_string(),
            RetryAfter::HttpDate(s) => {
                let now = SystemTime::from(self.shared.config.clock.now());
                httpdate::fmt_http_date(now + Duration::from_secs(u64::from(s)))
            }
        };
        set_header(&mut response, "retry-after", &value);
        response
    }

    fn server_error(&self, status: u16, html: bool) -> Response {
        let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if html {
            return page(code.as_u16(), &code.to_string());
        }
        answer(&self.shared, Err(ApiError::new(code.as_u16(), None, "internal error")))
    }

    async fn cut_body(&mut self) -> Ending {
        let (head, body) = self.answered().await;
        let half = body.get(..body.len() / 2).unwrap_or_default();
        let mut bytes = format!(
            "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            head,
            body.len().max(1)
        )
        .into_bytes();
        bytes.extend_from_slice(half);
        Ending::Raw(bytes)
    }

    async fn cut_json(&mut self) -> Response {
        let (status, body) = self.answered().await;
        let half = body.get(..body.len() / 2).unwrap_or_default();
        plain(status.as_u16(), "application/json;charset=utf-8", half.to_vec())
    }

    async fn answered(&mut self) -> (StatusCode, Bytes) {
        let response = self.apply().await;
        let status = response.status();
        (status, to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default())
    }

    async fn multi_status(&mut self) -> Response {
        let mut body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let last = body["inputs"].as_array_mut().and_then(Vec::pop);
        let Some(last) = last else {
            let mut response = self.apply().await;
            if response.status().is_success() {
                *response.status_mut() = StatusCode::MULTI_STATUS;
            }
            return response;
        };
        let mut reply = json!({ "status": "COMPLETE", "results": [] });
        if body["inputs"].as_array().is_some_and(|left| !left.is_empty()) {
            let response = self.apply_body(Bytes::from(body.to_string())).await;
            if !response.status().is_success() {
                return response;
            }
            let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
            reply = serde_json::from_slice(&bytes).unwrap_or(reply);
        }
        add_failure(&mut reply, &last);
        plain(207, "application/json;charset=utf-8", reply.to_string().into_bytes())
    }

    async fn end(self, ending: Ending) -> Response {
        match self.parts.extensions.get::<Line>() {
            Some(line) => match line.end(ending).await {},
            None => page(500, "The sandbox lost its connection"),
        }
    }
}

fn add_failure(reply: &mut Value, input: &Value) {
    let mut context = json!({});
    for (key, value) in
        [("ids", &input["id"]), ("objectWriteTraceId", &input["objectWriteTraceId"])]
    {
        if !value.is_null() {
            context[key] = json!([value]);
        }
    }
    let failure = json!({
        "status": "error",
        "category": "VALIDATION_ERROR",
        "message": "This input could not be processed.",
        "context": context,
    });
    let mut errors = reply["errors"].as_array().cloned().unwrap_or_default();
    errors.push(failure);
    reply["numErrors"] = errors.len().into();
    reply["errors"] = errors.into();
}
