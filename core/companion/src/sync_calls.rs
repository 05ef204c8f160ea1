//! The part of the engine's calls that concern connections and sync.

use std::sync::Arc;

use confee_domain::{NetworkState, SyncProblem, SyncStatus};
use confee_store::OpProblem;
use confee_sync::{Connector, HubSpot, Network, SyncPolicy, Webhook};

use crate::config::{Connection, ConnectionKind};
use crate::engine::{Companion, Parts};
use crate::error::{CompanionError, Result};
use crate::syncer::SyncRun;

impl Companion {
    /// Connects a CRM or webhook, or replaces the connection of the same id. Leads that were
    /// approved before and were not sent by this connection go out too. Blocks on disk.
    ///
    /// # Errors
    /// The connection's settings cannot be used, or the storage fails.
    pub fn connect(&self, connection: Connection) -> Result<()> {
        let fresh = connector(connection)?;
        let Parts { desk, syncer, .. } = self.parts()?;
        let mut all = syncer.connectors();
        all.retain(|c| c.id() != fresh.id());
        all.push(Arc::clone(&fresh));
        syncer.set_connectors(all);
        syncer.credentials_changed(&fresh.id().0)?;
        let queued = desk.backfill(&[fresh])?;
        tracing::info!(queued, "connected");
        syncer.wake();
        Ok(())
    }

    /// Ends a connection; what waits for it stays in the outbox.
    ///
    /// # Errors
    /// There is no such connection.
    pub fn disconnect(&self, id: &str) -> Result<()> {
        let syncer = self.parts()?.syncer;
        let mut all = syncer.connectors();
        let before = all.len();
        all.retain(|c| c.id().0 != id);
        if all.len() == before {
            return Err(CompanionError::NotFound(format!("there is no connection named {id}")));
        }
        syncer.set_connectors(all);
        Ok(())
    }

    /// The rep signed in again, or mended a connection's settings.
    ///
    /// # Errors
    /// The storage fails.
    pub fn credentials_changed(&self, id: &str) -> Result<()> {
        self.parts()?.syncer.credentials_changed(id)
    }

    /// Tells the engine about the network; offline until the first call.
    pub fn set_network(&self, state: NetworkState) {
        let NetworkState { online, metered, low_data } = state;
        if let Ok(Parts { syncer, .. }) = self.parts() {
            syncer.set_network(Network { online, metered, low_data });
        }
    }

    /// Sets what networks the user allows.
    pub fn set_policy(&self, policy: SyncPolicy) {
        if let Ok(Parts { syncer, .. }) = self.parts() {
            syncer.set_policy(policy);
        }
    }

    /// How the outbox stands; zeros after a shutdown. Blocks on disk.
    pub fn sync_status(&self) -> SyncStatus {
        self.parts().map(|p| p.syncer.status()).unwrap_or_default()
    }

    /// Sends what is due now. After a shutdown the run is over at once, as cancelled.
    pub fn sync_now(&self) -> SyncRun {
        SyncRun::ask(self.parts().ok().map(|p| p.syncer).as_ref())
    }

    /// What waits for a person.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn sync_problems(&self) -> Result<Vec<SyncProblem>> {
        let rows = self.on_desk(|desk| Ok(desk.store.problems()?)).await?;
        Ok(rows.into_iter().filter_map(problem).collect())
    }

    /// Tries something that waited for a person again.
    ///
    /// # Errors
    /// No such step, or the storage fails.
    pub async fn retry(&self, op_id: &str) -> Result<()> {
        let (syncer, op_id) = (self.parts()?.syncer, op_id.to_owned());
        self.on_desk(move |_| syncer.retry(&op_id)).await
    }
}

fn connector(connection: Connection) -> Result<Arc<dyn Connector>> {
    let refused = |e: &dyn std::error::Error| CompanionError::Connection(e.to_string());
    Ok(match connection.kind {
        ConnectionKind::HubSpot(config) => {
            Arc::new(HubSpot::new(config, connection.tokens).map_err(|e| refused(&e))?)
        }
        ConnectionKind::Webhook(config) => {
            Arc::new(Webhook::new(config, connection.tokens).map_err(|e| refused(&e))?)
        }
    })
}

/// Steps that only wait for another one have no problem of their own.
fn problem(row: OpProblem) -> Option<SyncProblem> {
    Some(SyncProblem {
        op_id: row.op.0,
        lead_id: row.lead_id,
        headline: row.name.or(row.company).unwrap_or_else(|| "Unknown visitor".to_owned()),
        connector: row.connector.0,
        kind: row.kind,
        problem: row.problem?,
    })
}
