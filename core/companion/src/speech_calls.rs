//! The part of the engine's calls that concern speech and its models.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use confee_domain::{
    AudioFacts, EngineEvent, LeadCard, ModelAdvice, ModelCard, ModelProgress, Transcript,
};
use confee_models::download::NetworkState;
use confee_models::ggml::TensorKind;
use confee_sync::Network;

use crate::engine::Companion;
use crate::error::{CompanionError, Result};
use crate::speech::{PullOptions, SpeechConfig, transcribe_file};

impl Companion {
    /// Changes how speech is turned into text, from the next recording on. Recordings that waited
    /// for a model or a recogniser are read now.
    ///
    /// # Errors
    /// The engine was shut down.
    pub fn configure_speech(&self, change: impl FnOnce(&mut SpeechConfig)) -> Result<()> {
        self.parts()?.speech.configure(change);
        self.read_waiting()
    }

    /// Lets the loaded model go; the next recording loads it again. For memory warnings.
    ///
    /// # Errors
    /// The engine was shut down.
    pub fn release_speech(&self) -> Result<()> {
        self.parts()?.speech.release();
        Ok(())
    }

    /// The models there are and those that are installed.
    ///
    /// # Errors
    /// The list or the folder cannot be read.
    pub async fn models(&self) -> Result<Vec<ModelCard>> {
        let speech = self.parts()?.speech;
        self.block(move || speech.shelf().cards(speech.active_model().as_deref())).await
    }

    /// Fetches a model, checks and installs it; progress comes as events. Recordings that waited
    /// for it are read. Pulling again goes on where a broken download ended.
    ///
    /// # Errors
    /// No source gives it, it is not what it should be, there is no room, or it was cancelled.
    pub async fn pull_model(&self, id: &str, mut options: PullOptions) -> Result<()> {
        let parts = self.parts()?;
        let syncer = parts.syncer.clone();
        options.network.get_or_insert_with(|| Arc::new(move || network(syncer.network())));
        let bus = parts.desk.bus.clone();
        let progress = move |progress: ModelProgress| bus.send(EngineEvent::Model { progress });
        let id = id.to_owned();
        let shelf = parts.speech.shelf().clone();
        self.task(async move { shelf.pull(&id, options, progress).await }).await?;
        self.read_waiting()
    }

    /// Ends a download; what came of it is kept for the next one.
    ///
    /// # Errors
    /// The engine was shut down.
    pub fn cancel_pull(&self, id: &str) -> Result<()> {
        self.parts()?.speech.shelf().cancel(id);
        Ok(())
    }

    /// Installs a model's file or folder from this device: ggml, CTranslate2, Hugging Face.
    ///
    /// # Errors
    /// It is not sound, or there is no room.
    pub async fn import_model(&self, source: PathBuf, id: &str) -> Result<()> {
        let (speech, id) = (self.parts()?.speech, id.to_owned());
        self.block(move || speech.shelf().import(&source, &id, TensorKind::Q8_0)).await?;
        self.read_waiting()
    }

    /// Checks an installed model byte by byte.
    ///
    /// # Errors
    /// It is not installed, or not what was installed.
    pub async fn verify_model(&self, id: &str) -> Result<()> {
        let (speech, id) = (self.parts()?.speech, id.to_owned());
        self.block(move || speech.shelf().verify(&id)).await
    }

    /// Deletes an installed model. One that is in use stays in memory until it is let go.
    ///
    /// # Errors
    /// It is not installed.
    pub async fn remove_model(&self, id: &str) -> Result<()> {
        let (speech, id) = (self.parts()?.speech, id.to_owned());
        self.block(move || speech.shelf().remove(&id)).await
    }

    /// Measures this device for a second or two and says which models suit it, the best first.
    ///
    /// # Errors
    /// The measurement failed.
    pub async fn recommend_models(&self, languages: Vec<String>) -> Result<Vec<ModelAdvice>> {
        let speech = self.parts()?.speech;
        self.block(move || speech.recommend(&languages)).await
    }

    /// Reads a sound file (WAV, Ogg/Opus) as a talk of its own and drafts its lead.
    ///
    /// # Errors
    /// Not such a file, no model, nobody speaks, or another talk has the id.
    pub async fn add_sound_file(
        &self,
        id: &str,
        path: PathBuf,
        captured_at: DateTime<FixedOffset>,
    ) -> Result<LeadCard> {
        let (parts, id) = (self.parts()?, id.to_owned());
        self.block(move || {
            let missing =
                || CompanionError::Speech("no speech model is installed; fetch one".into());
            let engine = parts.speech.engine()?.ok_or_else(missing)?;
            let talk = transcribe_file(&path, engine, parts.speech.transcriber())?;
            let audio =
                AudioFacts { loss: talk.loss, quality: Some(talk.quality), microphones: None };
            let talk = Transcript::new(id, captured_at, parts.speech.rep(), talk.segments)?;
            parts.desk.add(&talk.with_audio(audio))
        })
        .await
    }
}

fn network(network: Network) -> NetworkState {
    match network {
        Network { online: false, .. } => NetworkState::Offline,
        Network { metered: false, low_data: false, .. } => NetworkState::Unmetered,
        _ => NetworkState::Metered,
    }
}
