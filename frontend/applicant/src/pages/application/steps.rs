//! A task of the application: one thing on the page, saved when the person goes on.

use std::rc::Rc;

use super::{ask, claims, documents, home, is_open, known, object, queued, records, review};
use crate::{
    dom::{El, div, el, live, nothing},
    form::{
        Form, SEEN, bare, codes, files::Known, forget, forget_same, form, mirrored, place::place,
    },
    json::{self, Json},
    nav::{self, link},
    offline::{
        outbox::{self, Write},
        store,
    },
    pages::my,
    reactive::{AnyView, RwSignal},
    text::{pick_json, t},
    ui::{self, errors::summary, load::empty, page::page_with},
};

/// A task that is open.
#[derive(Clone)]
pub struct Step {
    /// The application.
    pub id: Rc<str>,
    /// Its answer from the server.
    pub now: Rc<Json>,
    /// What is typed: the content.
    pub form: Form,
    /// What is known of files.
    pub known: Known,
    /// Whether typed text was found that had not been saved.
    pub restored: bool,
}

/// The page of a task.
pub fn step(id: &str, section: &str) -> AnyView {
    let all = ask(id);
    let (id, section) = (id.to_owned(), section.to_owned());
    all.view(move |now| {
        if !is_open(&now) {
            let to = link(home(&id)).class("button second").t("apply.to_application");
            return page_with(|| t("apply.title").to_owned(), Some(home(&id)), None)
                .child(empty("apply.closed", Some(to)))
                .done();
        }
        let step = begin(&id, now);
        if section == "check" && step.restored {
            // What is looked through is what will be sent: what was typed and left is saved first.
            step.save("check", move |newer| {
                if let Some(newer) = newer {
                    all.put(newer);
                }
            });
        }
        draw(step, &section)
    })
}

/// Opens the content: what was typed last, what waits to be sent, what the server has.
fn begin(id: &str, now: Json) -> Step {
    let version = now.int("version").unwrap_or_default();
    for row in outbox::of_object(&object(id)) {
        forget_same(&row.object, row.body.as_deref());
    }
    let kept = mirrored(&object(id));
    let restored = kept.is_some();
    let mut content = kept.or_else(|| queued(id)).unwrap_or_else(|| now.at("content").clone());
    if content.int(SEEN).is_none() {
        content.put(SEEN, version.into());
    }
    let form = form(content);
    form.mirror(&object(id));
    let known = known(&now);
    Step { id: id.into(), now: Rc::new(now), form, known, restored }
}

impl Step {
    /// The content as it is sent.
    pub fn content(&self) -> Json {
        self.form.whole.with_untracked(bare)
    }

    /// The write that saves what is typed.
    fn write(&self) -> Write {
        Write {
            method: "PUT",
            path: format!("my/applications/{}", self.id),
            object: object(&self.id),
            body: Some(json::map([("content", self.content())])),
            seen: self.form.whole.with_untracked(|all| all.int(SEEN)),
            what: "application",
            name: pick_json(self.now.at("vacancy.title")),
        }
    }

    /// Saves, then goes on; without a connection it goes on too.
    pub fn save(&self, section: &str, then: impl FnOnce(Option<Json>) + 'static) {
        let code = section.to_owned();
        self.form.whole.update(|all| {
            let seen = all.items("seen");
            if !seen.iter().any(|one| one.text() == code) {
                seen.push(code.into());
            }
        });
        let id = Rc::clone(&self.id);
        let form = self.form;
        form.send(self.write(), move |newer| {
            if let Some(newer) = &newer {
                store::remember(format!("my/applications/{id}"), json::write(newer));
            }
            then(newer);
        });
    }

    /// The task after this one.
    fn next(&self, section: &str) -> String {
        let tasks: Vec<&str> =
            self.now.list("tasks").iter().map(|task| task.str("section")).collect();
        let at = tasks.iter().position(|one| *one == section);
        at.and_then(|at| tasks.get(at + 1)).copied().unwrap_or("check").to_owned()
    }
}

fn draw(step: Step, section: &str) -> AnyView {
    let title = {
        let words = step.now.list("tasks").iter().find(|task| task.str("section") == section);
        words.map(|task| task.str("title").to_owned()).unwrap_or_default()
    };
    let vacancy = step.now.at("vacancy.title").clone();
    let frame = page_with(move || title.clone(), Some(home(&step.id)), None).child(
        el("p").class("soft under").child(crate::dom::live_text(move || pick_json(&vacancy))),
    );
    if section == "check" {
        return frame.child(review::view(step)).done();
    }
    let body = match section {
        "person" => person(&step),
        "contacts" => contacts(&step),
        "education" => records::view(&step, "education"),
        "experience" => records::view(&step, "experience"),
        "documents" => documents::view(&step),
        "score_sheet" => claims::view(&step),
        "statement" => statement(&step),
        _ => return kit::pages::unknown::page(),
    };
    let saved = step.clone();
    let code = section.to_owned();
    let onward = move |event: web_sys::Event| {
        event.prevent_default();
        let to = my(format!("applications/{}/{}", saved.id, saved.next(&code)));
        saved.save(&code, move |_| nav::go(to));
    };
    let (later, code) = (step.clone(), section.to_owned());
    frame
        .child(asked(&step, section))
        .child(found(&step))
        .child(summary(step.form.errors))
        .child(
            el("form").class("step").attr("novalidate", "").on("submit", onward).child(body).child(
                div("buttons").child(step.form.submit("apply.save_next")).child(ui::button(
                    "button second",
                    "apply.save_later",
                    move |_| {
                        let to = home(&later.id);
                        later.save(&code, move |_| nav::go(to));
                    },
                )),
            ),
        )
        .done()
}

