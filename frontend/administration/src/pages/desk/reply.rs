//! Writing about a ticket: an answer, a question, a note, the end. Each is a text of its own.

use std::rc::Rc;

use crate::reactive::AnyView;
use domain::ticket::{
    api::{DeskCommand, TicketView},
    rules::State,
};
use wasm_bindgen::JsCast;

use super::{draft::Mode, send::Desk};
use crate::{
    api::FieldProblem,
    dom::{El, div, el, live, live_text, nothing},
    text::{fill, t, t_of},
    ui::{
        errors::summary,
        field::{Bind, Options, field},
        page::section,
    },
};

/// Articles of the help, by their addresses.
const ARTICLES: [&str; 6] = ["find", "apply", "publish", "import", "trust", "open-data"];

/// Whether the rules let something be written in a state.
pub fn may(state: State, mode: Mode) -> bool {
    !matches!((state, mode), (State::Merged, _) | (State::Closed, Mode::Ask | Mode::Close))
}

/// The form, or why there is none.
pub fn view(desk: Desk, ticket: &Rc<TicketView>) -> AnyView {
    let state = ticket.row.state;
    if state == State::Merged {
        return nothing();
    }
    if !may(state, desk.draft.with_untracked(|draft| draft.mode)) {
        desk.draft.update(|draft| draft.mode = Mode::Resolve);
    }
    let (sent, keys) = (Rc::clone(ticket), Rc::clone(ticket));
    section("desk.write")
        .child(summary(desk.wrong))
        .child(
            el("form")
                .class("reply")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    send(desk, &sent);
                })
                .on("keydown", move |event| {
                    let sends = event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|key| {
                        key.key() == "Enter" && (key.ctrl_key() || key.meta_key())
                    });
                    if sends {
                        event.prevent_default();
                        send(desk, &keys);
                    }
                })
                .child(modes(desk, ticket))
                .child(writing(desk, ticket)),
        )
        .done()
}

fn modes(desk: Desk, ticket: &Rc<TicketView>) -> El {
    let state = ticket.row.state;
    let id = ticket.row.id.clone();
    let all = Mode::ALL.into_iter().filter(move |mode| may(state, *mode)).map(move |mode| {
        let id = id.clone();
        el("label")
            .class("chip")
            .child(
                el("input")
                    .attr("type", "radio")
                    .attr("name", "mode")
                    .attr("value", mode.code())
                    .checked(move || desk.draft.with(|draft| draft.mode == mode))
                    .on("change", move |_| {
                        desk.wrong.set(Vec::new());
                        desk.write(&id, |draft| draft.mode = mode);
                    }),
            )
            .child(live_text(move || t_of("desk.mode", mode.code())))
    });
    el("fieldset").child(el("legend").class("vh").t("desk.write")).child(div("chips").children(all))
}

/// The text of the mode that is chosen.
fn writing(desk: Desk, ticket: &Rc<TicketView>) -> AnyView {
    let mode = crate::dom::settled(move || desk.draft.with(|draft| draft.mode.code().to_owned()));
    let ticket = Rc::clone(ticket);
    live(move || {
        let now = mode.get();
        let ticket = Rc::clone(&ticket);
        crate::dom::quietly(move || match now.as_str() {
            "ask" => typed(desk, &ticket, "desk.ask", "desk.ask_hint", "desk.ask_send"),
            "note" => typed(desk, &ticket, "desk.note", "desk.note_hint", "desk.note_send"),
            "close" => typed(desk, &ticket, "desk.close", "desk.close_hint", "desk.close_send"),
            _ => typed(desk, &ticket, "desk.answer", "desk.answer_hint", "desk.answer_send"),
        })
    })
}

