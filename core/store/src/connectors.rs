use confee_domain::{ConnectorId, ConnectorState};
use rusqlite::OptionalExtension;

use crate::error::Result;
use crate::open::Store;
use crate::rows::{from_json, to_json};

impl Store {
    /// What is remembered of a connection; a fresh state where nothing is.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn connector_state(&self, id: &ConnectorId) -> Result<ConnectorState> {
        let json: Option<String> = self.read(|db| {
            let sql = "SELECT state FROM connectors WHERE id = ?1";
            Ok(db.query_row(sql, [&id.0], |r| r.get(0)).optional()?)
        })?;
        json.map_or_else(
            || Ok(ConnectorState::fresh(id.clone())),
            |json| from_json(&json, "connector state", &id.0),
        )
    }

    /// Remembers the state of a connection.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn save_connector_state(&self, state: &ConnectorState) -> Result<()> {
        let json = to_json(state, "connector state", &state.id.0)?;
        self.write(|tx| {
            tx.execute(
                "INSERT INTO connectors (id, state) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET state = excluded.state",
                [&state.id.0, &json],
            )?;
            Ok(())
        })
    }

    /// Connections with a remembered state or with ops, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn known_connectors(&self) -> Result<Vec<ConnectorId>> {
        self.read(|db| {
            let sql = "SELECT id FROM connectors UNION SELECT connector FROM ops ORDER BY 1";
            let mut stmt = db.prepare_cached(sql)?;
            let ids = stmt.query_map([], |r| r.get(0).map(ConnectorId))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        })
    }
}
