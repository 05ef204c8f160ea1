use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Result, StoreError};

/// Never edit one that was released: add the next.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_base.sql"),
    include_str!("../migrations/0002_consent_and_indexes.sql"),
    include_str!("../migrations/0003_audio.sql"),
    include_str!("../migrations/0004_words.sql"),
];

/// Newest `user_version` this code knows.
#[must_use]
pub fn schema_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Reads the file's version without writing to it.
pub(crate) fn check(db: &Connection) -> Result<i64> {
    let found: i64 = db.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found < 0 {
        return Err(StoreError::Corrupt);
    }
    if found > schema_version() {
        return Err(StoreError::FromTheFuture { found, known: schema_version() });
    }
    Ok(found)
}

/// Brings the schema to [`schema_version`], one immediate transaction a step.
pub(crate) fn upgrade(db: &mut Connection) -> Result<()> {
    upgrade_to(db, schema_version())
}

fn upgrade_to(db: &mut Connection, target: i64) -> Result<()> {
    let found = check(db)?;
    for (version, sql) in (1..).zip(MIGRATIONS).skip_while(|(v, _)| *v <= found) {
        if version > target {
            break;
        }
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", version)?;
        tx.commit()?;
        tracing::info!(version, "database upgraded");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(db: &Connection) -> Vec<String> {
        let sql = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || COALESCE(sql, '')
                   FROM sqlite_master ORDER BY type, name";
        let mut stmt = db.prepare(sql).unwrap();
        let rows = stmt.query_map([], |r| r.get::<_, String>(0)).unwrap();
        rows.map(|r| r.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn every_older_version_upgrades_to_the_fresh_schema() {
        let mut fresh = Connection::open_in_memory().unwrap();
        upgrade(&mut fresh).unwrap();
        for older in 0..schema_version() {
            let mut db = Connection::open_in_memory().unwrap();
            upgrade_to(&mut db, older).unwrap();
            assert_eq!(check(&db).unwrap(), older);
            upgrade(&mut db).unwrap();
            assert_eq!(schema(&db), schema(&fresh), "from version {older}");
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_version_whole() {
        let mut db = Connection::open_in_memory().unwrap();
        upgrade_to(&mut db, 1).unwrap();
        db.execute_batch("CREATE TABLE t (x); CREATE INDEX audit_by_lead ON t (x)").unwrap();
        let before = schema(&db);
        assert!(upgrade(&mut db).is_err());
        assert_eq!((check(&db).unwrap(), schema(&db)), (1, before));
    }

    #[test]
    fn every_foreign_key_has_an_index() {
        let mut db = Connection::open_in_memory().unwrap();
        upgrade(&mut db).unwrap();
        let keys =
            "SELECT m.name, k.\"from\" FROM sqlite_master m, pragma_foreign_key_list(m.name) k
                    WHERE m.type = 'table'";
        let mut stmt = db.prepare(keys).unwrap();
        let keys = stmt.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        let keys: Vec<(String, String)> = keys.map(|k| k.unwrap()).collect();
        assert!(keys.len() >= 5);
        for (table, column) in keys {
            let indexed: bool = db
                .query_row(
                    "SELECT EXISTS (SELECT 1 FROM pragma_index_list(?1) l, pragma_index_info(l.name) i
                     WHERE i.seqno = 0 AND i.name = ?2 AND l.partial = 0)",
                    [&table, &column],
                    |r| r.get(0),
                )
                .unwrap();
            assert!(indexed, "{table}.{column}");
        }
    }
}
