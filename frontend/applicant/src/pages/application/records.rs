//! Education and experience: records of the profile that go with the application.

use std::{cell::Cell, rc::Rc};

use super::steps::Step;
use crate::{
    dom::{El, div, el, live, live_text, nothing},
    form::files,
    json::{self, Json},
    nav::link,
    profile::{time_of, title_of},
    reactive::{AnyView, RwSignal},
    router::{Place, encode},
    state::app,
    text::{key, t, t_of},
    ui::{
        self,
        field::what_is_wrong,
        load::{empty, load},
    },
};

/// A record of the profile as the application takes it over.
pub fn taken(item: &Json) -> Json {
    let record = item.at("record");
    let details = record.fields().iter().filter(|(name, _)| name != "kind").cloned().collect();
    let day_or_null = |name: &str| record.at(name).clone();
    json::map([
        ("id", item.at("id").clone()),
        ("kind", item.at("kind").clone()),
        ("title", title_of(record).into()),
        ("from", day_or_null("from")),
        ("to", day_or_null("to")),
        ("details", Json::Map(details)),
        ("files", item.at("evidence").clone()),
        ("source", item.at("source").clone()),
        ("verification", item.at("verification").clone()),
    ])
}

/// Records that were written anew in the profile since they were taken over are taken over anew:
/// what is being written is not yet what was sent. A profile that was last seen some time ago may
/// be older than the application.
fn freshen(form: crate::form::Form, items: &[Json]) {
    if app().as_of.get_untracked().is_some() {
        return;
    }
    let says = |record: &Json, item: &Json| {
        let now = taken(item);
        record.at("details") == now.at("details") && record.at("files") == now.at("files")
    };
    let of = |record: &Json| {
        let id = record.str("id");
        items.iter().find(|item| item.str("id") == id || item.str("former") == id)
    };
    let old = |record: &&Json| of(record).is_some_and(|item| !says(record, item));
    if !form.whole.with_untracked(|all| all.list("records").iter().any(|record| old(&record))) {
        return;
    }
    form.whole.update(|all| {
        let mut moved = Vec::new();
        for record in all.items("records") {
            let Some(item) = of(record) else { continue };
            if record.str("id") != item.str("id") {
                moved.push((record.str("id").to_owned(), item.str("id").to_owned()));
            }
            *record = taken(item);
        }
        // What it proves names it by its identifier.
        for list in ["documents", "claims"] {
            for part in all.items(list) {
                let ids = part.texts("records").into_iter();
                let now: Vec<String> = ids
                    .map(|id| {
                        moved.iter().find(|(old, _)| *old == id).map_or(id, |(_, to)| to.clone())
                    })
                    .collect();
                part.put("records", now.into());
            }
        }
    });
}

/// Records of the application that the profile no longer has: shown, so that they can be taken out.
fn only_here(form: crate::form::Form, kind: &str, items: &[Json]) -> Vec<Json> {
    form.whole.with_untracked(|all| {
        let records = all.list("records").iter().filter(|record| {
            record.str("kind") == kind
                && !items.iter().any(|item| item.str("id") == record.str("id"))
        });
        let as_item = |record: &Json| {
            json::map([
                ("id", record.at("id").clone()),
                ("kind", record.at("kind").clone()),
                ("record", record.at("details").clone()),
                ("evidence", record.at("files").clone()),
            ])
        };
        records.map(as_item).collect()
    })
}

fn has(content: &Json, id: &str) -> bool {
    content.list("records").iter().any(|record| record.str("id") == id)
}

