//! What the reader of a vacancy gets, from the rows.

use serde::Deserialize;

use super::{
    names::Names,
    sql::{EventRow, OrganisationRow, VacancyRow},
};
use crate::{
    search::api::{PublicEvent, PublicOrganisation, PublicVacancy},
    shared::{lang::Text, time::Timestamp},
    vacancy::{model::State, title::title},
};

/// What the journal keeps of a change.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    changed: Vec<String>,
    reason: Text,
}

/// A vacancy as the public sees it at a moment. Acceptance ends by itself, whether or not that
/// has been written down yet.
pub fn vacancy(
    row: VacancyRow,
    events: &[EventRow],
    names: &Names,
    now: Timestamp,
) -> PublicVacancy {
    let ended = row.closes_at.is_some_and(|end| end <= now);
    let state = match row.state {
        State::Published | State::Paused if ended => State::Closed,
        state => state,
    };
    let subject = row.content.subject.as_deref();
    let fallback = Text::default();
    let position = names.text("position", &row.content.position).unwrap_or(&fallback);
    let title = title(
        &row.content,
        position,
        subject.and_then(|code| names.text("subject", code)),
        subject.and_then(|code| names.teacher(code)),
    );
    PublicVacancy {
        number: row.number,
        slug: row.slug,
        state,
        title,
        content: row.content,
        organisation: organisation(row.organisation, names),
        rules: format!("{}/{}", row.procedure, row.edition),
        published_at: row.published_at,
        accept_from: row.accept_from,
        accept_to: row.accept_to,
        closes_at: row.closes_at,
        outcome: row.outcome,
        changed_at: row.changed_at,
        history: history(row.published_at, events),
    }
}

/// The public part of the history: what came before the publication is the clerk's own matter,
/// and a correction without a changed field is none.
fn history(published_at: Option<Timestamp>, events: &[EventRow]) -> Vec<PublicEvent> {
    let Some(published_at) = published_at else { return Vec::new() };
    let mut all = vec![PublicEvent {
        at: published_at,
        action: "publish".to_owned(),
        changed: Vec::new(),
        reason: Text::default(),
    }];
    all.extend(events.iter().filter(|event| event.at > published_at).filter_map(|event| {
        let action = event.action.strip_prefix("vacancy.").unwrap_or(&event.action).to_owned();
        let after: After = event
            .after
            .as_deref()
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        let shown = match action.as_str() {
            "publish" => false,
            "save" => !after.changed.is_empty(),
            _ => true,
        };
        shown.then_some(PublicEvent {
            at: event.at,
            action,
            changed: after.changed,
            reason: after.reason,
        })
    }));
    all
}

/// An organisation as the public sees it. Its e-mail stays inside: addresses on pages are
/// gathered by senders of spam.
pub fn organisation(row: OrganisationRow, names: &Names) -> PublicOrganisation {
    PublicOrganisation {
        place: names.place(&row.kato),
        slug: row.slug,
        bin: row.bin,
        name: row.name,
        kind: row.kind,
        kato: row.kato,
        address: row.address,
        about: row.about,
        phone: row.phone,
        site: row.site,
        lat: row.lat,
        lon: row.lon,
        languages: row.languages,
        rural: row.rural != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: &str, action: &str, after: &str) -> EventRow {
        EventRow {
            at: Timestamp::parse(at).unwrap(),
            action: action.to_owned(),
            after: Some(after.to_owned()),
        }
    }

    #[test]
    fn the_history_begins_with_the_publication() {
        let at = Timestamp::parse("2026-10-02T05:00:00Z");
        let events = [
            event("2026-10-01T05:00:00Z", "vacancy.save", r#"{"changed":["duties"]}"#),
            event("2026-10-02T05:00:00Z", "vacancy.publish", "{}"),
            event("2026-10-03T05:00:00Z", "vacancy.save", r#"{"changed":[]}"#),
            event("2026-10-04T05:00:00Z", "vacancy.save", r#"{"changed":["salary_from"]}"#),
            event("2026-10-05T05:00:00Z", "vacancy.extend", r#"{"reason":{"kk":"a","ru":"b"}}"#),
            event("2026-10-06T05:00:00Z", "vacancy.close", "broken"),
        ];
        let actions: Vec<String> =
            history(at, &events).into_iter().map(|event| event.action).collect();
        assert_eq!(actions, ["publish", "save", "extend", "close"]);
        assert!(history(None, &events).is_empty());
    }
}
