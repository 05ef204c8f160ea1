//! Starting, stopping, and staying small.

use confee_sandbox::{BlockingSandbox, ObjectType, Sandbox, SandboxConfig, SandboxError};
use serde_json::json;

use crate::common::{Hub, OBJECTS};

#[tokio::test]
async fn the_port_is_free_after_shutdown() {
    let hub = Hub::new().await;
    let url = hub.sandbox.base_url();
    let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
    hub.get("/_sandbox/state").await;
    let taken = Sandbox::start(SandboxConfig { port, ..SandboxConfig::default() }).await;
    assert!(matches!(taken, Err(SandboxError::Listen { .. })));
    hub.sandbox.shutdown().await;
    let error = hub.http.get(format!("{url}/_sandbox/state")).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}

#[test]
fn callers_without_a_runtime_get_one() {
    let sandbox = BlockingSandbox::start(SandboxConfig::default()).unwrap();
    let id = sandbox.seed(ObjectType::Contact, &[("email", "ada@example.com")]).unwrap();
    assert_eq!(sandbox.state().portal.of(ObjectType::Contact)[0].id, id);
    assert!(sandbox.seed(ObjectType::Contact, &[("email", "ada@example.com")]).is_err());
    let address = sandbox.base_url().replace("http://", "");
    std::net::TcpStream::connect(&address).unwrap();
    sandbox.shutdown();
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn a_bad_configuration_says_so() {
    let secret = SandboxConfig { webhook_secret: Some("no?".into()), ..SandboxConfig::default() };
    assert!(matches!(Sandbox::start(secret).await, Err(SandboxError::WebhookSecret)));
    let unique_properties = vec!["Not A Name".to_owned()];
    let property = SandboxConfig { unique_properties, ..SandboxConfig::default() };
    assert!(matches!(Sandbox::start(property).await, Err(SandboxError::Property(_))));
}

#[tokio::test]
async fn the_log_forgets_but_the_counters_do_not() {
    let config = SandboxConfig { request_log_max: 10, ..SandboxConfig::default() };
    let hub = Hub::with(config).await;
    for n in 0..60 {
        let body = json!({ "inputs": [{ "id": format!("{n}@x.example"), "idProperty": "email",
            "properties": {} }] });
        assert_eq!(hub.post(&format!("{OBJECTS}/contacts/batch/upsert"), body).await.status, 200);
    }
    let state = hub.sandbox.state();
    assert_eq!((state.requests.len(), state.requests[0].seq), (10, 51));
    assert_eq!((state.totals.requests, state.totals.by_status[&200]), (60, 60));
    assert_eq!(hub.contacts(), 60);
}

#[test]
fn neither_token_nor_secret_shows_in_debug_output() {
    let config = SandboxConfig {
        token: "very-secret".into(),
        webhook_secret: Some("whsec_dmVyeS1zZWNyZXQ=".into()),
        ..SandboxConfig::default()
    };
    let sandbox = BlockingSandbox::start(config).unwrap();
    let shown = format!("{sandbox:?}");
    assert!(!shown.contains("very-secret") && !shown.contains("whsec_"), "{shown}");
}
