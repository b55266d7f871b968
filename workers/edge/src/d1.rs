//! The database port on D1.

use app::ports::{Db, DbError, Local, Rows};
use domain::shared::statement::Statement;
use wasm_bindgen::JsValue;

use crate::{
    faults::{Batch, Waiting},
    glue,
};

/// One D1 database of the environment.
pub struct D1 {
    env: JsValue,
    binding: &'static str,
    /// A fault that the tests asked for.
    pub fault: Waiting,
}

impl D1 {
    /// The database behind a binding of wrangler.toml.
    pub fn new(env: &JsValue, binding: &'static str) -> D1 {
        D1 { env: env.clone(), binding, fault: Waiting::default() }
    }
}

impl Db for D1 {
    fn batch(&self, statements: Vec<Statement>) -> Local<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(async move {
            // D1 refuses an empty batch; nothing to do is done.
            if statements.is_empty() {
                return Ok(Vec::new());
            }
            let fault = statements.iter().any(changes).then(|| self.fault.take()).flatten();
            if fault == Some(Batch::Refused) {
                return Err(DbError::Other("refused, as was asked for".to_owned()));
            }
            let asked: Vec<_> = statements.iter().map(|s| (&s.sql, &s.params)).collect();
            let asked = serde_json::to_string(&asked)
                .map_err(|e| DbError::Other(format!("statements: {e}")))?;
            let rows = glue::batch(&self.env, self.binding, &asked)
                .await
                .map_err(|error| DbError::from_message(&error.as_string().unwrap_or_default()))?;
            if fault == Some(Batch::Lost) {
                return Err(DbError::Other("lost, as was asked for".to_owned()));
            }
            let rows = rows.as_string().unwrap_or_default();
            // Rows of a statement are one line: JSON.stringify writes no line breaks.
            Ok(rows.split('\n').map(|line| Rows(line.to_owned())).collect())
        })
    }
}

/// Whether a statement belongs to the batch of a change and not to the reading before it.
fn changes(statement: &Statement) -> bool {
    ["INSERT INTO journal ", "INSERT INTO idempotency "]
        .iter()
        .any(|one| statement.sql.contains(one))
}
