//! A server of one file that misbehaves as it is told.
#![allow(dead_code, unreachable_pub, reason = "test code")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to one request; after the last one all are served well.
#[derive(Debug, Clone)]
pub enum Fault {
    /// None.
    Serve,
    /// The connection ends after so many bytes of the body.
    Cut(usize),
    /// Nothing more comes after so many bytes of the body.
    Stall(usize),
    /// Nothing comes at all.
    Mute,
    /// The range is ignored.
    Whole,
    /// The bytes are others.
    Wrong,
    /// Status and further headers.
    Status(u16, &'static str),
    /// A redirect.
    Redirect(String),
    /// Another file from now on: bytes and tag change.
    Replace(Vec<u8>),
    /// The rest is sent with a `Content-Range` that begins elsewhere.
    Shifted,
    /// A byte more than announced to the client by the list.
    Longer,
}

pub struct Server {
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct State {
    content: Vec<u8>,
    tag: Option<String>,
    script: VecDeque<Fault>,
    requests: Vec<String>,
}

impl Server {
    pub async fn start(content: Vec<u8>, script: Vec<Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/model.bin", listener.local_addr().unwrap());
        let tag = Some("\"v1\"".to_owned());
        let state = State { content, tag, script: script.into(), requests: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                tokio::spawn(async move {
                    let _ = answer(stream, &state).await;
                });
            }
        });
        Self { url, state }
    }

    /// Heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }

    pub fn without_tag(self) -> Self {
        self.state.lock().unwrap().tag = None;
        self
    }

    pub fn then(&self, fault: Fault) {
        self.state.lock().unwrap().script.push_back(fault);
    }
}

async fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let head = read_head(&mut stream).await?;
    let (fault, content, tag) = {
        let mut state = state.lock().unwrap();
        state.requests.push(head.clone());
        let fault = state.script.pop_front().unwrap_or(Fault::Serve);
        if let Fault::Replace(content) = &fault {
            state.content.clone_from(content);
            state.tag = Some("\"v2\"".into());
        }
        (fault, state.content.clone(), state.tag.clone())
    };
    match &fault {
        Fault::Mute => std::future::pending().await,
        Fault::Status(status, headers) => {
            let text = format!(
                "HTTP/1.1 {status} No\r\nContent-Length: 2\r\nConnection: close\r\n{headers}\r\nno"
            );
            return stream.write_all(text.as_bytes()).await;
        }
        Fault::Redirect(to) => {
            let text = format!(
                "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
            return stream.write_all(text.as_bytes()).await;
        }
        _ => {}
    }
    let (reply, mut body) = reply(&head, &fault, &content, tag.as_deref());
    stream.write_all(reply.as_bytes()).await?;
    if let Fault::Wrong = fault {
        body.iter_mut().for_each(|byte| *byte ^= 1);
    }
    match fault {
        Fault::Cut(at) => stream.write_all(&body[..at.min(body.len())]).await,
        Fault::Stall(at) => {
            stream.write_all(&body[..at.min(body.len())]).await?;
            stream.flush().await?;
            std::future::pending().await
        }
        _ => stream.write_all(&body).await,
    }
}

fn reply(head: &str, fault: &Fault, content: &[u8], tag: Option<&str>) -> (String, Vec<u8>) {
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let from = header("range:")
        .and_then(|value| value.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let same = header("if-range:").is_none_or(|value| Some(value.as_str()) == tag);
    let tag = tag.map_or(String::new(), |tag| format!("ETag: {tag}\r\n"));
    let mut body = content.to_vec();
    if let Fault::Longer = fault {
        body.push(0);
    }
    let all = body.len();
    let (status, range) = match from.filter(|_| same && !matches!(fault, Fault::Whole)) {
        Some(from) if from >= all => {
            return (format!("HTTP/1.1 416 No\r\nContent-Range: bytes */{all}\r\n\r\n"), vec![]);
        }
        Some(from) => {
            body.drain(..from);
            let first = if matches!(fault, Fault::Shifted) { from - 1 } else { from };
            let last = first + body.len() - 1;
            ("206 Partial Content", format!("Content-Range: bytes {first}-{last}/{all}\r\n"))
        }
        None => ("200 OK", String::new()),
    };
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{range}{tag}Connection: close\r\n\r\n"
    );
    (text, body)
}

async fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
