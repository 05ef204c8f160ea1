//! A phone that does what a test says, one step at a time.

use std::sync::{Arc, Mutex};

use confee_badge::confee::{
    AUDIO, CONTROL, EVENT, Message, Request, STORAGE, Status, StoragePacket,
};
use confee_badge::simulated::{
    AirPlan, ConfeeBadge, ConfeeConfig, LabelledFrames, Peripheral, Radio, Shared, shared,
};
use confee_badge::{Link, LinkCommand, LinkEvent, LinkFault, LinkSink};
use uuid::Uuid;

pub const BADGE: &str = "badge";

#[derive(Default)]
pub struct Inbox(Mutex<Vec<LinkEvent>>);

impl LinkSink for Inbox {
    fn on_event(&self, event: LinkEvent) {
        self.0.lock().unwrap().push(event);
    }
}

impl Inbox {
    pub fn take(&self) -> Vec<LinkEvent> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

pub struct Script<B = ConfeeBadge> {
    pub radio: Radio,
    pub badge: Shared<B>,
    pub inbox: Arc<Inbox>,
    /// Everything that was notified, in order.
    pub notified: Vec<(Uuid, Vec<u8>)>,
    pub epoch: u32,
    request: u32,
    id: u8,
}

impl<B: Peripheral + 'static> Script<B> {
    pub fn of(plan: AirPlan, badge: B) -> Self {
        let badge = shared(badge);
        let radio = Radio::new(plan);
        radio.add(BADGE, badge.clone());
        let inbox = Arc::new(Inbox::default());
        radio.attach(inbox.clone());
        Self { radio, badge, inbox, notified: Vec::new(), epoch: 0, request: 0, id: 0 }
    }

    /// Lets time go on and gives the events that are not notifications.
    pub fn run(&mut self, for_ms: u64) -> Vec<LinkEvent> {
        self.radio.run_until(self.radio.now_ms() + for_ms);
        let mut others = Vec::new();
        for event in self.inbox.take() {
            match event {
                LinkEvent::Notified { characteristic, value, .. } => {
                    self.notified.push((characteristic, value));
                }
                other => others.push(other),
            }
        }
        others
    }

    pub fn connect(&mut self) -> Vec<LinkEvent> {
        self.epoch += 1;
        let epoch = self.epoch;
        self.radio.submit(LinkCommand::Connect { epoch, peripheral: BADGE.to_owned() });
        let mut events = self.run(1_000);
        self.radio.submit(LinkCommand::Discover { epoch });
        events.extend(self.run(1_000));
        events
    }

    fn operate(&mut self, command: impl FnOnce(u32, u32) -> LinkCommand) -> LinkEvent {
        self.request += 1;
        self.radio.submit(command(self.epoch, self.request));
        for _ in 0..2_000 {
            if let Some(event) = self.run(1).into_iter().next() {
                return event;
            }
        }
        panic!("no answer to an operation");
    }

    pub fn subscribe(&mut self, characteristic: Uuid) -> LinkEvent {
        self.operate(|epoch, request| LinkCommand::Subscribe { epoch, request, characteristic })
    }

    pub fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, LinkFault> {
        match self.operate(|epoch, request| LinkCommand::Read { epoch, request, characteristic }) {
            LinkEvent::Read { value, .. } => Ok(value),
            LinkEvent::Failed { fault, .. } => Err(fault),
            other => panic!("{other:?}"),
        }
    }

    pub fn write_to(&mut self, characteristic: Uuid, value: Vec<u8>) -> LinkEvent {
        let confirmed = true;
        self.operate(|epoch, request| LinkCommand::Write {
            epoch,
            request,
            characteristic,
            value,
            confirmed,
        })
    }
}

impl Script {
    pub fn new(plan: AirPlan, config: ConfeeConfig) -> Self {
        Self::of(plan, ConfeeBadge::new(config, LabelledFrames { longest: 120 }))
    }

    /// Connects and subscribes everything.
    pub fn open(&mut self) {
        self.connect();
        for characteristic in [EVENT, STORAGE, AUDIO] {
            let done = self.subscribe(characteristic);
            assert!(matches!(done, LinkEvent::Subscribed { .. }), "{done:?}");
        }
    }

    /// Writes raw bytes; gives every answer that comes within 100 ms.
    pub fn write(&mut self, value: Vec<u8>) -> Vec<(u8, u8, Status, Vec<u8>)> {
        let from = self.notified.len();
        let done = self.write_to(CONTROL, value);
        assert!(matches!(done, LinkEvent::Written { .. }), "{done:?}");
        self.run(100);
        self.notified[from..].iter().filter_map(|(c, v)| answer(*c, v)).collect()
    }

    /// Asks, with an id of its own.
    pub fn ask(&mut self, request: Request) -> (Status, Vec<u8>) {
        self.id = self.id.wrapping_add(1);
        let answers = self.write(request.encode(self.id));
        let [(op, id, status, data)] = &answers[..] else { panic!("{answers:?}") };
        assert_eq!((*op, *id), (request.op(), self.id));
        (*status, data.clone())
    }

    /// Asks, and is sure that it is done.
    pub fn done(&mut self, request: Request) -> Vec<u8> {
        let (status, data) = self.ask(request);
        assert_eq!(status, Status::Done, "{request:?}");
        data
    }

    /// A whole stored read: its data, and the end's next position, CRC and length.
    pub fn read_stored(&mut self, from: u64, records: u16) -> (Vec<u8>, Option<(u64, u32, u32)>) {
        let before = self.notified.len();
        self.done(Request::RingRead { from, records });
        self.run(2_000);
        let (mut data, mut end) = (Vec::new(), None);
        for (c, value) in &self.notified[before..] {
            if *c != STORAGE {
                continue;
            }
            match StoragePacket::parse(value).unwrap() {
                StoragePacket::Data { request, offset, bytes } => {
                    assert_eq!((request, offset as usize), (self.id, data.len()));
                    data.extend_from_slice(bytes);
                }
                StoragePacket::End { next, crc, bytes, .. } => end = Some((next, crc, bytes)),
            }
        }
        (data, end)
    }
}

fn answer(characteristic: Uuid, value: &[u8]) -> Option<(u8, u8, Status, Vec<u8>)> {
    match Message::parse(value) {
        Ok(Message::Answer { op, request, status, data }) if characteristic == EVENT => {
            Some((op, request, status, data.to_vec()))
        }
        _ => None,
    }
}
