//! What the service desk and the server say to each other: names of fields, as in [`super::wire`].

use domain::ticket::{
    api::{DeskCommand, MessageRow, TicketList, TicketRow, TicketView},
    rules::{Severity, State, Topic},
};

use super::wire::{Fields, FromJson, ToJson, pair, reads};
use crate::json::Json;

reads! {
    TicketList { items, next, open, late }
    TicketRow {
        id, number, topic, severity, state, text, created_at, due_at, answered_at, assigned,
    }
    MessageRow { at, kind, who, text }
}

macro_rules! codes {
    ($($type:ident)+) => {$(
        impl FromJson for $type {
            fn from_json(value: Json) -> Option<Self> {
                $type::parse(value.text())
            }
        }
    )+};
}
codes! { Severity State Topic }

impl FromJson for TicketView {
    fn from_json(value: Json) -> Option<TicketView> {
        let row = TicketRow::from_json(value.clone())?;
        let mut fields = Fields::of(value)?;
        Some(TicketView {
            row,
            version: fields.take("version")?,
            lang: fields.take("lang")?,
            reachable: fields.take("reachable")?,
            screen: fields.take("screen")?,
            role: fields.take("role")?,
            device: fields.take("device")?,
            file: fields.take("file")?,
            page: fields.take("page")?,
            article: fields.take("article")?,
            merged_into: fields.take("merged_into")?,
            score: fields.take("score")?,
            score_text: fields.take("score_text")?,
            messages: fields.take("messages")?,
        })
    }
}

impl ToJson for DeskCommand {
    fn to_json(&self) -> Json {
        let name = |name: &str| pair("command", &name.to_owned());
        Json::Map(match self {
            DeskCommand::Take => vec![name("take")],
            DeskCommand::Resolve { text, article } => {
                vec![name("resolve"), pair("text", text), pair("article", article)]
            }
            DeskCommand::Ask { text } => vec![name("ask"), pair("text", text)],
            DeskCommand::Note { text } => vec![name("note"), pair("text", text)],
            DeskCommand::Severity { severity } => {
                vec![name("severity"), pair("severity", &severity.code().to_owned())]
            }
            DeskCommand::Close { text } => vec![name("close"), pair("text", text)],
            DeskCommand::Merge { into } => vec![name("merge"), pair("into", into)],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::wire::read, json};
    use domain::shared::time::Timestamp;

    #[test]
    fn a_ticket_is_read_as_the_server_writes_it() {
        let at = Timestamp::from_millis(1_795_312_805_000);
        let row = TicketRow {
            id: "01kdvdna".into(),
            number: 1001,
            topic: Topic::Correction,
            severity: Severity::Down,
            state: State::InWork,
            text: "Мәтін".into(),
            created_at: at,
            due_at: at.plus_seconds(3600),
            answered_at: Some(at),
            assigned: "Төлегенова Айдана".into(),
        };
        let list =
            TicketList { items: vec![row.clone()], next: Some("c".into()), open: 1, late: 0 };
        assert_eq!(read::<TicketList>(&serde_json::to_string(&list).unwrap()), Some(list));
        let message =
            MessageRow {
                at, kind: "note".into(), who: "Айдана".into(), text: "Ескерту".into()
            };
        let view = TicketView {
            row,
            version: 3,
            lang: "kk".into(),
            reachable: true,
            screen: "/kk/vacancies".into(),
            role: "hr_clerk org_head".into(),
            device: "Chrome".into(),
            file: None,
            page: "/feedback/T-1/key".into(),
            article: "apply".into(),
            merged_into: Some(1000),
            score: Some(5),
            score_text: String::new(),
            messages: vec![message],
        };
        assert_eq!(read::<TicketView>(&serde_json::to_string(&view).unwrap()), Some(view));
    }

    #[test]
    fn commands_are_written_as_the_server_reads_them() {
        let text = || "Жауап \"мәтіні\"\n".to_owned();
        for command in [
            DeskCommand::Take,
            DeskCommand::Resolve { text: text(), article: "apply".into() },
            DeskCommand::Ask { text: text() },
            DeskCommand::Note { text: text() },
            DeskCommand::Severity { severity: Severity::High },
            DeskCommand::Close { text: text() },
            DeskCommand::Merge { into: 1001 },
        ] {
            let written = json::write(&command.to_json());
            assert_eq!(serde_json::from_str::<DeskCommand>(&written).unwrap(), command);
        }
    }
}
