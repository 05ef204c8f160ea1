//! The real HTTP driver against real sockets on this machine.
#![cfg(feature = "http")]
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::sync::{Arc, Mutex};

use common::fake::Fake;
use common::{lead, tokens};
use confee_domain::OpState;
use confee_sync::{
    Connector, CrashPoint, HttpDriver, HubSpot, HubSpotConfig, MemoryJournal, Method, Network,
    Outbox, Probe, Request, Response, TransportError,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let (mut bytes, mut chunk) = (Vec::new(), [0u8; 4096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|l| {
                let (name, value) = l.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            let want = end + 4 + length.unwrap_or(0);
            if bytes.len() >= want {
                return Some((head, bytes[end + 4..want].to_vec()));
            }
        }
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&chunk[..n]),
            _ => return None,
        }
    }
}

/// A server that answers each connection's first request with fixed bytes, then hangs up.
async fn canned(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/x", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            read_request(&mut stream).await;
            let _ = stream.write_all(&bytes).await;
        }
    });
    address
}

fn request(url: String) -> Request {
    let body = b"{}".to_vec();
    Request { method: Method::Post, url, headers: vec![], body, timeout_ms: 5_000 }
}

#[tokio::test]
async fn what_was_not_sent_is_told_from_what_may_have_been() {
    let driver = HttpDriver::new().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    assert_eq!(driver.send(request(nobody)).await, Err(TransportError::NotSent));
    let hang_up = canned(vec![]).await;
    assert_eq!(driver.send(request(hang_up)).await, Err(TransportError::MaybeSent));
    let cut = canned(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec()).await;
    assert_eq!(driver.send(request(cut)).await, Err(TransportError::MaybeSent));
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let no_tls = format!("https://{}/", plain.local_addr().unwrap());
    let greet = async {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(b"220 no TLS here\r\n").await.unwrap();
        stream
    };
    let (sent, _stream) = tokio::join!(driver.send(request(no_tls)), greet);
    assert_eq!(sent, Err(TransportError::NotSent));
}

#[tokio::test]
async fn redirects_are_not_followed_and_long_bodies_are_cut() {
    let driver = HttpDriver::new().unwrap();
    let moved = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let answer = driver.send(request(canned(moved.to_vec()).await)).await.unwrap();
    assert_eq!((answer.status, answer.header("Location")), (302, Some("http://127.0.0.1:1/")));
    let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n".to_vec();
    long.resize(long.len() + 3_000_000, b'x');
    let answer = driver.send(request(canned(long).await)).await.unwrap();
    assert_eq!(answer.body.len(), 1 << 20);
}

/// Serves the fake HubSpot over a socket.
async fn portal(fake: Arc<Mutex<Fake>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let own = base.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (fake, base) = (fake.clone(), own.clone());
            tokio::spawn(async move {
                while let Some((head, body)) = read_request(&mut stream).await {
                    let answer = handle(&fake, &base, &head, body);
                    let head = format!(
                        "HTTP/1.1 {} X\r\ncontent-length: {}\r\n\r\n",
                        answer.status,
                        answer.body.len()
                    );
                    let _ = stream.write_all(&[head.into_bytes(), answer.body].concat()).await;
                }
            });
        }
    });
    base
}

fn handle(fake: &Mutex<Fake>, base: &str, head: &str, body: Vec<u8>) -> Response {
    let mut words = head.split(' ');
    let method = match words.next() {
        Some("GET") => Method::Get,
        Some("PUT") => Method::Put,
        Some("PATCH") => Method::Patch,
        _ => Method::Post,
    };
    let url = format!("{base}{}", words.next().unwrap());
    fake.lock().unwrap().handle(&Request { method, url, headers: vec![], body, timeout_ms: 1 })
}

#[derive(Default)]
struct Seen(Mutex<std::collections::BTreeSet<CrashPoint>>);

impl Probe for Seen {
    fn at(&self, point: CrashPoint) {
        self.0.lock().unwrap().insert(point);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_empties_the_outbox_and_passes_every_crash_point() {
    let fake = Arc::new(Mutex::new(Fake::default()));
    let base_url = portal(fake.clone()).await;
    let config = HubSpotConfig { base_url, ..HubSpotConfig::default() };
    let hubspot = HubSpot::new(config, tokens()).unwrap();
    let journal = Arc::new(MemoryJournal::default());
    for i in 0..12 {
        journal.enqueue(hubspot.plan(&lead(&format!("l{i}"), &format!("p{i}@acme.io"))));
    }
    let seen = Arc::new(Seen::default());
    let outbox = Outbox::new(journal.clone(), vec![Arc::new(hubspot)], 3).with_probe(seen.clone());
    outbox.start().unwrap();
    let (_network, network) = watch::channel(Network::WIFI);
    let (_stop, stop) = watch::channel(false);
    let driver = HttpDriver::new().unwrap();
    let report = driver.drain(&outbox, &network, &stop).await.unwrap();
    assert_eq!((report.done, report.unanswered, report.next_wake_ms), (12 * 14, 0, None));
    assert!(journal.ops().iter().all(|o| o.state == OpState::Done));
    assert_eq!(fake.lock().unwrap().count("notes"), 12);
    assert_eq!(seen.0.lock().unwrap().len(), CrashPoint::ALL.len());
}

#[tokio::test]
async fn a_stopped_drain_leaves_unknown_outcomes_behind() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let config = HubSpotConfig { base_url, ..HubSpotConfig::default() };
    let hubspot = HubSpot::new(config, tokens()).unwrap();
    let journal = Arc::new(MemoryJournal::default());
    journal.enqueue(hubspot.plan(&lead("l1", "ada@acme.io")));
    let outbox = Outbox::new(journal.clone(), vec![Arc::new(hubspot)], 3);
    let (_network, network) = watch::channel(Network::WIFI);
    let (stop, stopped) = watch::channel(false);
    let driver = HttpDriver::new().unwrap();
    let hang = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stop.send(true).unwrap();
        stream
    };
    let (report, _stream) = tokio::join!(driver.drain(&outbox, &network, &stopped), hang);
    let report = report.unwrap();
    assert!(report.cancelled);
    assert_eq!((report.requests, report.unanswered), (1, 1));
    assert!(journal.ops().iter().any(|o| o.state == OpState::Unknown));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poke_wakes_the_runner() {
    let fake = Arc::new(Mutex::new(Fake::default()));
    let config = HubSpotConfig { base_url: portal(fake.clone()).await, ..HubSpotConfig::default() };
    let hubspot = HubSpot::new(config, tokens()).unwrap();
    let ops = hubspot.plan(&lead("l1", "ada@acme.io"));
    let journal = Arc::new(MemoryJournal::default());
    let outbox = Outbox::new(journal.clone(), vec![Arc::new(hubspot)], 3);
    let (_network, network) = watch::channel(Network::WIFI);
    let (stop, stopped) = watch::channel(false);
    let poke = tokio::sync::Notify::new();
    let driver = HttpDriver::new().unwrap();
    let work = async {
        journal.enqueue(ops);
        poke.notify_one();
        while !journal.ops().iter().all(|o| o.state == OpState::Done) {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
    };
    let (ran, ()) = tokio::join!(driver.run(&outbox, &network, &stopped, &poke), work);
    ran.unwrap();
    assert_eq!(fake.lock().unwrap().count("contacts"), 1);
}
