//! What the cabinets that hire share about a vacancy: those who read the list of vacancies and
//! those who write one are programs of their own.

use domain::{
    shared::lang::{Lang, Text},
    vacancy::api::{CabinetVacancy, Command},
};

use crate::{
    api,
    dom::{El, div, el, live_text},
    reactive::RwSignal,
    text::{pick, t, t_of},
};

/// A title for a draft that has none yet.
pub fn title_of(title: &Text) -> String {
    if title.is_empty() { t("vacancy.untitled").to_owned() } else { pick(title) }
}

/// A rate in hundredths, as it is written here: `1,25`.
pub fn rate_text(lang: Lang, rate: u32) -> String {
    let point = if lang == Lang::En { '.' } else { ',' };
    match (rate / 100, rate % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole}{point}{}", part / 10),
        (whole, part) => format!("{whole}{point}{part:02}"),
    }
}

/// Gives a command on the version that was seen.
pub async fn send(
    seen: &CabinetVacancy,
    command: &Command,
) -> Result<CabinetVacancy, api::Problem> {
    thread_local! {
        static ATTEMPT: api::Attempt = api::Attempt::default();
    }
    let call = api::call("POST", format!("vacancies/{}/commands", seen.id));
    let call = call.seen(seen.version).body(command);
    let answer = ATTEMPT.with(|attempt| call.tried(attempt)).json().await;
    if answer.as_ref().err().is_none_or(|problem: &api::Problem| !problem.may_pass()) {
        ATTEMPT.with(api::Attempt::done);
    }
    answer
}

/// The page as the reader will see it, in either language.
pub fn preview(id: &str) -> El {
    let shown = RwSignal::new(Lang::Kk);
    let (id, open_id) = (id.to_owned(), id.to_owned());
    let tab = move |lang: Lang, name: &'static str| {
        el("button")
            .attr("type", "button")
            .class("chip")
            .attr_live("aria-pressed", move || Some((shown.get() == lang).to_string()))
            .child(name)
            .on("click", move |_| shown.set(lang))
    };
    div("preview")
        .child(
            div("bar").child(tab(Lang::Kk, "Қазақша")).child(tab(Lang::Ru, "Русский")).child(
                el("a")
                    .attr_live("href", move || {
                        Some(format!("/{}/preview/{open_id}", shown.get().code()))
                    })
                    .attr("target", "_blank")
                    .attr("rel", "noopener")
                    .t("check.open"),
            ),
        )
        .child(
            el("iframe")
                .attr_t("title", "check.preview")
                .attr("loading", "lazy")
                .attr_live("src", move || Some(format!("/{}/preview/{id}", shown.get().code()))),
        )
}

/// Names of fields of an announcement (`duties`, `duties.kk`), one after the other.
pub fn names(fields: &[String]) -> El {
    let fields = fields.to_vec();
    el("span").child(live_text(move || {
        let one = |field: &String| match field.split_once('.') {
            Some((field, lang)) => format!("{} ({})", t_of("content", field), t_of("lang", lang)),
            None => t_of("content", field),
        };
        fields.iter().map(one).collect::<Vec<_>>().join(", ")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_written_as_people_write_them() {
        let all: Vec<_> = [25, 50, 100, 125, 200].map(|rate| rate_text(Lang::Kk, rate)).into();
        assert_eq!(all, ["0,25", "0,5", "1", "1,25", "2"]);
        assert_eq!(rate_text(Lang::En, 150), "1.5");
    }
}
