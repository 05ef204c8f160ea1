//! A spoken talk of 114 s: its Opus packets and its text.

use std::io::Cursor;
use std::ops::Range;

use confee_companion::audio::decode::Timeline;
use confee_companion::{Reading, Recogniser, RecordingAudio, started_at};
use confee_domain::{AudioFrame, Codec, Recording, Segment, StreamId, Transcript};
use ogg::PacketReader;

const SOUND: &[u8] = include_bytes!("../../../core/cli/src/demo/story.opus");
const TEXT: &str = include_str!("../../../core/cli/src/demo/story.json");
/// Header packets before the audio.
const HEADERS: usize = 2;
/// Packets of a pause between two sentences.
const PAUSE: Range<usize> = 235..247;

/// Length of a packet in milliseconds.
pub const FRAME_MS: u64 = 20;
/// Quiet packets before the first word.
pub const LEAD_IN: u32 = 250;

/// What a badge hears: quiet, the talk from its start, quiet for ever.
#[derive(Debug, Clone)]
pub struct Story {
    talk: Vec<Vec<u8>>,
    quiet: Vec<Vec<u8>>,
}

impl Story {
    /// The first milliseconds of the talk.
    #[must_use]
    pub fn first(length_ms: u64) -> Self {
        let mut reader = PacketReader::new(Cursor::new(SOUND));
        let mut talk: Vec<Vec<u8>> =
            std::iter::from_fn(|| reader.read_packet().unwrap()).map(|p| p.data).collect();
        talk.drain(..HEADERS);
        let quiet = talk[PAUSE].to_vec();
        talk.truncate(usize::try_from(length_ms / FRAME_MS).unwrap());
        Self { talk, quiet }
    }

    /// The whole talk.
    #[must_use]
    pub fn whole() -> Self {
        Self::first(u64::MAX)
    }

    /// Length of the talk in packets.
    #[must_use]
    pub fn packets(&self) -> u32 {
        u32::try_from(self.talk.len()).unwrap()
    }

    /// First packet after the talk.
    #[must_use]
    pub fn end_seq(&self) -> u32 {
        LEAD_IN + self.packets()
    }

    /// Milliseconds from the start of the badge to the last word.
    #[must_use]
    pub fn end_ms(&self) -> u64 {
        u64::from(self.end_seq()) * FRAME_MS
    }

    /// The packet with a number.
    #[must_use]
    pub fn packet(&self, seq: u32) -> &[u8] {
        let talk = seq.checked_sub(LEAD_IN).and_then(|at| self.talk.get(at as usize));
        talk.unwrap_or_else(|| &self.quiet[seq as usize % self.quiet.len()])
    }

    /// For a simulated badge.
    pub fn source(&self) -> impl FnMut(u32, u32, Codec) -> Vec<u8> + Send + 'static {
        let story = self.clone();
        move |_, seq, _| story.packet(seq).to_vec()
    }

    /// The same, over and over, with half a minute more of quiet after each talk than ends one.
    pub fn looping(&self) -> impl FnMut(u32, u32, Codec) -> Vec<u8> + Send + 'static {
        let (story, round) = (self.clone(), self.end_seq() + 75 * 50);
        move |_, seq, _| story.packet(seq % round).to_vec()
    }

    /// Packets decoded without a radio; the first channel.
    #[must_use]
    pub fn decoded(&self, seqs: Range<u32>) -> Vec<f32> {
        let mut timeline = Timeline::new(Codec::OPUS_MONO).unwrap();
        let mut pcm = Vec::new();
        for seq in seqs {
            let captured_ms = seq * FRAME_MS as u32;
            let (stream, codec, payload) = (StreamId(1), Codec::OPUS_MONO, self.packet(seq));
            let frame = AudioFrame { stream, seq, captured_ms, codec, payload };
            timeline.push(&frame, &mut |c| pcm.extend_from_slice(&c.channels[0])).unwrap();
        }
        timeline.finish(&mut |c| pcm.extend_from_slice(&c.channels[0]));
        pcm
    }
}

/// All sound of a recording; the first channel.
#[must_use]
pub fn heard(audio: &RecordingAudio) -> Vec<f32> {
    let mut pcm = Vec::new();
    audio.decode(&mut |c| pcm.extend_from_slice(&c.channels[0])).unwrap();
    pcm
}

/// The text of the talk; times from its first packet.
#[must_use]
pub fn text() -> Transcript {
    serde_json::from_str(TEXT).unwrap()
}

/// Writes down what of the talk is in a recording, as a recogniser without mistakes would.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scribe;

impl Recogniser for Scribe {
    fn transcribe(
        &self,
        recording: &Recording,
        _audio: &RecordingAudio,
    ) -> Result<Reading, String> {
        let talk = text();
        let at = started_at(recording, *talk.captured_at().offset()).ok_or("no time")?;
        let place = |ms: u64| {
            let on_badge = ms + u64::from(LEAD_IN) * FRAME_MS;
            on_badge.checked_sub(u64::from(recording.first_seq) * FRAME_MS)
        };
        let segments = talk.segments().iter().filter_map(|s| {
            let (start_ms, end_ms) = (place(s.start_ms)?, place(s.end_ms)?);
            let inside = end_ms <= recording.duration_ms;
            inside.then(|| Segment { start_ms, end_ms, ..s.clone() })
        });
        let (id, segments) = (recording.id.clone(), segments.collect());
        let talk = Transcript::new(id, at, talk.rep().clone(), segments);
        Ok(talk.map_or(Reading::Silent, |talk| Reading::Talk(Box::new(talk))))
    }
}
