//! The form of a record: it is drawn by the table of its kind, the same table by which the server
//! checks it.

use std::rc::Rc;

use domain::profile::{
    kind::{Field, Form as Shape},
    record::Kind,
};

use super::{COUNTRIES, title_of};
use crate::{
    browser,
    dom::{El, div, el, many, nothing},
    form::{Form, codes, files, form, mirrored},
    json::{self, Json},
    nav::{self, link},
    offline::outbox::Write,
    reactive::{AnyView, RwSignal},
    router::{Place, Route},
    state::app,
    text::{key, t, t_of},
    ui::{
        self,
        errors::summary,
        field::{Bind, Options, field, from_directory},
        load::load,
        page::page_with,
    },
};

fn kind_of(code: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| kind.code() == code)
}

/// A new record.
pub fn new(code: &str) -> AnyView {
    let Some(kind) = kind_of(code) else { return crate::pages::unknown::page() };
    let empty = json::map([
        ("record", json::map([("kind", kind.code().into())])),
        ("evidence", Json::List(Vec::new())),
        ("visibility", "commission".into()),
    ]);
    draw(kind, empty, None, Rc::new(|_| None))
}

/// A record that is there; `more` draws what stands below its form.
pub fn edit(id: &str, more: fn(&Json) -> AnyView) -> AnyView {
    let all = load::<Json>("my/profile");
    let files = load::<Json>("my/files");
    let id = id.to_owned();
    all.view(move |all| {
        let item = all.list("items").iter().find(|item| item.str("id") == id).cloned();
        let Some((item, kind)) =
            item.and_then(|item| Some((item.clone(), kind_of(item.str("kind"))?)))
        else {
            return crate::pages::unknown::page();
        };
        let whole = json::map([
            ("record", item.at("record").clone()),
            ("evidence", item.at("evidence").clone()),
            ("visibility", item.at("visibility").clone()),
        ]);
        let known: files::Known = Rc::new(move |id| {
            let list = files.get()?;
            let Json::List(list) = &*list else { return None };
            let file = list.iter().find(|file| file.str("id") == id)?;
            Some((file.str("name").to_owned(), file.str("state").to_owned()))
        });
        let below = more(&item);
        many([draw(kind, whole, Some(item), known), below])
    })
}

/// Where to tell of a mistake that one cannot mend oneself.
pub fn mistake() -> El {
    let from = app().place.with_untracked(|place| place.route.path());
    let to =
        Place::from(Route::My("feedback".into())).with("topic", "correction").with("from", &from);
    el("p").child(link(to).t("record.mistake"))
}

/// Where to go once it is saved.
fn back() -> Place {
    let back = app().place.with_untracked(|place| place.get("back").to_owned());
    if back.starts_with("/app/my/") {
        Place::parse(&back)
    } else {
        Route::My("profile".into()).into()
    }
}

fn draw(kind: Kind, whole: Json, item: Option<Json>, known: files::Known) -> AnyView {
    let code = kind.code();
    let name = match &item {
        Some(item) => format!("profile/{}", item.str("id")),
        None => format!("profile/new-{code}"),
    };
    let kept = mirrored(&name);
    let form = form(kept.unwrap_or(whole));
    form.mirror(&name);
    let fields = kind.spec().fields.iter().map(|field| control(form, code, field));
    let fields: Vec<El> = fields.collect();
    let state = item.as_ref().map(|item| item.str("state").to_owned()).unwrap_or_default();
    let locked = state == "locked";
    // An organisation compares it, or has found it to be false.
    let fixed = matches!(state.as_str(), "submitted" | "rejected");
    let used = item.as_ref().is_some_and(|item| !item.list("used_in").is_empty());
    let reason = item.as_ref().map(|item| item.str("reason").to_owned()).unwrap_or_default();
    let (removed, sent) = (item.clone(), item.clone());
    let save = move |event: web_sys::Event| {
        event.prevent_default();
        send(form, code, sent.clone());
    };
    let purpose = if code == "presentation" { "presentation" } else { "document" };
    let own = files::at(form, "evidence");
    let body = el("fieldset")
        .children(fields)
        .child(files::attach("evidence", "record.evidence", purpose, own, known))
        .child(form.one_of(
            "visibility",
            "record.visibility",
            codes("choice.visibility", &["commission", "private", "public"], false),
        ));
    page_with(move || t_of("kind", code), Some(back().route), None)
        .child(if fixed {
            div("notice").child(el("p").t("record.fixed")).child(mistake()).done()
        } else if locked {
            div("notice").child(el("p").t("record.locked")).done()
        } else if used {
            div("notice").child(el("p").t("record.used")).done()
        } else {
            nothing()
        })
        .child(if reason.is_empty() {
            nothing()
        } else {
            div("notice late").child(el("p").child(reason)).done()
        })
        .child(summary(form.errors))
        .child(
            el("form")
                .class("step")
                .attr("novalidate", "")
                .on("submit", save)
                .child(if fixed { body.attr("disabled", "") } else { body })
                .maybe((!fixed).then(|| {
                    div("buttons")
                        .child(form.submit("record.save"))
                        .maybe(removed.filter(|_| !locked).map(|item| remove(form, item)))
                })),
        )
        .done()
}

