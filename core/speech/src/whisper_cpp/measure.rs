use std::time::Instant;

use whisper_rs::WhisperState;

use super::{WhisperCpp, failed};
use crate::measure::Measured;
use crate::{SpeechError, WINDOW};

impl WhisperCpp {
    /// Times encoder and decoder apart, without sampling: what the weights are does not matter.
    ///
    /// # Errors
    /// whisper.cpp failed.
    pub fn measure(&mut self) -> Result<Measured, SpeechError> {
        let threads = self.options.threads.max(1);
        let start = self.context.token_sot();
        let mut state = self.context.create_state().map_err(|e| failed(&e))?;
        state.pcm_to_mel(&vec![0.0; WINDOW], threads).map_err(|e| failed(&e))?;
        let mut best = run(&mut state, start, threads)?;
        for _ in 1..Measured::RUNS {
            best = best.best(run(&mut state, start, threads)?);
        }
        Ok(best)
    }

    /// The logits that follow tokens after sound, as a full window: for comparing engines.
    ///
    /// # Errors
    /// whisper.cpp failed.
    pub fn logits(&mut self, pcm: &[f32], tokens: &[i32]) -> Result<Vec<f32>, SpeechError> {
        let threads = self.options.threads.max(1);
        let mut state = self.context.create_state().map_err(|e| failed(&e))?;
        state.pcm_to_mel(pcm, threads).map_err(|e| failed(&e))?;
        state.encode(0, threads).map_err(|e| failed(&e))?;
        // One by one: of several, whisper-rs shows the row of the first.
        for (past, token) in tokens.iter().enumerate() {
            state.decode(&[*token], past, threads).map_err(|e| failed(&e))?;
        }
        state.get_logits().map(<[f32]>::to_vec).map_err(|e| failed(&e))
    }
}

fn run(state: &mut WhisperState, token: i32, threads: usize) -> Result<Measured, SpeechError> {
    let started = Instant::now();
    state.encode(0, threads).map_err(|e| failed(&e))?;
    let encoder = started.elapsed();
    let started = Instant::now();
    for past in 0..Measured::TOKENS {
        state.decode(&[token], past, threads).map_err(|e| failed(&e))?;
    }
    Ok(Measured { encoder, decoder: started.elapsed() })
}
