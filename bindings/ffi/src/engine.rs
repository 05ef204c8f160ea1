use std::sync::Arc;

use confee_companion::{Companion, Config, StaticTokens, Subscription, SyncPolicy, SyncRun};
use confee_domain::{
    ConsentEvent, ConsentMethod, EngineEvent, FieldKey, FieldValue, LeadCard, LeadQuery,
    LeadSummary, NetworkState, ReviewAction, SyncProblem, SyncStatus, Transcript,
};

use crate::connections::{HubSpotAccount, TokenSource, WebhookTarget, host};
use crate::conversation::Conversation;
use crate::error::ConfeeError;

/// How an engine is opened.
#[derive(Debug, Clone, uniffi::Record)]
pub struct EngineConfig {
    /// Folder for the database, in the app's private storage; made where it is missing.
    pub data_dir: String,
    /// ISO 4217 code for amounts said without a currency: the event's or the device's.
    #[uniffi(default = None)]
    pub default_currency: Option<String>,
    /// Sync over mobile data too. Off: Wi-Fi only.
    #[uniffi(default = false)]
    pub allow_metered: bool,
}

/// Is told what changes. Calls come one at a time on a thread of the engine's; post to the main
/// thread by yourself. Must not block for long; may call the engine.
#[uniffi::export(foreign)]
pub trait EventObserver: Send + Sync {
    /// Something is new.
    fn on_event(&self, event: EngineEvent);
}

/// Conversations in, reviewed leads out to the CRM. One per data folder; keep it for the life of
/// the app and call `shutdown` before letting go of it.
#[derive(uniffi::Object)]
pub struct ConfeeEngine(pub(crate) Companion);

#[uniffi::export]
impl ConfeeEngine {
    /// Opens the data folder. Blocks on disk: call it off the main thread.
    #[uniffi::constructor]
    pub fn open(config: EngineConfig) -> Result<Arc<Self>, ConfeeError> {
        let policy = SyncPolicy { allow_metered: config.allow_metered };
        let default_currency = config.default_currency;
        let config = Config { default_currency, policy, ..Config::new(config.data_dir) };
        Ok(Arc::new(Self(Companion::open(config)?)))
    }

    /// Stores a talk and drafts its lead. Adding the same talk again changes nothing.
    pub async fn add_conversation(
        &self,
        conversation: Conversation,
    ) -> Result<LeadCard, ConfeeError> {
        Ok(self.0.add_conversation(Transcript::try_from(conversation)?).await?)
    }

    /// Like `add_conversation`, from JSON: `{"id", "captured_at", "rep", "segments"}`.
    pub async fn add_conversation_json(&self, json: String) -> Result<LeadCard, ConfeeError> {
        let talk = serde_json::from_str::<Transcript>(&json).map_err(|e| {
            ConfeeError::InvalidInput(format!("the conversation cannot be read: {e}"))
        })?;
        Ok(self.0.add_conversation(talk).await?)
    }

    /// Leads, newest first.
    pub async fn leads(&self, query: LeadQuery) -> Result<Vec<LeadSummary>, ConfeeError> {
        Ok(self.0.leads(query).await?)
    }

    /// One lead as a card.
    pub async fn lead(&self, id: String) -> Result<LeadCard, ConfeeError> {
        Ok(self.0.lead(&id).await?)
    }

    /// One lead as JSON, in the shape that webhooks carry.
    pub async fn lead_json(&self, id: String) -> Result<String, ConfeeError> {
        Ok(self.0.lead_json(&id).await?)
    }

    /// Applies a review action; the card as it stands then. When an approval returns, the lead is
    /// safely in the outbox.
    pub async fn review(&self, id: String, action: ReviewAction) -> Result<LeadCard, ConfeeError> {
        Ok(self.0.review(&id, action).await?)
    }

    /// The value that typed text means for a field: "50-60k", "by the end of May". Hand it to
    /// `review` in an edit.
    pub async fn parse_value(
        &self,
        id: String,
        key: FieldKey,
        text: String,
    ) -> Result<FieldValue, ConfeeError> {
        Ok(self.0.parse_value(&id, key, &text).await?)
    }

