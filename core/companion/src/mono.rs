//! One signal of one or two microphones.

use confee_audio::array::{ArrayGeometry, Axis, BeamFrame, BeamPolicy, Beamformer};
use confee_domain::Microphones;

/// One signal of one or two microphones.
pub(crate) struct Mono {
    beam: Option<Box<Beamformer>>,
    out: Vec<f32>,
}

impl Mono {
    /// For 1 or 2 channels and the badge's microphones, where they are known.
    pub(crate) fn new(channels: u8, pair: Option<Microphones>) -> Self {
        let beam = (channels == 2)
            .then(|| Box::new(Beamformer::new(geometry(pair), BeamPolicy::default())));
        Self { beam, out: Vec::new() }
    }

    /// The signal of a chunk: of two microphones, what came out of the beam by now.
    pub(crate) fn mix<'a>(
        &'a mut self,
        channels: &'a [Vec<f32>],
        speech: bool,
        mut found: impl FnMut(BeamFrame),
    ) -> &'a [f32] {
        match (&mut self.beam, channels) {
            (Some(beam), [first, second, ..]) => {
                self.out.clear();
                beam.process([first, second], speech, &mut self.out).for_each(&mut found);
                &self.out
            }
            (_, [only, ..]) => only,
            (_, []) => &[],
        }
    }
}

/// Without a word of the badge: 4 cm, one above the other.
fn geometry(pair: Option<Microphones>) -> ArrayGeometry {
    pair.map_or_else(ArrayGeometry::default, |pair| ArrayGeometry {
        spacing_m: f32::from(pair.distance_mm) / 1000.0,
        axis: if pair.side_by_side { Axis::Horizontal } else { Axis::Vertical },
    })
}
