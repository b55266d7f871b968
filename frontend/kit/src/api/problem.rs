//! What went wrong, as the server says it (RFC 9457) or as the browser felt it.

use super::wire::{FromJson, reads};
use crate::{json::Json, text::t};

reads! {
    FieldProblem { field, detail }
    Problem { status, title, detail, code, request_id, errors, conflict }
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldProblem {
    /// Name of the field, a path with dots: `duties.kk`.
    pub field: String,
    /// What is wrong with it, in the reader's language.
    pub detail: String,
}

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problem {
    /// HTTP status; 0 = the request did not get through.
    pub status: u16,
    /// Short.
    pub title: String,
    /// What to do.
    pub detail: String,
    /// Code of the text.
    pub code: String,
    /// Number of the request in the server's log.
    pub request_id: String,
    /// Wrong fields.
    pub errors: Vec<FieldProblem>,
    /// What stands there now, where somebody changed it meanwhile (412).
    pub conflict: Json,
}

impl Problem {
    /// The request did not get through.
    pub fn network() -> Problem {
        Problem::default()
    }

    /// The answer is not what this version of the app understands.
    pub fn unreadable() -> Problem {
        Problem { status: 500, code: "unreadable".into(), ..Problem::default() }
    }

    /// There is no room on the device.
    pub fn no_room() -> Problem {
        Problem { status: 507, code: "no_room".into(), ..Problem::default() }
    }

    /// Reads the body of a refusal; a body of something else (a proxy's page) still is one.
    pub fn read(status: u16, body: &str) -> Problem {
        let mut problem: Problem = super::wire::read(body).unwrap_or_default();
        problem.status = status;
        problem
    }

    /// What stands there now, as the type of what was written.
    pub fn conflict<T: FromJson>(&self) -> Option<T> {
        T::from_json(self.conflict.clone())
    }

    /// Whether sending it again may help.
    pub fn may_pass(&self) -> bool {
        matches!(self.status, 0 | 429 | 500..)
    }

    /// What to tell the person.
    pub fn words(&self) -> String {
        if self.code == "unreadable" {
            return t("problem.unreadable").to_owned();
        }
        if self.code == "no_room" {
            return t("problem.no_room").to_owned();
        }
        if !self.detail.is_empty() {
            return self.detail.clone();
        }
        match self.status {
            0 => t("problem.network").to_owned(),
            _ if !self.title.is_empty() => self.title.clone(),
            403 => t("problem.forbidden").to_owned(),
            404 | 410 => t("problem.not_found").to_owned(),
            412 => t("problem.stale").to_owned(),
            _ => t("problem.server").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_document_is_read_and_a_strange_page_too() {
        let body = r#"{"type":"about:blank","title":"T","status":422,"detail":"D","code":"fields",
            "request_id":"r","errors":[{"field":"duties.kk","code":"required","detail":"E"}]}"#;
        let problem = Problem::read(422, body);
        assert_eq!((problem.status, problem.errors.len()), (422, 1));
        assert_eq!(problem.errors[0].field, "duties.kk");
        assert!(!problem.may_pass());
        let strange = Problem::read(502, "<html>");
        assert!(strange.may_pass() && strange.detail.is_empty());
        assert!(Problem::network().may_pass());
    }
}