/// What the clerk asked for in this place.
fn asked(step: &Step, section: &str) -> AnyView {
    let items: Vec<String> = step
        .now
        .list("completion.items")
        .iter()
        .filter(|item| {
            let target = item.str("target");
            let place = match target.split_once(':') {
                Some(("document", _)) => "documents",
                Some(("row", _)) => "score_sheet",
                _ => target,
            };
            place == section
        })
        .map(|item| item.str("text").to_owned())
        .collect();
    if items.is_empty() || step.now.str("state") != "returned_for_completion" {
        return nothing();
    }
    div("notice wait")
        .child(el("h2").t("apply.asked"))
        .child(el("ul").children(items.into_iter().map(|text| el("li").child(text))))
        .done()
}

/// Typed text was found that had not been saved.
fn found(step: &Step) -> AnyView {
    let there = RwSignal::new(step.restored);
    let (form, now, id) = (step.form, Rc::clone(&step.now), Rc::clone(&step.id));
    live(move || {
        if !there.get() {
            return nothing();
        }
        let (now, id) = (Rc::clone(&now), Rc::clone(&id));
        div("notice wait")
            .attr("role", "status")
            .child(el("p").t("apply.restored"))
            .child(ui::button("button quiet", "apply.restored_drop", move |_| {
                let mut content = now.at("content").clone();
                content.put(SEEN, now.int("version").unwrap_or_default().into());
                form.whole.set(content);
                forget(&object(&id));
                there.set(false);
            }))
            .done()
    })
}

fn person(step: &Step) -> El {
    let form = step.form;
    div("group")
        .child(el("p").class("hint").t("person.hint"))
        .child(form.line("person.surname", "person.surname"))
        .child(form.line("person.name", "person.name"))
        .child(form.line("person.patronymic", "person.patronymic"))
        .child(
            ui::field::field("person.iin", "person.iin", form.errors)
                .hint("person.iin_hint")
                .short()
                .code(form.text("person.iin")),
        )
        .child(form.date("person.birth_date", "person.birth_date"))
        .child(form.one_of(
            "person.citizenship",
            "person.citizenship",
            codes("choice.country", crate::profile::COUNTRIES, true),
        ))
}

fn contacts(step: &Step) -> El {
    let form = step.form;
    let name = step.now.at("place").clone();
    div("group")
        .child(
            ui::field::field("contacts.phone", "contacts.phone", form.errors)
                .hint("contacts.phone_hint")
                .input("tel", form.phone("contacts.phone")),
        )
        .child(
            ui::field::field("contacts.email", "contacts.email", form.errors)
                .input("email", form.text("contacts.email")),
        )
        .child(place(form, "contacts.kato", name))
        .child(form.line("contacts.address", "contacts.address"))
        .child(form.one_of(
            "contacts.lang",
            "contacts.lang",
            codes("lang", &["kk", "ru", "en"], false),
        ))
}

fn statement(step: &Step) -> El {
    let form = step.form;
    let relatives = move || form.whole.with(|all| all.flag("statement.has_relatives"));
    let organisation = step.now.at("vacancy.organisation.name").clone();
    let shown = crate::dom::settled(move || if relatives() { "yes".into() } else { String::new() });
    div("group")
        .child(el("p").child(crate::dom::live_text(move || {
            crate::text::fill("statement.lead", &[("organisation", &pick_json(&organisation))])
        })))
        .child(form.yes_no("statement.has_relatives", "statement.has_relatives"))
        .child(live(move || match shown.get().is_empty() {
            true => nothing(),
            false => form.lines("statement.relatives", "statement.relatives").done(),
        }))
        .child(form.several(
            "statement.preferences",
            "statement.preferences",
            codes("preference", &["young_specialist", "disability"], false),
        ))
        .child(form.lines("statement.letter", "statement.letter"))
        .child(form.tick("statement.truthful", "statement.truthful"))
        .child(form.tick("statement.consent", "statement.consent"))
        .child(consent_text())
}

/// What is agreed to: it is read here, and kept on the device for the way without a connection.
fn consent_text() -> El {
    let all = crate::ui::load::load::<Json>("my/consents");
    el("details").class("fold").child(el("summary").t("statement.consent_text")).child(all.view(
        |all| {
            let one = all
                .list("purposes")
                .iter()
                .find(|one| one.str("text.purpose") == "competition")
                .map(|one| one.at("text").clone())
                .unwrap_or_default();
            let line = |of: Json| el("p").child(crate::dom::live_text(move || pick_json(&of)));
            let parts = ["data", "recipients", "term", "ground", "effect"];
            div("group small")
                .children(one.list("body").iter().map(|part| line(part.clone())))
                .children(parts.map(|part| line(one.at(part).clone())))
                .done()
        },
    ))
}
