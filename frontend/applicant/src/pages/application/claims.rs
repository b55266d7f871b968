//! The evaluation sheet: what the person claims in each row, with evidence. Points are those of
//! the rule edition; the commission decides.

use std::rc::Rc;

use super::{
    documents::source,
    records::{evidence, files_of, note, part},
    steps::Step,
};
use crate::{
    dom::{El, div, el, live, live_text, nothing},
    form::files::attach,
    json::{self, Json},
    text::{fill, key, pick_json},
    ui::field::{digits, what_is_wrong},
};

/// The task.
pub fn view(step: &Step) -> El {
    let rows: Vec<Json> =
        step.now.list("form.rows").iter().filter(|row| row.flag("applies")).cloned().collect();
    div("group")
        .child(el("p").class("hint").t("claims.hint"))
        .child(total(step, rows.clone()))
        .children(rows.iter().map(|row| one(step, row)))
}

/// Hundredths of a number as the server writes it: points have halves, never thirds. (The reader
/// of fractions of the language weighs more than this page.)
fn hundredths(value: &Json) -> i64 {
    let Json::Number(digits) = value else { return 0 };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut part: String = part.chars().take(2).collect();
    while part.len() < 2 {
        part.push('0');
    }
    whole.parse::<i64>().unwrap_or_default() * 100 + part.parse::<i64>().unwrap_or_default()
}

