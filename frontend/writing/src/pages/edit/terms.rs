//! Step 2: load and pay.

use std::rc::Rc;

use crate::reactive::AnyView;

use super::{
    Editing,
    post::{count_of, day_of, day_text, from_directory},
};
use crate::{
    dom::{div, many},
    text::{lang, t},
    ui::field::{Bind, Both, Options, field},
    vacancy::rate_text,
};

fn sum_of(digits: &str) -> i64 {
    digits.parse().unwrap_or(i64::MAX)
}

fn some_of<T>(digits: String, number: fn(&str) -> T) -> Option<T> {
    (!digits.is_empty()).then(|| number(&digits))
}

/// The form.
pub fn form(editing: Editing) -> AnyView {
    let Editing { content, errors, unread, .. } = editing;
    let rates: Options = Rc::new(|| {
        let mut out = vec![(String::new(), t("form.choose").to_owned())];
        out.extend((1..=8).map(|n| ((n * 25).to_string(), rate_text(lang(), n * 25))));
        out
    });
    many([
        div("row-fields")
            .child(field("rate", "content.rate", errors).short().select(
                rates,
                Bind::of(
                    content,
                    |c| if c.rate == 0 { String::new() } else { c.rate.to_string() },
                    |c, v| c.rate = v.parse().unwrap_or_default(),
                ),
            ))
            .child(field("hours", "content.hours", errors).short().whole(
                Bind::of(
                    content,
                    |c| c.hours.map(|n| n.to_string()).unwrap_or_default(),
                    |c, v| c.hours = some_of(v, count_of),
                ),
                unread,
            ))
            .done(),
        div("row-fields")
            .child(field("schedule", "content.schedule", errors).short().select(
                from_directory("schedule"),
                Bind::of(content, |c| c.schedule.clone(), |c, v| c.schedule = v),
            ))
            .child(field("start_on", "content.start_on", errors).short().input(
                "date",
                Bind::of(content, |c| day_text(c.start_on), |c, v| c.start_on = day_of(&v)),
            ))
            .done(),
        div("row-fields")
            .child(
                field("salary_from", "content.salary_from", errors)
                    .hint("wizard.salary_hint")
                    .short()
                    .whole(
                        Bind::of(
                            content,
                            |c| c.salary_from.map(|n| n.to_string()).unwrap_or_default(),
                            |c, v| c.salary_from = some_of(v, sum_of),
                        ),
                        unread,
                    ),
            )
            .child(
                field("salary_to", "content.salary_to", errors)
                    .hint("form.optional")
                    .short()
                    .whole(
                        Bind::of(
                            content,
                            |c| c.salary_to.map(|n| n.to_string()).unwrap_or_default(),
                            |c, v| c.salary_to = some_of(v, sum_of),
                        ),
                        unread,
                    ),
            )
            .done(),
        Both {
            names: ["bonuses.kk", "bonuses.ru"],
            label: "content.bonuses",
            hint: Some("form.optional"),
            lines: 3,
            whole: content,
            part: |c| &mut c.bonuses,
            read: |c| &c.bonuses,
        }
        .view(errors, None)
        .done(),
    ])
}