fn send(form: Form, code: &'static str, item: Option<Json>) {
    let body = form.whole.get_untracked();
    let title = title_of(body.at("record"));
    let to = back();
    let (method, rest) = match &item {
        Some(item) => ("PUT", format!("/{}", item.str("id"))),
        None => ("POST", String::new()),
    };
    let object = match &item {
        Some(_) => format!("profile{rest}"),
        None => format!("profile/{}", browser::uuid()),
    };
    let write = Write {
        method,
        path: format!("my/profile{rest}"),
        object,
        seen: item.and_then(|item| item.int("version")),
        body: Some(body),
        what: "profile",
        name: if title.is_empty() { t_of("kind", code) } else { title },
    };
    form.send(write, move |_| nav::go(to));
}

fn remove(form: Form, item: Json) -> El {
    let sure = RwSignal::new(false);
    div("group").child(crate::dom::live(move || {
        let item = item.clone();
        if !sure.get() {
            return ui::button("button danger", "record.remove", move |_| sure.set(true)).done();
        }
        ui::button("button danger", "record.remove_sure", move |_| {
            let write = Write {
                method: "DELETE",
                path: format!("my/profile/{}", item.str("id")),
                object: format!("profile/{}", item.str("id")),
                body: None,
                seen: item.int("version"),
                what: "profile_delete",
                name: title_of(item.at("record")),
            };
            form.send(write, |_| nav::go(back()));
        })
        .done()
    }))
}

/// The key of a label or a choice: the kind's own where there is one.
fn key_of(area: &str, kind: &str, rest: &str) -> &'static str {
    let own = format!("{area}.{kind}.{rest}");
    if crate::text::has(&own) { key(own) } else { key(format!("{area}.{rest}")) }
}

fn control(form: Form, kind: &'static str, one: &'static Field) -> El {
    let path = key(format!("record.{}", one.name));
    let label = key_of("field", kind, one.name);
    let plain = || field(path, label, form.errors);
    let plain = || if one.required { plain() } else { plain().hint("record.optional") };
    match one.form {
        // Its code says little to a person.
        Shape::Text(_) if one.name == "country" => {
            plain().select(codes("choice.country", COUNTRIES, true), form.text(path))
        }
        Shape::Text(_) | Shape::Doi | Shape::Initials => plain().input("text", form.text(path)),
        Shape::Url => plain().input("url", form.text(path)),
        Shape::Phone => plain().input("tel", form.phone(path)),
        Shape::Long(_) => plain().area(form.text(path)),
        Shape::Day => plain().short().input("date", form.day(path)),
        Shape::Year | Shape::Count(..) => plain().short().code(form.number(path)),
        Shape::Hundredths(_) => plain().short().input("text", hundredths(form, path)),
        Shape::Flag => form.tick(path, label),
        Shape::Names(_) => plain().hint("record.names_hint").input("text", names(form, path)),
        Shape::Code(directory) => plain().select(from_directory(directory), form.text(path)),
        Shape::Choice(list) => plain().select(choices(kind, one.name, list), form.text(path)),
        Shape::Language => plain().select(codes("tongue", TONGUES, true), form.text(path)),
    }
}

const TONGUES: &[&str] = &["kk", "ru", "en", "de", "fr", "tr", "zh", "ar", "ug", "uz", "ko", "tg"];

fn choices(kind: &'static str, name: &'static str, list: &'static [&'static str]) -> Options {
    Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = list.iter().map(|code| {
            let words = match name {
                "document" => app().name_of("document_type", code),
                _ => t(key_of("choice", kind, &format!("{name}.{code}"))).to_owned(),
            };
            ((*code).to_owned(), words)
        });
        std::iter::once(first).chain(rest).collect()
    })
}

/// Hundredths as people write them: `72,5`.
fn hundredths(form: Form, path: &'static str) -> Bind {
    Bind::new(
        move || {
            let n = form.whole.with(|all| all.int(path));
            n.map(|n| {
                let text = format!(
                    "{},{}",
                    n / 100,
                    crate::text::padded((n % 100).unsigned_abs() as u32, 2)
                );
                text.trim_end_matches('0').trim_end_matches(',').to_owned()
            })
            .unwrap_or_default()
        },
        move |text| {
            let value = browser::number_from(&text.replace(',', "."));
            // While a comma has just been typed the number is the same and the text stays.
            let value = value.map_or(Json::Null, |n| Json::from((n * 100.0) as i64));
            form.whole.update(|all| all.put(path, value));
        },
    )
}

fn names(form: Form, path: &'static str) -> Bind {
    Bind::new(
        move || form.whole.with(|all| all.texts(path).join(",")),
        move |text| {
            let list: Vec<String> = if text.is_empty() {
                Vec::new()
            } else {
                text.split(',').map(ToOwned::to_owned).collect()
            };
            form.whole.update(|all| all.put(path, list.into()));
        },
    )
}