fn typed(
    desk: Desk,
    ticket: &Rc<TicketView>,
    label: &'static str,
    hint: &'static str,
    button: &'static str,
) -> AnyView {
    let mode = desk.draft.with_untracked(|draft| draft.mode);
    let id = ticket.row.id.clone();
    let text = Bind::new(
        move || desk.draft.with(|draft| draft.text().to_owned()),
        move |text| desk.write(&id, |draft| draft.write(text)),
    );
    let for_writer = mode != Mode::Note;
    let (lang, reachable) = (ticket.lang.clone(), ticket.reachable);
    let about = move || {
        let lang = t_of("desk.in_lang", &lang);
        let reach = if reachable { "" } else { t("desk.unreachable") };
        format!("{lang} {reach}").trim().to_owned()
    };
    let class = if for_writer { "typed" } else { "typed inside" };
    div(class)
        .maybe(for_writer.then(|| el("p").class("soft small").child(live_text(about))))
        .child(field("text", label, desk.wrong).hint(hint).area(text))
        .maybe((mode == Mode::Resolve).then(|| article(desk, ticket)))
        .child(
            div("buttons")
                .child(
                    el("button")
                        .attr("type", "submit")
                        .class(if mode == Mode::Close { "button danger" } else { "button" })
                        .flag("disabled", move || desk.busy.get())
                        .t(button),
                )
                .child(
                    el("span")
                        .class("keys small soft")
                        .child(el("kbd").child("Ctrl"))
                        .child(" + ")
                        .child(el("kbd").child("Enter")),
                ),
        )
        .done()
}

fn article(desk: Desk, ticket: &Rc<TicketView>) -> El {
    let id = ticket.row.id.clone();
    let articles: Options = Rc::new(|| {
        let mut out = vec![(String::new(), t("desk.article_none").to_owned())];
        out.extend(ARTICLES.iter().map(|slug| ((*slug).to_owned(), title(slug))));
        out
    });
    let chosen = Bind::new(
        move || desk.draft.with(|draft| draft.article.clone()),
        move |slug| desk.write(&id, |draft| draft.article = slug),
    );
    field("article", "desk.article", desk.wrong).hint("desk.article_hint").select(articles, chosen)
}

fn send(desk: Desk, ticket: &Rc<TicketView>) {
    let draft = desk.draft.get_untracked();
    let text = draft.text().trim().to_owned();
    if text.is_empty() {
        let detail = t("desk.need_text").to_owned();
        desk.wrong.set(vec![FieldProblem { field: "text".into(), detail }]);
        crate::nav::focus_soon("errors");
        return;
    }
    let (command, done) = match draft.mode {
        Mode::Resolve => {
            (DeskCommand::Resolve { text, article: draft.article }, "desk.done.resolve")
        }
        Mode::Ask => (DeskCommand::Ask { text }, "desk.done.ask"),
        Mode::Note => (DeskCommand::Note { text }, "desk.done.note"),
        Mode::Close => (DeskCommand::Close { text }, "desk.done.close"),
    };
    let id = ticket.row.id.clone();
    // What is typed leaves the browser only once the server has it.
    let sent = draft.mode;
    desk.send(ticket, command, done, move || {
        desk.write(&id, |draft| {
            draft.mode = sent;
            draft.sent();
        });
    });
}

/// The title of an article of the help.
fn title(slug: &str) -> String {
    t_of("desk.help", &slug.replace('-', "_"))
}

/// Which article went with the answer.
pub fn article_given(slug: &str) -> String {
    fill("desk.article_given", &[("title", &title(slug))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        shared::{locale::CABINET_ADMINISTRATION, time::Timestamp},
        ticket::rules::{Act, after, rule},
    };

    #[test]
    fn what_is_offered_is_what_the_rules_allow() {
        let now = Timestamp::from_millis(1_795_312_800_000);
        for state in State::ALL {
            for mode in Mode::ALL {
                let act = match mode {
                    Mode::Resolve => Act::Resolve,
                    Mode::Ask => Act::Ask,
                    Mode::Close => Act::Close,
                    Mode::Note => Act::Describe,
                };
                let allowed = after(rule(), *state, now, act, now).is_ok();
                assert_eq!(may(*state, mode), allowed, "{state:?} {mode:?}");
            }
        }
    }

    fn key_of(slug: &str) -> String {
        format!("desk.help.{}", slug.replace('-', "_"))
    }

    #[test]
    fn every_article_of_the_help_is_offered_by_its_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/help");
        let mut found = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let Some(slug) = name.strip_suffix(".kk.md") else { continue };
            let slug = slug.split_once('-').unwrap().1;
            assert!(ARTICLES.contains(&slug), "{slug}");
            assert!(CABINET_ADMINISTRATION.keys().any(|key| key == key_of(slug)));
            found += 1;
        }
        assert_eq!(found, ARTICLES.len());
    }
}
