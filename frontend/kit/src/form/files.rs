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
    seek,
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
        if seek::has(&text, &local)
            && let Some(newer) = json::read(&seek::replace(&text, &local, &id))
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
    let id = files::name(&file);
    let mut all = (list.get)();
    all.push(id.clone());
    (list.set)(all);
    api::run(async move {
        if let Err(problem) = files::take(&id, &file, purpose).await {
            app().say(problem.words(), true);
            (list.set)((list.get)().into_iter().filter(|one| *one != id).collect());
        }
    });
}

/// The name of a file: as it was chosen here, as it waits, as the server has it.
fn name_of(id: &str, known: &Known) -> String {
    let chosen =
        app().files.with(|all| all.iter().find(|one| one.id == id).map(|one| one.name.clone()));
    let queued = || {
        let object = format!("file/{id}");
        app()
            .waiting
            .with(|all| all.iter().find(|row| row.object == object).map(|row| row.name.clone()))
    };
    let name = chosen.or_else(|| known(id).map(|(name, _)| name)).or_else(queued);
    name.unwrap_or_else(|| t("files.one").to_owned())
}

fn row(id: String, list: &List, known: &Known) -> El {
    let (list, known, named) = (list.clone(), Rc::clone(known), Rc::clone(known));
    let (shown, gone) = (id.clone(), id.clone());
    el("li")
        .child(live(move || {
            let local = app().files.with(|all| all.iter().find(|one| one.id == shown).cloned());
            let state = known(&shown).map(|(_, state)| state);
            let name = name_of(&shown, &known);
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
                Some(format!("{} {}", t("files.remove"), name_of(&id, &named)))
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
        let (shown, opened, known) = (id.clone(), id.clone(), Rc::clone(&known));
        let name = live_text(move || name_of(&shown, &known));
        // What has not arrived cannot be opened from there.
        if id.starts_with(LOCAL) {
            return el("li").child(name);
        }
        el("li").child(
            el("button")
                .attr("type", "button")
                .class("button quiet")
                .child(name)
                .on("click", move |_| open(&opened)),
        )
    }))
}
