//! Who is to sit: pasted as lines (IIN; language; category; needs; seat), as a table programme
//! copies them, checked as a whole before anybody is put down.

use kit::form::form;

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    json::{Json, map},
    reactive::RwSignal,
    state::app,
    text::{fill, number_of, t},
    ui::{field::field, load::Loading, page::section},
};

/// A line that was read.
fn line(text: &str) -> Json {
    let cells: Vec<&str> = text.split(['\t', ';', ',']).map(str::trim).collect();
    let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
    let lang = match browser::lower(cell(1)).as_str() {
        "ru" | "рус" | "русский" | "орыс" | "орысша" => "ru",
        _ => "kk",
    };
    let yes = |text: &str| {
        matches!(browser::lower(text).as_str(), "1" | "+" | "иә" | "ия" | "да" | "yes")
    };
    let needs = yes(cell(3));
    let claimed = match cell(2) {
        "" | "-" => Json::Null,
        code => code.into(),
    };
    map([
        ("iin", cell(0).into()),
        ("lang", lang.into()),
        ("claimed", claimed),
        ("special_needs", needs.into()),
        ("seat", cell(4).into()),
        ("sign", yes(cell(5)).into()),
    ])
}

/// All lines; a heading, the first one without digits at its beginning, is left out. Whatever else is no
/// person is sent as it is: the server says which line it is, and nothing is lost without a word.
pub fn lines(text: &str) -> Vec<Json> {
    let begins = |line: &str| line.starts_with(|first: char| first.is_ascii_digit());
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
        .filter(|(at, line)| *at > 0 || begins(line))
        .map(|(_, text)| line(text))
        .collect()
}

/// The section of a session's page.
pub fn section_of(all: &Json, one: Loading<Json>) -> El {
    let path = format!("exam-sessions/{}/candidates", all.str("id"));
    let open = all.str("exam_state") == "published";
    let text = RwSignal::new(String::new());
    let form = form(Json::Null);
    let errors = form.errors;
    if !open {
        return section("people.add").child(el("p").class("soft").t("people.closed"));
    }
    let send = move || {
        let list = lines(&text.get_untracked());
        let body = map([("candidates", Json::List(list))]);
        form.ask(api::call("POST", path.clone()).body(&body), move |_| {
            app().say(t("people.added"), false);
            text.set(String::new());
            one.again();
        });
    };
    // What the server says of `candidates.3.iin` is said of the fourth line.
    crate::dom::follow(move || {
        let lined = errors.with(|all| all.iter().any(|one| one.field.contains('.')));
        if lined {
            errors.update(|all| {
                for error in all {
                    error.detail = named(&error.field, &error.detail);
                    "candidates".clone_into(&mut error.field);
                }
            });
        }
    });
    section("people.add").child(
        form.element("", send)
            .child(field("candidates", "people.list", errors).hint("people.list_hint").area(text))
            .child(live(move || match text.with(|text| lines(text).len()) {
                0 => nothing(),
                n => el("p")
                    .class("soft small")
                    .attr("role", "status")
                    .child(live_text(move || {
                        fill("people.read", &[("n", &number_of(i64::try_from(n).unwrap_or(0)))])
                    }))
                    .done(),
            }))
            .child(div("buttons").child(form.submit("people.put_down"))),
    )
}

/// `candidates.3.iin` as the fourth line.
fn named(field: &str, detail: &str) -> String {
    let at = field.split('.').nth(1).and_then(|n| n.parse::<u32>().ok());
    match at {
        Some(n) => fill("people.in_line", &[("n", &(n + 1).to_string()), ("what", detail)]),
        None => detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_people_is_an_empty_list() {
        assert!(lines("").is_empty());
        assert!(lines("ЖСН; тілі\n\n   \n").is_empty());
    }
}
