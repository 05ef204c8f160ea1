//! The part of the engine's calls that concern the badge.

use std::sync::Arc;

use confee_badge::{KnownBadge, Link};
use confee_domain::{CaptureStatus, MarkKind, Recording, RecordingState, RecordingSummary};

use crate::capture::{Capture, RecordingAudio};
use crate::engine::Companion;
use crate::error::{CompanionError, Result};

impl Companion {
    /// Starts capture over a radio; a capture that runs is ended first. Blocks on disk.
    ///
    /// # Errors
    /// The audio log cannot be opened.
    pub fn attach_radio(&self, link: Arc<dyn Link>) -> Result<()> {
        self.with_capture(|slot, parts, setup| {
            // Its threads end, and its files are closed, before new ones begin.
            drop(slot.take());
            let folder = setup.data_dir.join("audio/spool");
            let desk = &parts.desk;
            *slot = Some(Capture::start(desk, &folder, link, &setup.capture, setup.seed)?);
            Ok(())
        })
    }

    /// Ends capture. Everything that came is on the disk when this returns. Blocks.
    ///
    /// # Errors
    /// The engine was shut down.
    pub fn detach_radio(&self) -> Result<()> {
        self.with_capture(|slot, _, _| {
            drop(slot.take());
            Ok(())
        })
    }

    /// Looks for badges until one is connected: each comes as an event.
    ///
    /// # Errors
    /// There is no radio.
    pub fn scan_badges(&self) -> Result<()> {
        self.capturing(Capture::scan)
    }

    /// Holds a connection to a badge from now on; audio is taken as soon as there is one.
    ///
    /// # Errors
    /// There is no radio.
    pub fn connect_badge(&self, badge: KnownBadge) -> Result<()> {
        self.capturing(|c| c.connect(badge))
    }

    /// Lets the badge go, or ends a scan. Audio on the badge stays there.
    ///
    /// # Errors
    /// There is no radio.
    pub fn disconnect_badge(&self) -> Result<()> {
        self.capturing(Capture::disconnect)
    }

    /// Asks the badge to mute or unmute; what holds is what the status says then.
    ///
    /// # Errors
    /// There is no radio.
    pub fn mute_badge(&self, on: bool) -> Result<()> {
        self.capturing(|c| c.mute(on))
    }

    /// Lets stored audio be fetched, or pauses it: low battery, heat.
    ///
    /// # Errors
    /// There is no radio.
    pub fn allow_drain(&self, on: bool) -> Result<()> {
        self.capturing(|c| c.allow_drain(on))
    }

    /// Whether the app is on the screen: a lost badge is looked for more often then.
    ///
    /// # Errors
    /// There is no radio.
    pub fn set_foreground(&self, on: bool) -> Result<()> {
        self.capturing(|c| c.foreground(on))
    }

    /// Like a press of the badge's button, at the newest audio: a lead, a start, an end.
    ///
    /// # Errors
    /// There is no radio.
    pub fn mark_conversation(&self, kind: MarkKind) -> Result<()> {
        self.capturing(|c| c.mark(kind))
    }

    /// The four facts: link, last frame, what is on the badge, what is on the phone.
    ///
    /// # Errors
    /// There is no radio.
    pub fn capture_status(&self) -> Result<CaptureStatus> {
        self.capturing(|c| Ok(c.status()))
    }

    /// Conversations that were cut from a badge's audio, oldest first.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn recordings(&self, state: RecordingState) -> Result<Vec<RecordingSummary>> {
        self.on_desk(move |desk| {
            Ok(desk.store.recordings(state)?.iter().map(RecordingSummary::from).collect())
        })
        .await
    }

    /// A recording and its sound.
    ///
    /// # Errors
    /// There is no such recording, or its audio was erased.
    pub async fn recording(&self, id: &str) -> Result<(Recording, RecordingAudio)> {
        let id = id.to_owned();
        self.on_desk(move |desk| {
            let missing = || CompanionError::NotFound(format!("there is no recording {id}"));
            let recording = desk.store.recording(&id)?.ok_or_else(missing)?;
            let audio = RecordingAudio::read(&recording, desk.talks.open(&id)?)?;
            Ok((recording, audio))
        })
        .await
    }

    /// Of an erased recording, overwrites what the audio log still holds. Without a capture, the
    /// next one does so before anything else.
    pub(crate) async fn erase_from_log(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        let recording = self.on_desk(move |desk| Ok(desk.store.recording(&id)?)).await?;
        let Some(erased) = recording.filter(|r| r.state == RecordingState::Erased) else {
            return Ok(());
        };
        self.with_capture(|slot, _, _| match slot {
            Some(capture) => capture.erase(erased.stream, erased.first_seq..erased.end_seq),
            None => Ok(()),
        })
    }

    /// Has the recordings read that wait, where there is a capture.
    pub(crate) fn read_waiting(&self) -> Result<()> {
        self.with_capture(|slot, _, _| {
            if let Some(capture) = slot {
                capture.read_waiting();
            }
            Ok(())
        })
    }

    fn capturing<T>(&self, call: impl FnOnce(&Capture) -> Result<T>) -> Result<T> {
        self.with_capture(|slot, _, _| match slot {
            Some(capture) => call(capture),
            None => Err(CompanionError::NotAllowed(
                "there is no radio; attach one before asking for a badge".into(),
            )),
        })
    }
}
