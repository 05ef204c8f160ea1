//! The listener. It serves connections itself, so that a request can end its connection in ways
//! no HTTP handler can: a TCP reset, a close without an answer, or bytes that stop half-way.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// How a connection ends without a proper answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// TCP reset.
    Reset,
    /// Orderly close, nothing sent.
    Close,
    /// These bytes as they are, then an orderly close.
    Raw(Vec<u8>),
}

/// Travels with a request; lets it end its connection.
#[derive(Debug, Clone)]
pub(crate) struct Line(mpsc::Sender<Ending>);

impl Line {
    /// Ends the connection; never returns, because the connection takes its request with it.
    pub(crate) async fn end(&self, how: Ending) -> std::convert::Infallible {
        // A connection that is gone already needs no ending.
        let _ = self.0.send(how).await;
        std::future::pending().await
    }
}

/// Accepts connections until `stop` changes or its sender is gone.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let router = Arc::new(router);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&router)));
                }
                Err(error) => {
                    tracing::warn!(%error, "sandbox could not accept a connection");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, router: Arc<Router>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "sandbox could not set TCP_NODELAY");
    }
    let (sender, mut endings) = mpsc::channel(1);
    let line = Line(sender);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(line.clone());
        let sent = SentPath(request.uri().to_string());
        request.extensions_mut().insert(sent);
        if let Some(uri) = dated(request.uri()) {
            *request.uri_mut() = uri;
        }
        TowerToHyperService::new(router.as_ref().clone()).call(request)
    });
    let mut served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        result = &mut served => {
            if let Err(error) = result {
                tracing::debug!(%error, "sandbox connection ended");
            }
        }
        Some(ending) = endings.recv() => {
            finish(served.into_parts().io.into_inner(), ending).await;
        }
    }
}

async fn finish(mut stream: TcpStream, ending: Ending) {
    let result = match ending {
        Ending::Reset => stream.set_zero_linger(),
        Ending::Close => stream.shutdown().await,
        Ending::Raw(bytes) => match stream.write_all(&bytes).await {
            Ok(()) => stream.shutdown().await,
            Err(error) => Err(error),
        },
    };
    if let Err(error) = result {
        tracing::debug!(%error, "sandbox could not end a connection as asked");
    }
}

/// The path as the client sent it.
#[derive(Debug, Clone)]
pub(crate) struct SentPath(pub(crate) String);

/// Older clients put the version first: `/crm/v3/objects/...` is `/crm/objects/v3/...` here.
fn dated(uri: &Uri) -> Option<Uri> {
    let whole = uri.path_and_query()?.as_str();
    let rest = whole.strip_prefix("/crm/")?;
    let (version, rest) = rest.split_once('/')?;
    let (api, tail) = match rest.find(['/', '?']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    if !matches!(version, "v3" | "v4") {
        return None;
    }
    format!("/crm/{api}/{version}{tail}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_paths_become_dated_ones() {
        let table = [
            ("/crm/v3/objects/contacts/1?a=b", Some("/crm/objects/v3/contacts/1?a=b")),
            ("/crm/v3/owners?limit=1", Some("/crm/owners/v3?limit=1")),
            ("/crm/v3/owners", Some("/crm/owners/v3")),
            ("/crm/objects/2026-09/contacts", None),
            ("/hooks/a", None),
        ];
        for (sent, expected) in table {
            let uri: Uri = sent.parse().unwrap();
            assert_eq!(dated(&uri).map(|u| u.to_string()).as_deref(), expected, "{sent}");
        }
    }
}
