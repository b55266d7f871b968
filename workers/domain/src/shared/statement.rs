//! SQL as data: the same values run on D1 at the edge and on SQLite in the tests.

use serde::Serialize;

/// A bound value. Every value is bound; no text of a person ever becomes SQL.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// NULL.
    Null,
    /// An integer below 2^53 in size (the edge passes numbers as doubles).
    Int(i64),
    /// A real number.
    Real(f64),
    /// A text.
    Text(String),
}

impl From<i64> for Param {
    fn from(value: i64) -> Param {
        Param::Int(value)
    }
}
impl From<i32> for Param {
    fn from(value: i32) -> Param {
        Param::Int(value.into())
    }
}
impl From<u32> for Param {
    fn from(value: u32) -> Param {
        Param::Int(value.into())
    }
}
impl From<bool> for Param {
    fn from(value: bool) -> Param {
        Param::Int(value.into())
    }
}
impl From<f64> for Param {
    fn from(value: f64) -> Param {
        Param::Real(value)
    }
}
impl From<&str> for Param {
    fn from(value: &str) -> Param {
        Param::Text(value.to_owned())
    }
}
impl From<String> for Param {
    fn from(value: String) -> Param {
        Param::Text(value)
    }
}
impl From<&String> for Param {
    fn from(value: &String) -> Param {
        Param::Text(value.clone())
    }
}
impl<T: Into<Param>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Param {
        value.map_or(Param::Null, Into::into)
    }
}

/// One SQL statement with its bound values (`?1`, `?2` …; at most 100 on D1).
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text, with numbered placeholders.
    pub sql: std::borrow::Cow<'static, str>,
    /// The values.
    pub params: Vec<Param>,
}

/// The column of a statement whose one row is the JSON text of many.
pub const JSON_ROWS: &str = "json_rows";

impl Statement {
    /// The same rows as one JSON text, made by the database: it crosses into the worker as it is,
    /// without being written once more. `object` is what `json_object` takes for a row.
    #[must_use]
    pub fn as_json(self, object: &str) -> Statement {
        let sql = &self.sql;
        Statement {
            sql: format!(
                "SELECT json_group_array(json_object({object})) AS {JSON_ROWS} FROM ({sql})"
            )
            .into(),
            ..self
        }
    }
}

/// A [`Statement`]: `sql!("SELECT … WHERE id = ?1", id)`.
#[macro_export]
macro_rules! sql {
    ($text:expr $(, $value:expr)* $(,)?) => {
        $crate::shared::statement::Statement {
            sql: ::std::borrow::Cow::from($text),
            params: vec![$($crate::shared::statement::Param::from($value)),*],
        }
    };
}

/// A guard for a batch: the whole batch is rolled back unless `condition` (an SQL expression)
/// is true. `name` must be one of the named constraints of the table `guard`.
pub fn guard(name: &'static str, condition: &str, params: Vec<Param>) -> Statement {
    Statement {
        sql: format!("INSERT OR REPLACE INTO guard(id, {name}) VALUES (1, ({condition}))").into(),
        params,
    }
}
