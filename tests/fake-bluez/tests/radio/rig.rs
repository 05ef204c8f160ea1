//! Every test runs in a child process: libdbus remembers the bus of a process.

use std::env;
use std::future::Future;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use confee_badge::{BtleLink, BtleTimeouts, Link, LinkCommand, LinkEvent, LinkSink};
use confee_fake_bluez::{FakeBluez, PrivateBus};
use tokio::sync::mpsc;
use uuid::Uuid;

const BUS: &str = "DBUS_SYSTEM_BUS_ADDRESS";
const CHILD: &str = "CONFEE_FAKE_BLUEZ_CHILD";
const DONE: &str = "the test's body ran to its end";
/// Far beyond what anything takes: only a test that hangs meets it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs `body` in a child process whose system bus is a private one. `test` is the test's path.
pub(crate) fn run<F: Future<Output = ()>>(test: &str, body: impl FnOnce(String) -> F) {
    if env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(body(env::var(BUS).unwrap()));
        println!("{DONE}");
        return;
    }
    let bus = PrivateBus::start().unwrap();
    let child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .envs([(BUS, bus.address()), (CHILD, "1")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains(DONE), "{said}");
}

/// A phone's radio and what it reported.
pub(crate) struct Phone {
    pub(crate) link: Arc<BtleLink>,
    events: mpsc::UnboundedReceiver<LinkEvent>,
    /// Reported so far, besides notifications.
    pub(crate) log: Vec<LinkEvent>,
}

struct Sink(mpsc::UnboundedSender<LinkEvent>);

impl LinkSink for Sink {
    fn on_event(&self, event: LinkEvent) {
        let _ = self.0.send(event);
    }
}

impl Phone {
    pub(crate) fn new(link: Arc<BtleLink>) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        link.attach(Arc::new(Sink(sender)));
        Self { link, events, log: Vec::new() }
    }

    pub(crate) fn with(timeouts: BtleTimeouts) -> Self {
        Self::new(BtleLink::on_own_thread(timeouts).unwrap())
    }

    pub(crate) fn submit(&self, command: LinkCommand) {
        self.link.submit(command);
    }

    pub(crate) async fn next(&mut self) -> LinkEvent {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        let event =
            event.unwrap_or_else(|_| panic!("nothing comes after {:#?}", self.log)).unwrap();
        if !matches!(event, LinkEvent::Notified { .. } | LinkEvent::Found { .. }) {
            self.log.push(event.clone());
        }
        event
    }

    /// Waits for an event; what comes before it is in the log.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&LinkEvent) -> bool) -> LinkEvent {
        loop {
            let event = self.next().await;
            if wanted(&event) {
                return event;
            }
        }
    }

    pub(crate) async fn expect(&mut self, wanted: LinkEvent) {
        self.until(|event| *event == wanted).await;
    }

    /// Connects and discovers; gives what was discovered.
    pub(crate) async fn bring_up(&mut self, epoch: u32, peripheral: &str) -> (Vec<Uuid>, u16) {
        self.submit(LinkCommand::Connect { epoch, peripheral: peripheral.to_owned() });
        self.expect(LinkEvent::Connected { epoch }).await;
        self.submit(LinkCommand::Discover { epoch });
        let ours =
            |e: &LinkEvent| matches!(e, LinkEvent::Discovered { epoch: of, .. } if *of == epoch);
        match self.until(ours).await {
            LinkEvent::Discovered { characteristics, mtu, .. } => (characteristics, mtu),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn subscribe(&mut self, epoch: u32, request: u32, characteristic: Uuid) {
        self.submit(LinkCommand::Subscribe { epoch, request, characteristic });
        let ours = |e: &LinkEvent| answers(e, request);
        assert_eq!(self.until(ours).await, LinkEvent::Subscribed { epoch, request });
    }

    /// Reads; gives the answer.
    pub(crate) async fn read(&mut self, epoch: u32, request: u32, from: Uuid) -> LinkEvent {
        self.submit(LinkCommand::Read { epoch, request, characteristic: from });
        self.until(|e| answers(e, request)).await
    }

    pub(crate) fn disconnects(&self) -> usize {
        self.log.iter().filter(|e| matches!(e, LinkEvent::Disconnected { .. })).count()
    }
}

pub(crate) fn answers(event: &LinkEvent, to: u32) -> bool {
    match event {
        LinkEvent::Read { request, .. }
        | LinkEvent::Written { request, .. }
        | LinkEvent::Subscribed { request, .. }
        | LinkEvent::Failed { request, .. } => *request == to,
        _ => false,
    }
}

pub(crate) async fn daemon(bus: &str) -> FakeBluez {
    FakeBluez::serve(bus).await.unwrap()
}
