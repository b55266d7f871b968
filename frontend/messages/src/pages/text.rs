//! The texts of one event: three languages side by side, what they become with the samples, the
//! length of a text message, versions. Which text is in the address.

use domain::notice::sms;

use super::{at, text_of};
use crate::{
    api, browser,
    dom::{El, div, el, live, live_text},
    form::{Form, form},
    json::{self, Json},
    nav::link,
    reactive::{AnyView, RwSignal},
    router::Place,
    state::app,
    text::{fill, key, moment_at, pick_json, t, t_of},
    ui::{
        self,
        errors::{self},
        field::field,
        load::{Loading, load},
        page::{page_with, section},
    },
};

const PARTS: [&str; 6] = ["title", "body", "sms", "subject", "email", "push"];
const LANGS: [&str; 3] = ["kk", "ru", "en"];

/// The page.
pub fn page() -> AnyView {
    let event = app().place.with_untracked(|place| place.get("event").to_owned());
    let all = load::<Json>(format!("messages/templates/{event}"));
    all.view(move |view| {
        let name = event.clone();
        let drawn = event.clone();
        page_with(move || name.clone(), Some(at("texts")), None)
            .child(parts(&event))
            .child(live(move || {
                let part = app().place.with(part_of);
                crate::dom::quietly(|| editor(&drawn, part, &view, all)).done()
            }))
            .done()
    })
}

fn part_of(place: &Place) -> &'static str {
    PARTS.into_iter().find(|part| *part == place.get("part")).unwrap_or(PARTS[0])
}

fn parts(event: &str) -> El {
    el("nav").class("tabs").attr_t("aria-label", "messages.part").children(PARTS.map(|part| {
        link(text_of(event).with("part", part))
            .attr_live("aria-current", move || {
                app().place.with(|place| part_of(place) == part).then(|| "page".into())
            })
            .child(live_text(move || t_of("messages.part", part)))
    }))
}

fn editor(event: &str, part: &'static str, view: &Json, all: Loading<Json>) -> El {
    let row = view.list("texts").iter().find(|row| row.str("part") == part).cloned();
    let row = row.unwrap_or_default();
    let form = form(row.at("text").clone());
    let seen = RwSignal::new(Json::List(view.list("preview").to_vec()));
    let version = row.int("version").unwrap_or_default();
    let (saved, tried, back) = (event.to_owned(), event.to_owned(), row.at("shipped").clone());
    let variables = view.list("variables").to_vec();
    let fields = LANGS.map(|lang| {
        let name = key(format!("texts.{part}.{lang}"));
        let label = key(format!("lang.{lang}"));
        let one = field(name, label, form.errors);
        let typed = form.text(lang);
        let lines = matches!(part, "body" | "email" | "sms" | "push");
        let frame =
            div("group").child(if lines { one.area(typed) } else { one.input("text", typed) });
        let values = variables.clone();
        frame.maybe((part == "sms").then(|| {
            el("p").class("small soft").attr("aria-live", "polite").child(live_text(move || {
                length(&form.whole.with(|all| all.str(lang).to_owned()), &values, lang)
            }))
        }))
    });
    div("group")
        .child(
            form.element("panel", move || save(form, &saved, part, version, all))
                .children(fields)
                .child(
                    div("buttons")
                        .child(form.submit("messages.save"))
                        .child(ui::button("button second", "messages.preview", move |_| {
                            preview(form, tried.clone(), part, seen);
                        }))
                        .maybe((version > 0).then(|| {
                            let shipped = back.clone();
                            ui::button("button quiet", "messages.shipped", move |_| {
                                form.whole.set(shipped.clone());
                            })
                        })),
                ),
        )
        .child(named(&variables))
        .child(section("messages.preview").child(live(move || shown(part, &seen.get()).done())))
        .child(history(event, part, form))
}

