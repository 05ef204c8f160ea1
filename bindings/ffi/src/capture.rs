//! The part of the engine that concerns the badge.

use std::sync::Arc;

use confee_companion::badge::KnownBadge;
use confee_domain::{CaptureStatus, MarkKind, RecordingState, RecordingSummary};

use crate::engine::ConfeeEngine;
use crate::error::ConfeeError;
use crate::radio::{BadgeRadio, HostRadio};

#[uniffi::export]
impl ConfeeEngine {
    /// Starts capture over a radio of the host's; a capture that runs is ended first. Blocks on
    /// disk.
    pub fn attach_radio(&self, radio: Arc<dyn BadgeRadio>) -> Result<(), ConfeeError> {
        Ok(self.0.attach_radio(Arc::new(HostRadio(radio)))?)
    }

    /// Ends capture. Everything that came is on the disk when this returns. Blocks.
    pub fn detach_radio(&self) -> Result<(), ConfeeError> {
        Ok(self.0.detach_radio()?)
    }

    /// Looks for badges until one is connected; each comes as a `BadgeFound` event.
    pub fn scan_badges(&self) -> Result<(), ConfeeError> {
        Ok(self.0.scan_badges()?)
    }

    /// Holds a connection to a badge from now on. `badge_id` is that of an earlier
    /// `BadgeConnected` event: another badge under the same name is then refused.
    #[uniffi::method(default(badge_id = None))]
    pub fn connect_badge(
        &self,
        peripheral: String,
        badge_id: Option<u64>,
    ) -> Result<(), ConfeeError> {
        Ok(self.0.connect_badge(KnownBadge { peripheral, badge_id })?)
    }

    /// Lets the badge go, or ends a scan. Audio on the badge stays there.
    pub fn disconnect_badge(&self) -> Result<(), ConfeeError> {
        Ok(self.0.disconnect_badge()?)
    }

    /// Asks the badge to mute or unmute; what holds is what the status says then.
    pub fn mute_badge(&self, on: bool) -> Result<(), ConfeeError> {
        Ok(self.0.mute_badge(on)?)
    }

    /// Lets stored audio be fetched, or pauses it: low battery, heat.
    pub fn allow_drain(&self, on: bool) -> Result<(), ConfeeError> {
        Ok(self.0.allow_drain(on)?)
    }

    /// Whether the app is on the screen: a lost badge is looked for more often then.
    pub fn set_foreground(&self, on: bool) -> Result<(), ConfeeError> {
        Ok(self.0.set_foreground(on)?)
    }

    /// Like a press of the badge's button, at the newest audio: a lead, a start, an end.
    pub fn mark_conversation(&self, kind: MarkKind) -> Result<(), ConfeeError> {
        Ok(self.0.mark_conversation(kind)?)
    }

    /// The four facts: link, last frame, what is on the badge, what is on the phone.
    pub fn capture_status(&self) -> Result<CaptureStatus, ConfeeError> {
        Ok(self.0.capture_status()?)
    }

    /// Conversations that were cut from a badge's audio, oldest first.
    pub async fn recordings(
        &self,
        state: RecordingState,
    ) -> Result<Vec<RecordingSummary>, ConfeeError> {
        Ok(self.0.recordings(state).await?)
    }
}