/// The task.
pub fn view(step: &Step, kind: &'static str) -> El {
    let form = step.form;
    let profile = load::<Json>(format!("my/profile?kind={kind}"));
    // A record that was just added may still wait for its file.
    crate::dom::follow(move || {
        if app().sent.get() > 0 {
            profile.again();
        }
    });
    let here = format!("/app/my/applications/{}/{kind}", step.id);
    let back = encode(&format!("{here}?new=1"));
    let came = Rc::new(Came::of(step));
    let records = format!("/app/my/applications/{}/records", step.id);
    let new = Place::parse(&format!("{records}/new/{kind}?back={back}"));
    let none = move || kind == "experience" && form.whole.with(|all| all.flag("no_experience"));
    let hidden = crate::dom::settled(move || if none() { "none".into() } else { String::new() });
    div("group")
        .child(what_is_wrong(kind, form.errors))
        .maybe((kind == "experience").then(|| form.tick("no_experience", "apply.no_experience")))
        .child(live(move || {
            if !hidden.get().is_empty() {
                return nothing();
            }
            let (new, came, here) = (new.clone(), Rc::clone(&came), here.clone());
            let records = records.clone();
            div("group")
                .child(el("p").class("hint").t("apply.records_hint"))
                .child(profile.view(move |all| {
                    let items = all.list("items").to_vec();
                    freshen(form, &items);
                    let gone = only_here(form, kind, &items);
                    if items.is_empty() && gone.is_empty() {
                        return empty("apply.no_records", None);
                    }
                    came.take_in(form, &items);
                    let (answer, here) = (Rc::clone(&came.now), encode(&here));
                    let mine = items.into_iter().map(|item| {
                        let to = format!("{records}/{}?back={here}", item.str("id"));
                        let to = link(Place::parse(&to)).class("small");
                        let name = title_of(item.at("record"));
                        let to = to.t("record.change").child(el("span").class("vh").child(name));
                        el("li").child(choice(form, item, &answer)).child(to)
                    });
                    let mine: Vec<El> = mine.collect();
                    let gone =
                        gone.into_iter().map(|item| el("li").child(choice(form, item, &answer)));
                    el("ul").class("checks records").children(mine).children(gone).done()
                }))
                .child(on_the_way())
                .child(
                    el("p").child(
                        link(new).class("button second").t(key(format!("record.add_{kind}"))),
                    ),
                )
                .done()
        }))
}

/// Records that are written and have not reached the server: they can be ticked once they have.
fn on_the_way() -> AnyView {
    live(|| {
        let rows = app().waiting.get();
        let names: Vec<String> = rows
            .iter()
            .filter(|row| row.what == "profile" && row.path == "my/profile")
            .map(|row| row.name.clone())
            .collect();
        if names.is_empty() {
            return nothing();
        }
        el("ul")
            .class("plain")
            .attr("role", "status")
            .children(names.into_iter().map(|name| {
                el("li").child(el("span").child(name).child(" ")).child(
                    el("span").class("tag wait").child(live_text(|| t_of("file_state", "waits"))),
                )
            }))
            .done()
    })
}

/// Who comes back from writing a record has written it for this application: it is taken in, once.
struct Came {
    /// The application: what was written after it was begun has a later identifier.
    begun: Rc<str>,
    back: Cell<bool>,
    /// The answer of the server: it names the documents that are asked for.
    now: Rc<Json>,
}

impl Came {
    fn of(step: &Step) -> Came {
        let back = app().place.with_untracked(|place| !place.get("new").is_empty());
        Came { begun: Rc::clone(&step.id), back: Cell::new(back), now: Rc::clone(&step.now) }
    }

    fn take_in(&self, form: crate::form::Form, items: &[Json]) {
        let is_new = |item: &&Json| {
            let id = item.str("id");
            id > &*self.begun && !form.whole.with_untracked(|all| has(all, id))
        };
        if let Some(item) = items.iter().rfind(is_new).filter(|_| self.back.replace(false)) {
            form.whole.update(|all| put_in(all, item, &self.now));
        }
    }
}

/// Takes a record into the content, and as a proof of the documents that it proves.
fn put_in(all: &mut Json, item: &Json, now: &Json) {
    all.items("records").push(taken(item));
    let own = item.str("record.document");
    let proves = |document: &&Json| {
        !document.flag("made_here")
            && document.texts("records").iter().any(|kind| kind == item.str("kind"))
            && (own.is_empty() || own == document.str("code"))
    };
    if item.texts("evidence").is_empty() {
        return;
    }
    for document in now.list("form.documents").iter().filter(proves) {
        let part = part(all, "documents", "code", document.str("code"));
        let mut ids = part.texts("records");
        ids.push(item.str("id").to_owned());
        part.put("records", ids.into());
    }
}

/// Takes a record out, and out of what it was to prove.
fn take_out(all: &mut Json, id: &str) {
    all.items("records").retain(|record| record.str("id") != id);
    for part in all.items("documents") {
        let ids = part.texts("records");
        if ids.iter().any(|one| one == id) {
            let left: Vec<String> = ids.into_iter().filter(|one| one != id).collect();
            part.put("records", left.into());
        }
    }
}