/// Hundredths in words: `3,5`.
pub fn words(n: i64) -> String {
    let text = format!("{},{}", n / 100, crate::text::padded((n % 100).unsigned_abs() as u32, 2));
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

/// Points of a row as claimed, in hundredths: options times counts, no more than the row gives.
pub fn points(row: &Json, content: &Json) -> i64 {
    let claim = content.list("claims").iter().find(|claim| claim.str("row") == row.str("code"));
    let choices = claim.map(|claim| claim.list("choices")).unwrap_or_default();
    let sum: i64 = choices
        .iter()
        .map(|choice| {
            let option = row
                .list("options")
                .iter()
                .find(|option| option.str("code") == choice.str("option"));
            let count = choice.int("count").unwrap_or_default();
            option.map_or(0, |option| hundredths(option.at("points")) * count)
        })
        .sum();
    match row.at("cap") {
        Json::Number(_) => sum.min(hundredths(row.at("cap"))),
        _ => sum,
    }
}

fn total(step: &Step, rows: Vec<Json>) -> El {
    let form = step.form;
    div("deadline").attr("role", "status").child(el("p").child(live_text(move || {
        let sum: i64 = form.whole.with(|all| rows.iter().map(|row| points(row, all)).sum());
        fill("claims.total", &[("n", &words(sum))])
    })))
}

fn one(step: &Step, row: &Json) -> El {
    let form = step.form;
    let code = row.str("code").to_owned();
    let field = key(format!("claims.{code}"));
    let (title, proof) = (row.at("title").clone(), row.at("evidence").clone());
    let how = row.str("how").to_owned();
    let counted = row.clone();
    let frame = el("section")
        .class("panel claim")
        .child(
            el("h2")
                .id(format!("f-{field}"))
                .attr("tabindex", "-1")
                .child(live_text(move || pick_json(&title))),
        )
        .child(el("p").class("hint").child(live_text(move || pick_json(&proof))))
        .child(what_is_wrong(field, form.errors))
        .child(source(row));
    if how == "organisation" {
        return frame.child(el("p").class("soft").t("claims.organisation"));
    }
    let options = row.list("options").to_vec();
    let choices = match how.as_str() {
        "one" => radios(form, &code, options),
        _ => counts(form, &code, options),
    };
    let (read, wrote, evident) = (code.clone(), code.clone(), code.clone());
    let get = move || {
        form.whole.with(|all| {
            let claim = all.list("claims").iter().find(|claim| claim.str("row") == read);
            claim.map(|claim| claim.texts("records")).unwrap_or_default()
        })
    };
    let set = move |ids: Vec<String>| {
        form.whole.update(|all| part(all, "claims", "row", &wrote).put("records", ids.into()));
    };
    let claimed = crate::dom::settled(move || {
        let any = form.whole.with(|all| !chosen(all, &evident).is_empty());
        if any { "yes".into() } else { String::new() }
    });
    let (kinds, step) = (row.texts("records"), step.clone());
    frame
        .child(choices)
        .child(el("p").class("num small").child(live_text(move || {
            let n = form.whole.with(|all| points(&counted, all));
            fill("claims.points", &[("n", &words(n))])
        })))
        .child(live(move || {
            // Evidence is asked for once something is claimed.
            if claimed.get().is_empty() {
                return nothing();
            }
            div("group")
                .child(evidence(&step, kinds.clone(), get.clone(), set.clone()))
                .child(attach(
                    &format!("{field}.files"),
                    "files.label",
                    "document",
                    files_of(form, "claims", "row", code.clone()),
                    Rc::clone(&step.known),
                ))
                .child(note(form, "claims", "row", code.clone()))
                .done()
        }))
}

fn chosen(all: &Json, row: &str) -> Vec<Json> {
    let claim = all.list("claims").iter().find(|claim| claim.str("row") == row);
    claim.map(|claim| claim.list("choices").to_vec()).unwrap_or_default()
}

fn count_of(all: &Json, row: &str, option: &str) -> i64 {
    let choices = chosen(all, row);
    let choice = choices.iter().find(|choice| choice.str("option") == option);
    choice.and_then(|choice| choice.int("count")).unwrap_or_default()
}

fn choose(all: &mut Json, row: &str, option: &str, count: i64, alone: bool) {
    let claim = part(all, "claims", "row", row);
    let choices = claim.items("choices");
    choices.retain(|choice| !alone && choice.str("option") != option);
    if count > 0 {
        choices.push(json::map([("option", option.into()), ("count", count.into())]));
    }
}

fn points_of(option: &Json) -> String {
    match option.at("points") {
        Json::Number(digits) => digits.strip_suffix(".0").unwrap_or(digits).to_owned(),
        _ => String::new(),
    }
}

fn radios(form: crate::form::Form, row: &str, options: Vec<Json>) -> El {
    let none = json::map([("code", "".into())]);
    let row = row.to_owned();
    el("ul").class("checks").children(std::iter::once(none).chain(options).map(move |option| {
        let (code, title) = (option.str("code").to_owned(), option.at("title").clone());
        let (shown, set) = ((row.clone(), code.clone()), (row.clone(), code.clone()));
        let points = points_of(&option);
        let on = move || {
            form.whole.with(|all| match shown.1.is_empty() {
                true => chosen(all, &shown.0).is_empty(),
                false => count_of(all, &shown.0, &shown.1) > 0,
            })
        };
        el("li").child(
            el("label")
                .child(
                    el("input")
                        .attr("type", "radio")
                        .attr("name", format!("claim-{row}"))
                        .checked(on)
                        .on("change", move |_| {
                            let count = i64::from(!set.1.is_empty());
                            form.whole.update(|all| choose(all, &set.0, &set.1, count, true));
                        }),
                )
                .child(el("span").child(live_text(move || match code.is_empty() {
                    true => crate::text::t("claims.none").to_owned(),
                    false => pick_json(&title),
                })))
                .child(el("span").class("num").child(points)),
        )
    }))
}

fn counts(form: crate::form::Form, row: &str, options: Vec<Json>) -> El {
    let row = row.to_owned();
    el("ul").class("checks counted").children(options.into_iter().map(move |option| {
        let (code, title) = (option.str("code").to_owned(), option.at("title").clone());
        let most = option.int("most").unwrap_or(1).max(1);
        let (shown, set) = ((row.clone(), code.clone()), (row.clone(), code.clone()));
        let points = points_of(&option);
        el("li").child(
            el("label")
                .child(
                    el("input")
                        .attr("type", "text")
                        .attr("inputmode", "numeric")
                        .class("count-of")
                        .value(move || {
                            let n = form.whole.with(|all| count_of(all, &shown.0, &shown.1));
                            if n == 0 { String::new() } else { n.to_string() }
                        })
                        .on("input", move |event| {
                            let typed = digits(&crate::browser::value_of(&event));
                            // More than the row gives stays: the server says what is wrong.
                            let count = typed.parse::<i64>().unwrap_or_default();
                            form.whole.update(|all| choose(all, &set.0, &set.1, count, false));
                        }),
                )
                .child(el("span").child(live_text(move || pick_json(&title))))
                .child(el("span").class("num").child(live_text(move || {
                    fill("claims.each", &[("n", &points), ("most", &most.to_string())])
                }))),
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_counted_and_capped() {
        let row = json::read(
            r#"{"code":"awards","cap":10,"options":[{"code":"a","points":3.5},{"code":"b","points":5}]}"#,
        )
        .unwrap();
        let mut content = Json::default();
        assert_eq!(points(&row, &content), 0);
        choose(&mut content, "awards", "a", 2, false);
        assert_eq!(points(&row, &content), 700);
        choose(&mut content, "awards", "b", 1, false);
        assert_eq!(points(&row, &content), 1000);
        // Another count of the same takes its place; nothing takes it away.
        choose(&mut content, "awards", "a", 1, false);
        assert_eq!(points(&row, &content), 850);
        choose(&mut content, "awards", "a", 0, false);
        assert_eq!(points(&row, &content), 500);
        choose(&mut content, "awards", "a", 1, true);
        assert_eq!(chosen(&content, "awards").len(), 1);
        assert_eq!([350, 700, 25, 0].map(words), ["3,5", "7", "0,25", "0"]);
    }
}
