use confee_domain::Codec;

use super::FileError;
use crate::decode::Resampler;

/// From interleaved samples of a file to one or two channels of 16 kHz.
pub(super) struct Mix {
    channels: usize,
    planes: Vec<Vec<f32>>,
    rates: Vec<Resampler>,
    out: Vec<Vec<f32>>,
    /// Samples of a channel that were given.
    pub(super) given: u64,
}

impl Mix {
    pub(super) fn new(rate_hz: u32, channels: u16) -> Result<Self, FileError> {
        if channels == 0 {
            return Err(FileError::Form("no channels"));
        }
        let planes = if channels == 2 { 2 } else { 1 };
        let rates = (0..planes).map(|_| Resampler::new(rate_hz, Codec::RATE_HZ));
        Ok(Self {
            channels: channels.into(),
            planes: vec![Vec::new(); planes],
            rates: rates.collect::<Result<_, _>>()?,
            out: vec![Vec::new(); planes],
            given: 0,
        })
    }

    /// Channels of the file, at least 1.
    pub(super) fn channels(&self) -> usize {
        self.channels
    }

    /// Whole frames of interleaved samples; a part of one at the end is dropped.
    pub(super) fn push(&mut self, interleaved: &[f32], sink: &mut dyn FnMut(&[Vec<f32>])) {
        self.planes.iter_mut().for_each(Vec::clear);
        for frame in interleaved.chunks_exact(self.channels) {
            match (&mut self.planes[..], frame) {
                ([left, right], [l, r]) => {
                    left.push(*l);
                    right.push(*r);
                }
                ([only], _) => only.push(frame.iter().sum::<f32>() / self.channels as f32),
                _ => {}
            }
        }
        for ((rate, plane), out) in self.rates.iter_mut().zip(&self.planes).zip(&mut self.out) {
            rate.process(plane, out);
        }
        self.give(sink);
    }

    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(&[Vec<f32>])) {
        for (rate, out) in self.rates.iter_mut().zip(&mut self.out) {
            rate.finish(out);
        }
        self.give(sink);
    }

    fn give(&mut self, sink: &mut dyn FnMut(&[Vec<f32>])) {
        let length = self.out.first().map_or(0, Vec::len);
        if length > 0 {
            sink(&self.out);
            self.given += length as u64;
            self.out.iter_mut().for_each(Vec::clear);
        }
    }
}
