//! What a vacancy's page says beside the announcement itself: where it stands, until when,
//! the facts, what happened.

use domain::{
    catalog::names::Names,
    rule,
    search::api::PublicVacancy,
    shared::{
        format,
        lang::Lang,
        time::{Timestamp, days_between},
    },
    vacancy::model::{Content, State, Term},
};

use super::{
    card::{decimal, pay},
    page::TEXTS,
};

/// A notice: what happened and what comes next.
pub struct Notice {
    /// Class.
    pub tone: &'static str,
    /// What happened.
    pub title: &'static str,
    /// What it means.
    pub texts: Vec<String>,
}

/// The notice of a vacancy that takes no documents now.
pub fn notice(lang: Lang, v: &PublicVacancy, names: &Names) -> Option<Notice> {
    let (tone, title, text) = match v.state {
        State::Paused => ("wait", "state.paused", "state.paused.text"),
        State::Closed => ("", "state.closed", "state.closed.text"),
        State::InReview => ("", "state.in_review", "state.in_review.text"),
        State::Filled => ("done", "state.filled", ""),
        State::NotFilled => ("wait", "state.not_filled", "state.not_filled.text"),
        State::Cancelled => ("late", "state.cancelled", ""),
        State::Archived => ("", "state.archived", ""),
        State::Draft | State::Approval | State::Scheduled | State::Published => return None,
    };
    let mut texts = Vec::new();
    if let Some(outcome) = &v.outcome {
        let reason =
            outcome.reason.as_deref().map_or("", |code| names.get(lang, "closing_reason", code));
        if !reason.is_empty() {
            texts.push(TEXTS.fill(lang, "state.reason", &[("reason", reason)]));
        }
        if !outcome.note.is_empty() {
            texts.push(outcome.note.get(lang).to_owned());
        }
        if let Some(n) = outcome.applicants {
            texts.push(TEXTS.count(lang, "applicants", n.into()));
        }
    }
    if !text.is_empty() {
        texts.push(TEXTS.find(lang, text).unwrap_or_default().to_owned());
    }
    Some(Notice { tone, title: TEXTS.get(lang, title), texts })
}

/// The end of acceptance, as words and as a line.
pub struct Deadline {
    /// Class.
    pub tone: &'static str,
    /// Days left in words.
    pub left: String,
    /// Until when.
    pub until: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// How much of the time is gone: 1 to 99.
    pub percent: i64,
    /// The server's clock.
    pub now: String,
}

