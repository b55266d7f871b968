//! The tree of topics.

use serde::{Deserialize, Serialize};

use super::meta::{SHORT_MAX, is_topic};
use crate::{
    shared::{
        lang::Text,
        refusal::Check,
        row,
        statement::{Statement, guard},
    },
    sql,
};

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Path: `pedagogy/didactics`.
    pub path: String,
    /// Name.
    #[serde(deserialize_with = "row::json")]
    pub name: Text,
    /// Place among its neighbours.
    #[serde(default)]
    pub position: i64,
}

impl Topic {
    /// Notes what is wrong.
    pub fn check(&self) -> Check {
        let mut wrong = Check::default();
        if !is_topic(&self.path) {
            wrong.wrong("path", "unknown");
        }
        for (field, text) in [("name.kk", &self.name.kk), ("name.ru", &self.name.ru)] {
            if text.trim().is_empty() {
                wrong.wrong(field, "required");
            }
            if text.chars().count() > SHORT_MAX {
                wrong.wrong_with(field, "too_long", "max", SHORT_MAX);
            }
        }
        wrong
    }
}

/// The tree, above before below.
pub fn list() -> Statement {
    sql!("SELECT path, name, position FROM item_topic ORDER BY path LIMIT 3000")
}

/// Writes a topic, new or not. The one above it has to be there.
pub fn write(topic: &Topic) -> Vec<Statement> {
    let mut out = Vec::new();
    if let Some((above, _)) = topic.path.rsplit_once('/') {
        out.push(guard(
            "state",
            "SELECT count(*) = 1 FROM item_topic WHERE path = ?1",
            vec![above.into()],
        ));
    }
    out.push(sql!(
        "INSERT INTO item_topic (path, name, position) VALUES (?1, ?2, ?3)
         ON CONFLICT (path) DO UPDATE SET name = excluded.name, position = excluded.position",
        &topic.path,
        serde_json::to_string(&topic.name).unwrap_or_default(),
        topic.position
    ));
    out
}

/// Takes a topic away that nothing needs: neither items nor topics below it.
pub fn remove(path: &str) -> [Statement; 2] {
    [
        guard(
            "state",
            "SELECT NOT EXISTS (SELECT 1 FROM item WHERE topic = ?1)
               AND NOT EXISTS (SELECT 1 FROM item_topic WHERE path > ?1 || '/' AND path < ?1 || '0')",
            vec![path.into()],
        ),
        sql!("DELETE FROM item_topic WHERE path = ?1", path),
    ]
}