fn choice(form: crate::form::Form, item: Json, answer: &Rc<Json>) -> El {
    let answer = Rc::clone(answer);
    let id = item.str("id").to_owned();
    let title = item.at("record").clone();
    let when = title.clone();
    let evidence = item.texts("evidence").len();
    let on = {
        let id = id.clone();
        move || form.whole.with(|all| has(all, &id))
    };
    el("label")
        .child(el("input").attr("type", "checkbox").checked(on).on("change", move |_| {
            form.whole.update(|all| match has(all, &id) {
                true => take_out(all, &id),
                false => put_in(all, &item, &answer),
            });
        }))
        .child(
            div("row-main")
                .child(el("span").child(live_text(move || title_of(&title))))
                .child(el("span").class("small soft").child(live_text(move || time_of(&when))))
                .child(
                    el("span")
                        .class(if evidence == 0 { "small error" } else { "small soft" })
                        .child(live_text(move || match evidence {
                            0 => t("record.no_evidence").to_owned(),
                            n => crate::text::count("files.count", n as i64),
                        })),
                ),
        )
}

/// Records of the content of some kinds, to be chosen as evidence: boxes that turn an identifier
/// in a list on and off.
pub fn evidence(
    step: &Step,
    kinds: Vec<String>,
    get: impl Fn() -> Vec<String> + Clone + 'static,
    set: impl Fn(Vec<String>) + Clone + 'static,
) -> El {
    let form = step.form;
    let open: RwSignal<()> = RwSignal::new(());
    div("evidence").child(live(move || {
        open.get();
        let records: Vec<Json> = form.whole.with_untracked(|all| {
            let fits = |record: &&Json| kinds.iter().any(|kind| kind == record.str("kind"));
            all.list("records").iter().filter(fits).cloned().collect()
        });
        if records.is_empty() {
            return nothing();
        }
        let (get, set) = (get.clone(), set.clone());
        el("fieldset")
            .child(el("legend").class("small").t("apply.from_records"))
            .child(el("ul").class("checks").children(records.into_iter().map(move |record| {
                let id = record.str("id").to_owned();
                let (get, set) = (get.clone(), set.clone());
                let (shown, turned) = (id.clone(), id);
                let (is_on, now) = (get.clone(), get);
                el("li").child(
                    el("label")
                        .child(
                            el("input")
                                .attr("type", "checkbox")
                                .checked(move || is_on().contains(&shown))
                                .on("change", move |_| {
                                    let mut all = now();
                                    match all.iter().position(|one| *one == turned) {
                                        Some(at) => drop(all.remove(at)),
                                        None => all.push(turned.clone()),
                                    }
                                    set(all);
                                }),
                        )
                        .child(el("span").child(record.str("title").to_owned())),
                )
            })))
            .done()
    }))
}

/// Files of a part of the content that is found by a name in a list.
pub fn files_of(
    form: crate::form::Form,
    list: &'static str,
    by: &'static str,
    name: String,
) -> files::List {
    let wanted = name.clone();
    files::List {
        get: std::rc::Rc::new(move || {
            form.whole.with(|all| {
                let part = all.list(list).iter().find(|part| part.str(by) == name);
                part.map(|part| part.texts("files")).unwrap_or_default()
            })
        }),
        set: std::rc::Rc::new(move |ids| {
            form.whole.update(|all| part(all, list, by, &wanted).put("files", ids.into()));
        }),
    }
}

/// A part of a list by a name; it is made where it is missing.
pub fn part<'a>(all: &'a mut Json, list: &str, by: &str, name: &str) -> &'a mut Json {
    let parts = all.items(list);
    let at = parts.iter().position(|part| part.str(by) == name).unwrap_or_else(|| {
        parts.push(json::map([(by, name.into())]));
        parts.len() - 1
    });
    &mut parts[at]
}

/// A note of a part, several lines.
pub fn note(form: crate::form::Form, list: &'static str, by: &'static str, name: String) -> El {
    let (get, set) = (name.clone(), name.clone());
    let bind = ui::field::Bind::new(
        move || {
            form.whole.with(|all| {
                let part = all.list(list).iter().find(|part| part.str(by) == get);
                part.map(|part| part.str("note").to_owned()).unwrap_or_default()
            })
        },
        move |text| form.whole.update(|all| part(all, list, by, &set).put("note", text.into())),
    );
    ui::field::field(key(format!("{list}.{name}.note")), "apply.part_note", form.errors)
        .input("text", bind)
}
