use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use confee_models::download::machine::Failure;
use confee_models::download::{NetworkState, Phase, PullError};
use confee_models::library::{Disk, PartialFile, RealDisk, Verified};
use confee_models::{ModelError, manifest::Mirrors};

use crate::server::{Fault, Server};
use crate::world::{World, ggml, list, payload};

const LENGTH: usize = 300_000;

async fn world(script: Vec<Fault>) -> (Vec<u8>, Server, World) {
    let content = payload(LENGTH);
    let server = Server::start(content.clone(), script).await;
    let world = World::new(&content, &[&server.url]);
    (content, server, world)
}

fn failures(error: &PullError) -> Vec<(usize, Failure)> {
    match error {
        PullError::NoSource { attempts, .. } => {
            attempts.iter().map(|a| (a.source_index, a.failure)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_good_server() {
    let (content, server, world) = world(vec![]).await;
    let installed = world.pull().await.unwrap();
    assert_eq!((installed.bytes, installed.installed_at_ms), (LENGTH as u64, 1_000));
    assert_eq!((installed.verified, installed.source.as_str()), (Verified::Published, "127.0.0.1"));
    world.holds(&content);
    let seen = world.seen.lock().unwrap().clone();
    let phases: Vec<Phase> = seen.iter().map(|progress| progress.phase).collect();
    let expected = [Phase::Connecting, Phase::Downloading, Phase::Verifying, Phase::Done];
    assert_eq!(phases, expected, "the clock stands, so each phase is told once");
    assert_eq!(seen[1].total, Some(LENGTH as u64));
    assert_eq!(world.pull().await.unwrap(), installed, "it is there already");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn cut_anywhere_it_goes_on_from_there() {
    let mut places = vec![0, 1, 2, 1_000, 65_535, 65_536, 65_537, LENGTH - 1];
    let mut rng = fastrand::Rng::with_seed(3);
    places.extend(std::iter::repeat_with(|| rng.usize(..LENGTH)).take(12));
    for at in places {
        let (content, server, world) = world(vec![Fault::Cut(at)]).await;
        world.pull().await.unwrap_or_else(|error| panic!("{at}: {error:?}"));
        world.holds(&content);
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{at}");
        if at > 1 {
            assert!(requests[1].to_lowercase().contains("if-range: \"v1\""), "{at} {requests:?}");
        }
    }
}

#[tokio::test]
async fn many_cuts_in_a_row() {
    let script: Vec<Fault> = (1..40).map(|at| Fault::Cut(at * 150)).collect();
    let (content, server, world) = world(script).await;
    world.pull().await.unwrap();
    world.holds(&content);
    assert_eq!(server.requests().len(), 40);
}

#[tokio::test]
async fn odd_answers_to_a_range_never_mix_files() {
    let other = payload(LENGTH + 1)[1..].to_vec();
    for odd in [Fault::Whole, Fault::Shifted, Fault::Status(416, ""), Fault::Status(500, "")] {
        let (content, _server, world) = world(vec![Fault::Cut(100_000), odd.clone()]).await;
        world.pull().await.unwrap_or_else(|error| panic!("{odd:?}: {error:?}"));
        world.holds(&content);
    }
    // The file changed on the server in between, to what the list wants.
    let server =
        Server::start(payload(LENGTH), vec![Fault::Cut(9_000), Fault::Replace(other.clone())]);
    let server = server.await;
    let world = World::new(&other, &[&server.url]);
    world.pull().await.unwrap();
    world.holds(&other);
    // Without a tag only the hash notices; then it is loaded from the start.
    let script = vec![Fault::Cut(9_000), Fault::Replace(other.clone())];
    let server = Server::start(payload(LENGTH), script).await.without_tag();
    let world = World::new(&other, &[&server.url]);
    world.pull().await.unwrap();
    world.holds(&other);
}

#[tokio::test]
async fn wrong_bytes_are_never_installed_and_the_next_source_is_asked() {
    let (content, bad, _) = world(vec![Fault::Wrong]).await;
    let good = Server::start(content.clone(), vec![]).await;
    let world = World::new(&content, &[&bad.url, &good.url]);
    world.pull().await.unwrap();
    world.holds(&content);
    assert_eq!((bad.requests().len(), good.requests().len()), (1, 1));

    let (_, server, world) = self::world(vec![Fault::Wrong, Fault::Wrong]).await;
    let error = world.pull().await.unwrap_err();
    assert_eq!(failures(&error), [(0, Failure::Hash)]);
    world.holds_nothing();
    assert_eq!(world.length("m~partial"), None, "wrong bytes are not kept");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_unsound_file_with_the_right_hash_is_refused() {
    let content = b"unsound model".to_vec();
    let server = Server::start(content.clone(), vec![]).await;
    let world = World::new(&content, &[&server.url]);
    assert_eq!(failures(&world.pull().await.unwrap_err()), [(0, Failure::Unsound)]);
    world.holds_nothing();
}

#[tokio::test]
async fn another_length_is_noticed_before_it_is_loaded() {
    let (_, _server, world) = world(vec![Fault::Longer]).await;
    assert_eq!(failures(&world.pull().await.unwrap_err()), [(0, Failure::Length)]);
    assert_eq!(world.length("m~partial"), None);
}

#[tokio::test]
async fn redirects_are_followed_within_bounds() {
    let (content, cdn, _) = world(vec![Fault::Cut(5_000)]).await;
    let (_, server, _) = self::world(vec![]).await;
    for _ in 0..2 {
        server.then(Fault::Redirect(cdn.url.clone()));
    }
    let world = World::new(&content, &[&server.url]);
    world.pull().await.unwrap();
    world.holds(&content);
    assert_eq!((server.requests().len(), cdn.requests().len()), (2, 2));

    let bad = Server::start(content.clone(), vec![]).await;
    for _ in 0..6 {
        bad.then(Fault::Redirect("/again".into()));
    }
    let world = World::new(&content, &[&bad.url]);
    assert_eq!(failures(&world.pull().await.unwrap_err()), [(0, Failure::Redirect)]);
    assert_eq!(bad.requests().len(), 6);

    let plain = Server::start(content.clone(), vec![Fault::Redirect(cdn.url.clone())]).await;
    let mut world = World::new(&content, &[&plain.url]);
    world.options.policy.allow_http = false;
    assert_eq!(failures(&world.pull().await.unwrap_err()), [(0, Failure::Redirect)]);
}

#[tokio::test]
async fn stalled_servers_are_left() {
    for fault in [Fault::Mute, Fault::Stall(0), Fault::Stall(100_000)] {
        let (content, server, mut world) = world(vec![fault]).await;
        world.options.stall = Duration::from_millis(300);
        world.pull().await.unwrap();
        world.holds(&content);
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn refusals_lead_to_the_next_source() {
    let long = "Retry-After: 4000\r\n";
    let table = [
        (vec![Fault::Status(404, "")], 1, Failure::Status(404)),
        (vec![Fault::Status(429, long)], 1, Failure::Later),
        (vec![Fault::Status(500, ""); 5], 5, Failure::Status(500)),
        (vec![Fault::Cut(0); 5], 5, Failure::Cut),
    ];
    for (script, requests, failure) in table {
        let (content, bad, _) = world(script).await;
        let good = Server::start(content.clone(), vec![]).await;
        let world = World::new(&content, &[&bad.url, &good.url]);
        world.pull().await.unwrap();
        world.holds(&content);
        assert_eq!(bad.requests().len(), requests, "{failure:?}");
    }
    let (content, server, world) = world(vec![Fault::Status(429, "Retry-After: 1\r\n")]).await;
    world.pull().await.unwrap();
    world.holds(&content);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn nobody_there() {
    let world = World::new(&payload(10), &["http://127.0.0.1:1/m"]);
    let error = world.pull().await.unwrap_err();
    assert_eq!(failures(&error).last(), Some(&(0, Failure::Connect)));
    assert!(error.to_string().contains("127.0.0.1: no connection"), "{error}");
}

#[tokio::test]
async fn a_dropped_download_goes_on_where_it_was() {
    let (content, server, world) = world(vec![Fault::Stall(150_000)]).await;
    tokio::select! {
        done = world.pull() => panic!("{done:?}"),
        () = until(|| world.length("m~partial") == Some(150_000)) => {}
    }
    world.holds_nothing();
    world.pull().await.unwrap();
    world.holds(&content);
    assert!(server.requests()[1].to_lowercase().contains("range: bytes=150000-"));
}

#[tokio::test]
async fn a_stopped_download_keeps_what_came() {
    let (content, _server, world) = world(vec![Fault::Stall(70_000)]).await;
    let stop = async {
        until(|| world.length("m~partial") == Some(70_000)).await;
        world.cancel.send_replace(true);
    };
    let (done, ()) = tokio::join!(world.pull(), stop);
    assert!(matches!(done, Err(PullError::Cancelled)), "{done:?}");
    assert_eq!(world.length("m~partial"), Some(70_000));
    assert!(matches!(world.pull().await, Err(PullError::Cancelled)), "the flag is still set");
    world.cancel.send_replace(false);
    world.pull().await.unwrap();
    world.holds(&content);
}

#[tokio::test]
async fn two_at_once_load_once() {
    let (content, server, world) = world(vec![Fault::Cut(1_000)]).await;
    let (a, b) = tokio::join!(world.pull(), world.pull());
    assert_eq!(a.unwrap(), b.unwrap());
    world.holds(&content);
    assert_eq!(server.requests().len(), 2, "one download, which was cut once");
}

#[tokio::test]
async fn who_does_not_wait_is_told() {
    let (_, _server, mut world) = world(vec![Fault::Stall(10)]).await;
    world.options.wait_for_other = false;
    let second = async {
        until(|| world.length("m~partial") == Some(10)).await;
        let busy = world.pull().await;
        assert!(matches!(busy, Err(PullError::Model(ModelError::Busy(_)))), "{busy:?}");
        assert!(matches!(world.library.remove("m"), Err(ModelError::Busy(_))));
    };
    tokio::select! {
        done = world.pull() => panic!("{done:?}"),
        () = second => {}
    }
    assert!(world.library.remove("m").is_ok(), "the lock went with the download");
    assert_eq!(world.length("m~partial"), None);
}

#[tokio::test]
async fn metered_and_missing_networks() {
    let (content, server, mut world) = world(vec![]).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    // Wi-Fi is lost after the second piece.
    world.options.network = Arc::new(move || match counter.fetch_add(1, Ordering::SeqCst) {
        0..=2 => NetworkState::Unmetered,
        _ => NetworkState::Metered,
    });
    let paused = world.pull().await;
    assert!(matches!(paused, Err(PullError::Metered)), "{paused:?}");
    let kept = world.length("m~partial").unwrap();
    assert!(kept > 0 && kept < LENGTH as u64, "{kept}");
    world.options.network = Arc::new(|| NetworkState::Offline);
    assert!(matches!(world.pull().await, Err(PullError::Offline)));
    assert_eq!(server.requests().len(), 1);
    world.options.network = Arc::new(|| NetworkState::Metered);
    world.options.allow_metered = true;
    world.pull().await.unwrap();
    world.holds(&content);
    assert!(server.requests()[1].to_lowercase().contains(&format!("bytes={kept}-")));
}

/// A disk that has so much space, or says that it has, and then is full.
struct Tight {
    claimed: u64,
    real: usize,
}

struct TightFile(Box<dyn PartialFile>, usize);

impl Disk for Tight {
    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        Ok(self.claimed)
    }

    fn open_partial(&self, path: &Path) -> io::Result<Box<dyn PartialFile>> {
        Ok(Box::new(TightFile(RealDisk.open_partial(path)?, self.real)))
    }
}

impl PartialFile for TightFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = self.1.min(bytes.len());
        self.1 -= room;
        self.0.append(&bytes[..room])?;
        if room < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }
}

#[tokio::test]
async fn full_disks() {
    let (content, _server, mut world) = world(vec![]).await;
    let roomy = world.library.clone();
    for (claimed, real, kept) in [(1 << 20, LENGTH, 0), (u64::MAX, 123_456, 123_456)] {
        world.library = roomy.clone().with_disk(Arc::new(Tight { claimed, real }));
        let error = world.pull().await.unwrap_err();
        assert!(matches!(error, PullError::Model(ModelError::DiskFull)), "{error:?}");
        assert!(error.to_string().contains("free some"), "{error}");
        assert_eq!(world.length("m~partial"), Some(kept));
        world.holds_nothing();
    }
    world.library = roomy;
    world.pull().await.unwrap();
    world.holds(&content);
}

#[tokio::test]
async fn what_nobody_published_is_trusted_once() {
    let content = payload(5_000);
    let server = Server::start(content.clone(), vec![]).await;
    let world = World::of(list("", &[ggml(&server.url)]));
    let installed = world.pull().await.unwrap();
    assert_eq!(installed.verified, Verified::FirstUse);
    world.holds(&content);
}

#[tokio::test]
async fn a_changed_model_is_loaded_again_and_removal_lets_readers_finish() {
    let (content, server, world) = world(vec![]).await;
    world.pull().await.unwrap();
    std::fs::write(world.file("m.bin"), b"unsound").unwrap();
    assert!(matches!(world.library.unchanged("m"), Err(ModelError::Changed(_))));
    world.pull().await.unwrap();
    world.holds(&content);
    assert_eq!(server.requests().len(), 2);

    let mut reader = std::fs::File::open(world.library.path("m").unwrap()).unwrap();
    let removed = world.library.remove("m").unwrap();
    assert_eq!((removed.model, removed.bytes), (true, LENGTH as u64));
    world.holds_nothing();
    let mut read = Vec::new();
    io::Read::read_to_end(&mut reader, &mut read).unwrap();
    assert!(read == content);
    world.pull().await.unwrap();
    world.holds(&content);
}

#[tokio::test]
async fn mirrors_take_the_place_of_every_host() {
    let content = payload(5_000);
    let mirror = Server::start(content.clone(), vec![]).await;
    let mut world = World::new(&content, &["https://publisher.invalid/model.bin"]);
    let base = mirror.url.trim_end_matches("/model.bin");
    world.options.mirrors = Mirrors::new(base, true).unwrap();
    let installed = world.pull().await.unwrap();
    assert_eq!(installed.source, "127.0.0.1");
    world.holds(&content);
    assert!(mirror.requests()[0].starts_with("GET /model.bin "));
}

async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
