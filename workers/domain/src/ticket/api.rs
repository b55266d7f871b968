//! What the cabinet and the server say to each other about tickets.

use serde::{Deserialize, Serialize};

use super::rules::{Severity, State, Topic};
use crate::shared::time::Timestamp;

/// `POST my/tickets`: a ticket of somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketCreate {
    /// What it is about.
    pub topic: Topic,
    /// The message.
    pub text: String,
    /// Address of the screen it was written on.
    #[serde(default)]
    pub screen: String,
    /// A screenshot: identifier of a file of one's own.
    #[serde(default)]
    pub file: Option<String>,
}

/// Answer to a new ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketCreated {
    /// Number for people: `T-1001`.
    pub number: String,
    /// Until when an answer is due.
    pub due_at: Timestamp,
    /// Address of its page, which needs no account.
    pub page: String,
}

/// A ticket in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketRow {
    /// Identifier.
    pub id: String,
    /// Number for people.
    pub number: i64,
    /// What it is about.
    pub topic: Topic,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub state: State,
    /// Beginning of the text.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// Until when the first answer is due.
    pub due_at: Timestamp,
    /// When it was given.
    pub answered_at: Option<Timestamp>,
    /// Name of who works on it; empty = nobody.
    pub assigned: String,
}

/// `GET desk/tickets?state=&topic=&late=&q=&cursor=` and `GET my/tickets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketList {
    /// This page: for the desk what is due first, for one's own the newest first.
    pub items: Vec<TicketRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many are open, and how many of them late.
    pub open: i64,
    /// Open ones whose first answer is late.
    pub late: i64,
}

/// `GET desk/tickets/{id}` and `GET my/tickets/{id}` (without notes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketView {
    /// As in the list.
    #[serde(flatten)]
    pub row: TicketRow,
    /// For `If-Match`.
    pub version: i64,
    /// Language of the writer.
    pub lang: String,
    /// Whether an answer can reach the writer beside the ticket's page.
    pub reachable: bool,
    /// Where it was written.
    pub screen: String,
    /// Roles of the writer.
    pub role: String,
    /// Browser and system.
    pub device: String,
    /// Screenshot.
    pub file: Option<String>,
    /// Address of the page where its writer scores the answer, without the language; empty for the
    /// desk.
    pub page: String,
    /// Slug of the help article that answers it.
    pub article: String,
    /// Number of the ticket it is a part of.
    pub merged_into: Option<i64>,
    /// The writer's score, 1 to 5.
    pub score: Option<i64>,
    /// And words.
    pub score_text: String,
    /// Messages, oldest first.
    pub messages: Vec<MessageRow>,
}

/// A message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageRow {
    /// When.
    pub at: Timestamp,
    /// `user`, `desk` or `note`.
    pub kind: String,
    /// Name of the colleague; empty for the writer.
    pub who: String,
    /// The text.
    pub text: String,
}

/// `POST desk/tickets/{id}/commands`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum DeskCommand {
    /// Take it.
    Take,
    /// Answer; nothing more is needed.
    Resolve {
        /// The answer.
        text: String,
        /// Slug of a help article, or empty.
        #[serde(default)]
        article: String,
    },
    /// Ask the writer something.
    Ask {
        /// The question.
        text: String,
    },
    /// Write something for colleagues.
    Note {
        /// The note.
        text: String,
    },
    /// Say how bad it is; the clock follows.
    Severity {
        /// How bad.
        severity: Severity,
    },
    /// End it without an answer.
    Close {
        /// Why; the writer reads it.
        text: String,
    },
    /// Make it a part of another.
    Merge {
        /// Number of the other.
        into: i64,
    },
}

/// How satisfied people are: `GET /api/v1/feedback/figures`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figures {
    /// The days looked back at.
    pub days: i64,
    /// Scores that were given.
    pub scores: i64,
    /// Their mean, 1 to 5; empty while there are too few.
    pub mean: Option<f64>,
    /// Tickets that were answered.
    pub answered: i64,
    /// How many of them in time.
    pub in_time: i64,
}
