use std::time::Instant;

use super::{CandleWhisper, POSITIONS, clean};
use crate::measure::Measured;
use crate::{SpeechError, Stop, WINDOW};

impl CandleWhisper {
    /// Times encoder and decoder apart, without sampling: what the weights are does not matter.
    ///
    /// # Errors
    /// candle failed.
    pub fn measure(&mut self) -> Result<Measured, SpeechError> {
        let mut best = self.run_once()?;
        for _ in 1..Measured::RUNS {
            best = best.best(self.run_once()?);
        }
        Ok(best)
    }

    fn run_once(&mut self) -> Result<Measured, SpeechError> {
        let stop = Stop::default();
        let start = self.vocabulary.special().start;
        let (model, text) = (&self.model, &mut self.text);
        self.pool.install(|| {
            let mel = model.front_end.spectrogram(&clean(&vec![0.0; WINDOW])?)?;
            let started = Instant::now();
            let encoded = model.encoder.encode(&mel, POSITIONS, &stop)?;
            let sound = model.decoder.sound(&encoded, &stop)?;
            let encoder = started.elapsed();
            text.clear();
            let started = Instant::now();
            for _ in 0..Measured::TOKENS {
                model.decoder.write(&sound, text, &[start], None, &stop)?;
            }
            Ok(Measured { encoder, decoder: started.elapsed() })
        })
    }
}