/// What a text message takes, with the samples in place of the variables.
fn length(text: &str, variables: &[Json], lang: &str) -> String {
    let filled = variables.iter().fold(text.to_owned(), |text, one| {
        text.replace(&format!("{{{}}}", one.str("name")), one.str(&format!("sample.{lang}")))
    });
    let size = sms::size(&filled);
    let number = |n: u32| n.to_string();
    let alphabet = match size.alphabet {
        sms::Alphabet::Gsm => t("messages.gsm"),
        sms::Alphabet::Ucs2 => t("messages.ucs2"),
    };
    let values = [
        ("n", &*number(size.units)),
        ("parts", &*number(size.parts)),
        ("left", &*number(size.left)),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    format!("{} · {alphabet}", fill("messages.length", &values))
}

fn named(variables: &[Json]) -> El {
    let rows = variables.iter().map(|one| {
        let sample = one.at("sample").clone();
        el("div")
            .child(el("dt").child(format!("{{{}}}", one.str("name"))))
            .child(el("dd").child(live_text(move || pick_json(&sample))))
    });
    section("messages.variables").child(el("dl").class("facts").children(rows))
}

/// How the text looks, in the three languages.
fn shown(part: &'static str, all: &Json) -> El {
    let list = match all {
        Json::List(list) => list.as_slice(),
        _ => &[],
    };
    div("group").children(list.iter().map(|one| {
        let lang = key(format!("lang.{}", one.str("lang")));
        div("card")
            .attr("lang", one.str("lang"))
            .child(el("h3").t(lang))
            .child(div("text").child(one.str(part).to_owned()))
            .maybe((part == "sms").then(|| {
                let latin = one.str("sms_latin").to_owned();
                div("text small soft")
                    .child(live_text(move || fill("messages.latin", &[("text", &latin)])))
            }))
    }))
}

fn texts(part: &str, whole: &Json) -> Json {
    json::map([("texts", json::map([(part, whole.clone())]))])
}

fn preview(form: Form, event: String, part: &'static str, seen: RwSignal<Json>) {
    let body = texts(part, &form.whole.get_untracked());
    let call = api::call("POST", format!("messages/templates/{event}/preview")).body(&body);
    let call = call.once(browser::uuid());
    api::run(async move {
        match call.send().await {
            Ok(text) => {
                form.errors.set(Vec::new());
                let _ = seen.try_set(json::read(&text).unwrap_or_default());
            }
            Err(problem) => errors::show(&problem, form.errors),
        }
    });
}

fn save(form: Form, event: &str, part: &'static str, version: i64, all: Loading<Json>) {
    let body = texts(part, &form.whole.get_untracked());
    let call = api::call("PUT", format!("messages/templates/{event}/{part}")).body(&body);
    form.ask(call.seen(version), move |_| {
        app().say(t("messages.saved"), false);
        all.again();
    });
}

/// The versions of a text, newest first; an old one is taken into the form.
fn history(event: &str, part: &str, form: Form) -> El {
    let versions = load::<Json>(format!("messages/templates/{event}/{part}/versions"));
    section("messages.versions").child(versions.view(move |all| {
        let list = match &all {
            Json::List(list) if !list.is_empty() => list.as_slice(),
            _ => return el("p").class("soft").t("messages.no_versions").done(),
        };
        el("ol")
            .class("rows plain")
            .children(list.iter().map(|one| {
                let (row, text) = (one.clone(), one.at("text").clone());
                let shipped = text.is_empty("kk") && text.is_empty("ru");
                let taken = text.clone();
                el("li")
                    .child(
                        div("row-main")
                            .child(el("strong").child(live_text(move || {
                                let n = row.int("version").unwrap_or_default().to_string();
                                let at = moment_at(&row, "changed_at");
                                let who = row.str("changed_by");
                                fill("messages.version", &[("n", &n), ("at", &at), ("who", who)])
                            })))
                            .child(el("span").class("small soft text").child(live_text(
                                move || match shipped {
                                    true => t("messages.was_shipped").to_owned(),
                                    false => pick_json(&text),
                                },
                            ))),
                    )
                    .maybe((!shipped).then(|| {
                        ui::button("button quiet", "messages.take", move |_| {
                            form.whole.set(taken.clone());
                        })
                    }))
            }))
            .done()
    }))
}
