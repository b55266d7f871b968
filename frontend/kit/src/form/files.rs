//! Files of a form: chosen, dropped or taken with the camera; kept on the device at once and sent
//! when there is a connection; shown with how far they are.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use crate::{
    api,
    dom::{El, div, el, live, live_text, many},
    json::{self, Json},
    offline::files::{self, LOCAL},
    reactive::RwSignal,
    state::app,
    text::{fill, t, t_of},
    ui,
};

/// What the server accepts for documents; the content decides there.
const ACCEPT: &str = "application/pdf,image/jpeg,image/png,.docx,.xlsx";

/// Identifiers in a list at a path of a form.
#[derive(Clone)]
pub struct List {
    /// Reads them.
    pub get: Rc<dyn Fn() -> Vec<String>>,
    /// Writes them.
    pub set: Rc<dyn Fn(Vec<String>)>,
}

/// What is known of a file: name, state, size.
pub type Known = Rc<dyn Fn(&str) -> Option<(String, String)>>;

/// When a file arrives, the form names it by its real identifier.
pub fn follow_arrivals(whole: RwSignal<Json>) {
    crate::dom::follow(move || {
        let Some((local, id)) = app().arrived.get() else { return };
        let text = whole.with_untracked(json::write);
        if text.contains(&local)
            && let Some(newer) = json::read(&text.replace(&local, &id))
        {
            whole.set(newer);
        }
    });
}

/// Where files are attached.
pub fn attach(
    name: &str,
    label: &'static str,
    purpose: &'static str,
    list: List,
    known: Known,
) -> El {
    let over = RwSignal::new(false);
    let id = format!("f-{name}");
    let add = {
        let list = list.clone();
        move |chosen: Option<FileList>| {
            let Some(chosen) = chosen else { return };
            for at in 0..chosen.length() {
                let Some(file) = chosen.get(at) else { continue };
                take(file, purpose, list.clone());
            }
        }
    };
    let dropped = add.clone();
    let shown = list.clone();
    let chosen = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input {
            add(input.files());
            input.set_value("");
        }
    };
    div("field files")
        .child(el("label").attr("for", &id).class("label").t(label))
        .child(live(move || {
            let ids = (shown.get)();
            let list = shown.clone();
            let known = Rc::clone(&known);
            el("ul")
                .class("file-list")
                .children(ids.into_iter().map(|id| row(id, &list, &known)))
                .done()
        }))
        .child(
            el("div")
                .attr_live("class", move || {
                    Some(if over.get() { "drop over" } else { "drop" }.to_owned())
                })
                .on("dragover", move |event| {
                    event.prevent_default();
                    over.set(true);
                })
                .on("dragleave", move |_| over.set(false))
                .on("drop", move |event| {
                    event.prevent_default();
                    over.set(false);
                    let drag = event.dyn_into::<DragEvent>().ok();
                    dropped(drag.and_then(|drag| drag.data_transfer()).and_then(|all| all.files()));
                })
                .child(
                    el("input")
                        .attr("type", "file")
                        .attr("multiple", "")
                        .attr(
                            "accept",
                            if purpose == "presentation" { "video/mp4" } else { ACCEPT },
                        )
                        .id(&id)
                        .on("change", chosen),
                )
                .child(el("p").class("hint").t("files.hint")),
        )
}

fn take(file: File, purpose: &'static str, list: List) {
    api::run(async move {
        match files::take(&file, purpose).await {
            Ok(id) => {
                let mut all = (list.get)();
                all.push(id);
                (list.set)(all);
            }
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

fn row(id: String, list: &List, known: &Known) -> El {
    let (list, known) = (list.clone(), Rc::clone(known));
    let (shown, gone) = (id.clone(), id.clone());
    let name_of = move |id: &str| {
        let local = app().files.with(|all| all.iter().find(|one| one.id == id).cloned());
        let queued = app().waiting.with(|all| {
            all.iter().find(|row| row.object == format!("file/{id}")).map(|row| row.name.clone())
        });
        let server = known(id);
        let name = local.as_ref().map(|one| one.name.clone());
        let name = name.or(server.as_ref().map(|(name, _)| name.clone())).or(queued);
        (name, local, server.map(|(_, state)| state))
    };
    el("li")
        .child(live(move || {
            let (name, local, state) = name_of(&shown);
            let name = name.unwrap_or_else(|| t("files.one").to_owned());
            let waits = shown.starts_with(LOCAL);
            let wrong = local.as_ref().and_then(|one| one.wrong.clone());
            let sent = local.as_ref().map_or(0, |one| one.sent);
            let state = match state {
                _ if wrong.is_some() => "wrong".to_owned(),
                _ if waits && sent > 0 && sent < 100 => "sending".to_owned(),
                _ if waits => "waits".to_owned(),
                Some(state) => state,
                None => "pending".to_owned(),
            };
            let class = match state.as_str() {
                "clean" => "tag done",
                "infected" | "refused" | "missing" | "wrong" => "tag late",
                "waits" | "sending" => "tag wait",
                _ => "tag mute",
            };
            let words = t_of("file_state", &state);
            let words = if state == "sending" {
                fill("files.sent", &[("n", &sent.to_string())])
            } else {
                words
            };
            many([
                el("span").class("file-name").child(name).done(),
                el("span").class(class).child(words).done(),
                el("span").class("error").child(wrong.unwrap_or_default()).done(),
            ])
        }))
        .child(
            ui::button("button quiet", "files.remove", move |_| {
                let rest = (list.get)().into_iter().filter(|one| *one != gone).collect();
                (list.set)(rest);
                // What has not left the device need not leave it any more.
                let waiting = app().waiting.get_untracked();
                let object = format!("file/{gone}");
                for row in waiting.iter().filter(|row| row.object == object) {
                    crate::offline::outbox::discard(row.seq);
                }
            })
            .attr_live("aria-label", move || {
                let (name, ..) = (app()
                    .files
                    .with(|all| all.iter().find(|one| one.id == id).map(|one| one.name.clone())),);
                Some(format!("{} {}", t("files.remove"), name.unwrap_or_default()))
            }),
        )
}

/// The files at a path of a form.
pub fn at(form: super::Form, path: &'static str) -> List {
    List {
        get: Rc::new(move || form.whole.with(|all| all.texts(path))),
        set: Rc::new(move |ids| form.whole.update(|all| all.put(path, ids.into()))),
    }
}

/// Opens a file: a link that is good for some minutes.
pub fn open(id: &str) {
    let path = format!("my/files/{id}/link");
    let id = id.to_owned();
    api::run(async move {
        let call = api::call("POST", path).once(crate::browser::uuid());
        match call.json::<Json>().await {
            Ok(link) if !link.str("url").is_empty() => crate::browser::leave_to(link.str("url")),
            Ok(_) => app().say(id, true),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

/// Names of files as links.
pub fn links(ids: &[String], known: &Known) -> El {
    let known = Rc::clone(known);
    el("ul").class("plain").children(ids.iter().map(move |id| {
        let (name, opened) =
            (known(id).map_or_else(|| t("files.one").to_owned(), |(name, _)| name), id.clone());
        el("li").child(
            el("button")
                .attr("type", "button")
                .class("button quiet")
                .child(live_text(move || name.clone()))
                .on("click", move |_| open(&opened)),
        )
    }))
}
