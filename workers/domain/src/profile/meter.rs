//! How full the profile is, what is missing and why it matters; what ends soon.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::{
    api::{Expiring, Item, ItemState, Meter, Person, Step},
    item,
    kind::Kind,
    settings::Settings,
};
use crate::shared::{lang::Lang, locale::PROFILE, time::days_between};

/// Whether a step is done.
fn done(code: &str, person: &Person, items: &[Item], gaps: usize, consent: bool) -> bool {
    let card = &person.card;
    let has = |kind: Kind| items.iter().any(|i| i.kind == kind && i.state != ItemState::Rejected);
    match code {
        "name" => !card.name.name.is_empty() || !card.name.surname.is_empty(),
        "identity" => !card.iin.is_empty() || !card.document.number.is_empty(),
        "contact" => !person.contacts.is_empty(),
        "address" => !card.address.kato.is_empty(),
        "education" => has(Kind::Education),
        "education_evidence" => {
            items.iter().any(|item| item.kind == Kind::Education && !item.evidence.is_empty())
        }
        "experience" => has(Kind::Experience),
        "no_gaps" => has(Kind::Experience) && gaps == 0,
        "criminal_record" => items.iter().any(|item| {
            item.record.get("document").and_then(Value::as_str) == Some("criminal_record")
        }),
        "language" => has(Kind::Language),
        "consent" => consent,
        _ => false,
    }
}

/// The meter.
pub fn meter(
    person: &Person,
    items: &[Item],
    gaps: usize,
    consent: bool,
    settings: &Settings,
    lang: Lang,
) -> Meter {
    let (mut sum, mut reached) = (0, 0);
    let mut steps: Vec<Step> = settings
        .meter
        .iter()
        .map(|step| {
            let done = done(&step.code, person, items, gaps, consent);
            sum += step.weight;
            reached += if done { step.weight } else { 0 };
            Step {
                done,
                required: step.required,
                text: PROFILE.fill(lang, &format!("meter.{}", step.code), &[]),
                why: PROFILE.fill(lang, &format!("meter.{}.why", step.code), &[]),
                code: step.code.clone(),
            }
        })
        .collect();
    steps.sort_by_key(|step| (step.done, !step.required));
    Meter { percent: reached * 100 / sum.max(1), steps }
}

/// The name of a record for a list: its own title, or the name of its kind.
pub fn name(kind: Kind, record: &Value, lang: Lang) -> String {
    let own = item::title(kind, record);
    if own.is_empty() || kind == Kind::Language {
        let kind = PROFILE.fill(lang, &format!("kind.{}", kind.code()), &[]);
        if own.is_empty() { kind } else { format!("{kind}: {own}") }
    } else {
        own
    }
}

/// Records that end within the longest notice of the settings, or have ended; soonest first.
pub fn expiring(
    items: &[Item],
    today: NaiveDate,
    settings: &Settings,
    lang: Lang,
) -> Vec<Expiring> {
    let ahead = settings.expiring_days.value.first().copied().unwrap_or_default();
    let until = today.checked_add_days(Days::new(u64::try_from(ahead).unwrap_or_default()));
    let mut out: Vec<Expiring> = items
        .iter()
        .filter(|item| item.state != ItemState::Rejected)
        .filter_map(|item| {
            let last = item.valid_to.filter(|last| until.is_some_and(|until| *last <= until))?;
            // A newer one of the same sort makes the old one nobody's worry.
            let sort = |record: &Value| record.get("document").cloned();
            let newer = items.iter().any(|other| {
                other.kind == item.kind
                    && sort(&other.record) == sort(&item.record)
                    && matches!(item.kind, Kind::Document | Kind::OzpResult | Kind::Category)
                    && other.valid_to.is_none_or(|to| to > last)
            });
            (!newer).then(|| Expiring {
                id: item.id.clone(),
                kind: item.kind,
                title: name(item.kind, &item.record, lang),
                valid_to: last,
                days: days_between(today, last),
            })
        })
        .collect();
    out.sort_by_key(|one| one.valid_to);
    out
}