    /// Records what happened to the visitor's consent. A refusal or withdrawal erases the content.
    pub async fn consent(
        &self,
        id: String,
        event: ConsentEvent,
        method: ConsentMethod,
    ) -> Result<(), ConfeeError> {
        Ok(self.0.consent(&id, event, method).await?)
    }

    /// Erases everything said and read in a lead.
    pub async fn erase(&self, id: String) -> Result<(), ConfeeError> {
        Ok(self.0.erase(&id).await?)
    }

    /// Calls the observer with the open leads and the sync status, then with every change, until
    /// the subscription is cancelled.
    pub fn observe(&self, observer: Arc<dyn EventObserver>) -> Arc<EventSubscription> {
        Arc::new(EventSubscription(self.0.observe(move |event| observer.on_event(event))))
    }

    /// Connects a HubSpot account. Leads approved before go out too. Blocks on disk.
    pub fn connect_hubspot(
        &self,
        account: HubSpotAccount,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<(), ConfeeError> {
        Ok(self.0.connect(account.connection(host(tokens)))?)
    }

    /// Connects a HubSpot account with the token of a private app. Blocks on disk.
    pub fn connect_hubspot_with_token(
        &self,
        account: HubSpotAccount,
        token: String,
    ) -> Result<(), ConfeeError> {
        let tokens = StaticTokens::one(&account.connection_id, token);
        Ok(self.0.connect(account.connection(Arc::new(tokens)))?)
    }

    /// Connects a webhook. `tokens` hands out its signing secret. Blocks on disk.
    pub fn connect_webhook(
        &self,
        target: WebhookTarget,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<(), ConfeeError> {
        Ok(self.0.connect(target.connection(host(tokens)))?)
    }

    /// Ends a connection; what waits for it stays in the outbox. Blocks on disk.
    pub fn disconnect(&self, connection_id: String) -> Result<(), ConfeeError> {
        Ok(self.0.disconnect(&connection_id)?)
    }

    /// The rep signed in again, or mended a connection's settings. Blocks on disk.
    pub fn credentials_changed(&self, connection_id: String) -> Result<(), ConfeeError> {
        Ok(self.0.credentials_changed(&connection_id)?)
    }

    /// Tells the engine about the network; offline until the first call.
    pub fn set_network(&self, state: NetworkState) {
        self.0.set_network(state);
    }

    /// Sync over mobile data too, or Wi-Fi only.
    pub fn set_allow_metered(&self, allow: bool) {
        self.0.set_policy(SyncPolicy { allow_metered: allow });
    }

    /// How the outbox stands. Blocks on disk.
    pub fn sync_status(&self) -> SyncStatus {
        self.0.sync_status()
    }

    /// Sends what is due now. The sync runs by itself anyway; this is for "sync now" buttons and
    /// background tasks.
    pub fn sync_now(&self) -> Arc<SyncTask> {
        Arc::new(SyncTask(self.0.sync_now()))
    }

    /// What waits for a person.
    pub async fn sync_problems(&self) -> Result<Vec<SyncProblem>, ConfeeError> {
        Ok(self.0.sync_problems().await?)
    }

    /// Tries something that waited for a person again.
    pub async fn retry(&self, op_id: String) -> Result<(), ConfeeError> {
        Ok(self.0.retry(&op_id).await?)
    }

    /// Ends the requests under way and closes the database. Blocks up to a few seconds. Calls made
    /// later fail with `Closed`.
    pub fn shutdown(&self) {
        self.0.shutdown();
    }
}

/// Keeps an observer subscribed; letting go of it ends the subscription.
#[derive(uniffi::Object)]
pub struct EventSubscription(Subscription);

#[uniffi::export]
impl EventSubscription {
    /// Ends the subscription.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether no more calls will come.
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

/// What a sync run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Things made in the CRMs.
    pub done: u64,
    /// Things still waiting: for the network, a retry, or a person.
    pub waiting: u64,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// A sync run under way.
#[derive(uniffi::Object)]
pub struct SyncTask(SyncRun);

#[uniffi::export]
impl SyncTask {
    /// Waits until nothing more can be sent now.
    pub async fn wait(&self) -> SyncReport {
        let report = self.0.wait().await;
        SyncReport { done: report.done, waiting: report.waiting, cancelled: report.cancelled }
    }

    /// Stops after the requests under way; what is left stays in the outbox.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}