/// The deadline of a vacancy that takes documents.
pub fn deadline(lang: Lang, v: &PublicVacancy, now: Timestamp, preview: bool) -> Option<Deadline> {
    let (Some(to), Some(ends)) = (v.accept_to, v.closes_at) else { return None };
    if v.state != State::Published && !preview {
        return None;
    }
    let from = v.accept_from.unwrap_or_else(|| v.published_at.unwrap_or(now).day());
    let days = days_between(now.day(), to);
    let start = v.published_at.unwrap_or(now).millis();
    let whole = (ends.millis() - start).max(1);
    let gone = (now.millis() - start).clamp(0, whole);
    Some(Deadline {
        tone: match days {
            ..=1 => "late",
            2..=3 => "wait",
            _ => "",
        },
        left: capital(&format::days_left(lang, days)),
        until: TEXTS.fill(lang, "deadline.until", &[("moment", &format::date_time(lang, ends))]),
        from: format::short_date(lang, from),
        to: format::short_date(lang, to),
        percent: (gone * 98 / whole).max(1),
        now: TEXTS.fill(lang, "deadline.now", &[("moment", &format::date_time(lang, now))]),
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Permanent, or temporary until when.
pub fn term(lang: Lang, content: &Content) -> String {
    match (content.term, content.temporary_until) {
        (Term::Permanent, _) => TEXTS.get(lang, "fact.permanent").to_owned(),
        (Term::Temporary, None) => TEXTS.get(lang, "fact.temporary").to_owned(),
        (Term::Temporary, Some(day)) => {
            let date = format::date(lang, day);
            TEXTS.fill(lang, "fact.temporary_until", &[("date", &date)])
        }
    }
}

/// The facts in the order in which people ask for them.
pub fn facts(lang: Lang, v: &PublicVacancy, names: &Names) -> Vec<(&'static str, String)> {
    let content = &v.content;
    let t = |key: &'static str| TEXTS.get(lang, key);
    let name = |directory: &str, code: &str| names.get(lang, directory, code).to_owned();
    let date = |day| format::date(lang, day);
    let rate = match content.rate {
        0 => String::new(),
        100 => t("fact.full_rate").to_owned(),
        rate => TEXTS.fill(lang, "card.rate", &[("n", &decimal(lang, rate))]),
    };
    let hours = content.hours.map(|n| TEXTS.count(lang, "hours", n.into())).unwrap_or_default();
    let load: Vec<String> = [rate, hours].into_iter().filter(|text| !text.is_empty()).collect();
    let experience = match content.experience {
        0 => t("fact.no_experience").to_owned(),
        n => TEXTS.count(lang, "years", n.into()),
    };
    let extras: Vec<String> = content.extras.iter().map(|code| name("extra", code)).collect();
    [
        ("vacancy.pay", pay(lang, content.salary_from, content.salary_to)),
        ("fact.load", load.join(" · ")),
        ("fact.schedule", name("schedule", &content.schedule)),
        ("fact.term", term(lang, content)),
        (
            "fact.subject",
            content.subject.as_deref().map(|c| name("subject", c)).unwrap_or_default(),
        ),
        ("fact.language", name("language_of_instruction", &content.language)),
        ("fact.experience", experience),
        (
            "fact.category",
            content.category.as_deref().map(|c| name("category", c)).unwrap_or_default(),
        ),
        ("fact.extras", extras.join(", ")),
        ("fact.start", content.start_on.map(date).unwrap_or_default()),
        (
            "fact.openings",
            if content.openings > 1 { content.openings.to_string() } else { String::new() },
        ),
        ("fact.published", v.published_at.map(|at| date(at.day())).unwrap_or_default()),
        ("fact.number", format!("№\u{a0}{}", v.number)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (t(key), value))
    .collect()
}

/// A line of the history.
pub struct Event {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// Fields that changed, in words.
    pub changed: String,
    /// Why.
    pub reason: String,
}

/// The history in words, newest first.
pub fn events(lang: Lang, v: &PublicVacancy) -> Vec<Event> {
    v.history
        .iter()
        .rev()
        .map(|event| {
            let mut changed: Vec<&str> = event
                .changed
                .iter()
                .filter_map(|field| {
                    let field = field.split('.').next().unwrap_or_default();
                    TEXTS.find(lang, &format!("changed.{field}"))
                })
                .collect();
            changed.dedup();
            let what = TEXTS.find(lang, &format!("event.{}", event.action));
            Event {
                at: format::date_time(lang, event.at),
                what: what.unwrap_or_else(|| TEXTS.get(lang, "event.save")).to_owned(),
                // Of the other steps the word itself says what changed.
                changed: if event.action == "save" { changed.join(", ") } else { String::new() },
                reason: event.reason.get(lang).to_owned(),
            }
        })
        .collect()
}

/// The rule edition in words: the procedure, and its act as the text of a link.
pub struct Rules {
    /// `Тәртібі: …`.
    pub words: String,
    /// Number and date of the act.
    pub act: String,
    /// Where its text is.
    pub link: String,
}

/// The rule edition of a vacancy.
pub fn rules(lang: Lang, name: &str) -> Option<Rules> {
    let edition =
        name.split_once('/').and_then(|(procedure, edition)| rule::edition(procedure, edition))?;
    let day = format::date(lang, edition.in_force_from);
    let title = edition.title.get(lang);
    let signed = format::date_of(lang, edition.act.date);
    let act = [
        ("title", edition.act.title.get(lang)),
        ("number", edition.act.number.as_str()),
        ("date", &signed),
    ];
    let key = if edition.act.is_order() { "vacancy.order" } else { "vacancy.act" };
    Some(Rules {
        words: TEXTS.fill(lang, "vacancy.rules", &[("title", title), ("date", &day)]),
        act: TEXTS.fill(lang, key, &act),
        link: edition.act.link(lang),
    })
}
