//! The documents that the announcement asks for, each with its files.

use std::rc::Rc;

use super::{
    records::{evidence, files_of, note, part},
    steps::Step,
};
use crate::{
    dom::{El, div, el, live_text, nothing},
    form::files::attach,
    json::Json,
    text::{pick_json, t},
    ui::field::what_is_wrong,
};

/// The task.
pub fn view(step: &Step) -> El {
    div("group")
        .children(step.now.list("form.documents").iter().map(|document| one(step, document)))
}

fn one(step: &Step, document: &Json) -> El {
    let form = step.form;
    let code = document.str("code").to_owned();
    let name = document.at("name").clone();
    let required = document.flag("required");
    let field = crate::text::key(format!("documents.{code}"));
    let head = el("h2")
        .id(format!("f-{field}"))
        .attr("tabindex", "-1")
        .child(live_text(move || pick_json(&name)));
    let tag = match (document.flag("made_here"), required) {
        (true, _) => el("span").class("tag done").t("documents.made_here"),
        (_, true) => el("span").class("tag").t("documents.required"),
        _ => el("span").class("tag mute").t("documents.optional"),
    };
    let frame = el("section")
        .class("panel document")
        .child(head)
        .child(tag)
        .child(what_is_wrong(field, form.errors))
        .child(source(document));
    if document.flag("made_here") {
        return frame;
    }
    let kinds = document.texts("records");
    let (read, wrote) = (code.clone(), code.clone());
    let get = move || {
        form.whole.with(|all| {
            let part = all.list("documents").iter().find(|part| part.str("code") == read);
            part.map(|part| part.texts("records")).unwrap_or_default()
        })
    };
    let set = move |ids: Vec<String>| {
        form.whole.update(|all| part(all, "documents", "code", &wrote).put("records", ids.into()));
    };
    let purpose = if code == "presentation" || code == "video_presentation" {
        "presentation"
    } else {
        "document"
    };
    frame
        .child(evidence(step, kinds, get, set))
        .child(attach(
            &format!("{field}.files"),
            "files.label",
            purpose,
            files_of(form, "documents", "code", code.clone()),
            Rc::clone(&step.known),
        ))
        .child(if required { nothing() } else { absent(step, &code).done() })
        .child(note(form, "documents", "code", code))
}

/// The person says that there is no such document.
fn absent(step: &Step, code: &str) -> El {
    let form = step.form;
    let (shown, turned) = (code.to_owned(), code.to_owned());
    let on = move || {
        form.whole.with(|all| {
            all.list("documents")
                .iter()
                .any(|part| part.str("code") == shown && part.flag("absent"))
        })
    };
    div("checks").child(
        el("label")
            .child(el("input").attr("type", "checkbox").checked(on).on("change", move |_| {
                form.whole.update(|all| {
                    let part = part(all, "documents", "code", &turned);
                    let now = part.flag("absent");
                    part.put("absent", (!now).into());
                });
            }))
            .child(el("span").t("documents.absent")),
    )
}

/// Where it is asked for.
pub fn source(of: &Json) -> El {
    let text = of.str("source").to_owned();
    if text.is_empty() {
        return el("span");
    }
    el("details")
        .class("fold small")
        .child(el("summary").child(live_text(|| t("apply.ground").to_owned())))
        .child(el("p").class("soft").child(text))
}
