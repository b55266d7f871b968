//! An item: the form of its next edition, its end, all its editions. Nothing is ever deleted.

use super::{
    at,
    attributes::{fields, sent},
    list::{Standing, days, standing, standing_tag, today},
};
use crate::{
    api, browser,
    dom::{El, div, el, live_text},
    form::{Form, form},
    json::{self, Json},
    nav,
    reactive::AnyView,
    state::app,
    text::{fill, key, pick_json, t, t_of},
    ui::{
        self,
        field::field,
        load::{Loading, load},
        page::{page_with, section},
    },
};

/// The page; without a code it adds an item.
pub fn page(directory: &'static str, code: Option<&str>) -> AnyView {
    let above = at(format!("list/{directory}"));
    let Some(code) = code else {
        let title = move || format!("{}: {}", t("directories.add"), t_of("directory", directory));
        return page_with(title, Some(above), None)
            .child(editor(directory, &Json::Null, None))
            .done();
    };
    let all = load::<Json>(format!("directories/{directory}/editions?code={code}"));
    let above = Some(above);
    all.view(move |editions| {
        let Some(newest) = rows(&editions).first().cloned() else {
            return kit::pages::unknown::page();
        };
        let title = newest.clone();
        page_with(move || pick_json(&title), above.clone(), None)
            .child(
                el("p")
                    .class("under")
                    .child(standing_tag(&newest))
                    .child(" ")
                    .child(el("code").class("small").child(newest.str("code").to_owned())),
            )
            .child(editor(directory, &newest, Some(all)))
            .child(history(&editions))
            .done()
    })
}

fn rows(all: &Json) -> &[Json] {
    match all {
        Json::List(rows) => rows,
        _ => &[],
    }
}

/// The form of the next edition, filled with the newest one.
fn editor(directory: &'static str, newest: &Json, all: Option<Loading<Json>>) -> El {
    let adds = all.is_none();
    let seen = newest.int("edition").unwrap_or_default();
    let mut whole = newest.clone();
    whole.put("reason", "".into());
    // What has begun goes on; what waits for its day is put right before it comes.
    let coming = newest.str("valid_from") > today().as_str();
    let from = if coming { newest.str("valid_from").to_owned() } else { today() };
    whole.put("valid_from", from.into());
    for name in ["code", "kk", "ru", "en"] {
        whole.put(name, newest.str(name).into());
    }
    if newest.is_empty("attrs") {
        whole.put("attrs", json::map([]));
    }
    let form = form(whole);
    let ends = !adds && standing(newest) != Standing::Closed && newest.is_empty("valid_to");
    let name = |lang: &str| {
        field(key(lang.to_owned()), key(format!("lang.{lang}")), form.errors)
            .input("text", form.text(key(lang.to_owned())))
            .attr("lang", lang)
    };
    let names = ["kk", "ru", "en"].map(name);
    form.element("panel step", move || save(directory, form, seen, all))
        .child(el("h2").t(if adds { "directories.new_item" } else { "directories.next_edition" }))
        .maybe(adds.then(|| {
            field("code", "directories.code", form.errors)
                .hint("directories.code_hint")
                .short()
                .input("text", form.text("code"))
        }))
        .child(
            el("fieldset")
                .class("both")
                .child(el("legend").class("label").t("directories.name"))
                .child(div("pair").children(names)),
        )
        .children(fields(directory, form))
        .child(
            div("row-fields").child(form.date("valid_from", "directories.valid_from")).child(
                field("valid_to", "directories.valid_to", form.errors)
                    .hint("form.optional")
                    .short()
                    .input("date", form.day("valid_to")),
            ),
        )
        // Closing is an edition with a last day; nothing is deleted.
        .maybe(ends.then(|| {
            div("buttons").child(ui::button("button quiet", "directories.close", move |_| {
                form.whole.update(|all| all.put("valid_to", today().into()));
                browser::focus("f-reason");
            }))
        }))
        .child(reason(form))
        .child(div("buttons").child(form.submit(if adds {
            "directories.add"
        } else {
            "directories.save"
        })))
}

fn reason(form: Form) -> El {
    field("reason", "directories.reason", form.errors)
        .hint("directories.reason_hint")
        .input("text", form.text("reason"))
}

fn save(directory: &'static str, form: Form, seen: i64, all: Option<Loading<Json>>) {
    let mut body = form.whole.get_untracked();
    let attrs = sent(directory, &body);
    body.put("attrs", attrs);
    body.put("seen", seen.into());
    let call = api::call("POST", format!("directories/{directory}")).body(&body);
    form.ask(call, move |_| {
        app().say(t("directories.saved"), false);
        match all {
            Some(all) => all.again(),
            None => nav::go(at(format!("list/{directory}"))),
        }
    });
}

/// All editions, newest first.
fn history(editions: &Json) -> El {
    section("directories.editions").child(el("ol").class("rows plain").children(
        rows(editions).iter().map(|one| {
            let (named, row) = (one.clone(), one.clone());
            el("li").child(
                div("row-main")
                    .child(el("strong").child(live_text(move || pick_json(&named))))
                    .child(el("span").class("small soft").child(live_text(move || {
                        let n = row.int("edition").unwrap_or_default().to_string();
                        fill("directories.edition", &[("n", &n), ("days", &days(&row))])
                    }))),
            )
        }),
    ))
}
