//! Forms over a JSON value: what is typed goes to a path of it, the server's list of wrong fields
//! names the same paths.

use std::{cell::Cell, rc::Rc};

use crate::{
    api::{Attempt, Call},
    browser,
    dom::{El, div, el},
    json::{self, Json},
    kept,
    offline::{
        files::text_put_right as files_put_right,
        outbox::{self, Outcome, Write},
    },
    reactive::RwSignal,
    state::app,
    text::{key, t},
    ui::{
        errors::{self, Errors},
        field::{Bind, Options, field},
    },
};

pub mod files;
pub mod filters;
pub mod place;

/// A form that is being filled.
#[derive(Clone, Copy)]
pub struct Form {
    /// What is typed.
    pub whole: RwSignal<Json>,
    /// What is wrong.
    pub errors: Errors,
    /// Whether it is being sent.
    pub busy: RwSignal<bool>,
    /// The name under which it is kept on the device; empty where it is not.
    mirror: RwSignal<String>,
    /// The attempt that `ask` is at.
    attempt: RwSignal<Rc<Attempt>>,
}

thread_local! {
    static SENDING: Cell<u32> = const { Cell::new(0) };
}

/// Whether a form is on its way: what is shown waits for its answer.
pub fn is_sending() -> bool {
    SENDING.get() > 0
}

/// Begins a form.
pub fn form(whole: Json) -> Form {
    let form = Form {
        whole: RwSignal::new(whole),
        errors: errors::errors(),
        busy: RwSignal::new(false),
        mirror: RwSignal::new(String::new()),
        attempt: RwSignal::new(Rc::default()),
    };
    files::follow_arrivals(form.whole);
    form
}

impl Form {
    /// The text at a path, to be shown and changed.
    pub fn text(self, path: &'static str) -> Bind {
        Bind::new(
            move || self.whole.with(|all| all.str(path).to_owned()),
            move |text| self.whole.update(|all| all.put(path, text.into())),
        )
    }

    /// A phone number: what is kept as `+77012345678` is shown as people write it.
    pub fn phone(self, path: &'static str) -> Bind {
        Bind::new(
            move || self.whole.with(|all| domain::shared::phone::shown(all.str(path))),
            move |text| self.whole.update(|all| all.put(path, text.into())),
        )
    }

    /// A text that may be missing: empty is nothing.
    pub fn day(self, path: &'static str) -> Bind {
        Bind::new(
            move || self.whole.with(|all| all.str(path).to_owned()),
            move |text| {
                let value = if text.is_empty() { Json::Null } else { text.into() };
                self.whole.update(|all| all.put(path, value));
            },
        )
    }

    /// A whole number that may be missing. What is no number stays as it was typed: the server says
    /// what is wrong with it.
    pub fn number(self, path: &'static str) -> Bind {
        Bind::new(
            move || {
                self.whole.with(|all| match all.at(path) {
                    Json::Number(digits) => digits.clone(),
                    other => other.text().to_owned(),
                })
            },
            move |text| {
                let number = text.trim().parse::<i64>().map(Json::from);
                self.whole.update(|all| all.put(path, number.unwrap_or_else(|_| text.into())));
            },
        )
    }

    /// One line.
    pub fn line(self, path: &'static str, label: &'static str) -> El {
        field(path, label, self.errors).input("text", self.text(path))
    }

    /// A day.
    pub fn date(self, path: &'static str, label: &'static str) -> El {
        field(path, label, self.errors).short().input("date", self.day(path))
    }

    /// One of a list.
    pub fn one_of(self, path: &'static str, label: &'static str, options: Options) -> El {
        field(path, label, self.errors).select(options, self.text(path))
    }

    /// Several lines.
    pub fn lines(self, path: &'static str, label: &'static str) -> El {
        field(path, label, self.errors).area(self.text(path))
    }

    /// A box to tick.
    pub fn tick(self, path: &'static str, label: &'static str) -> El {
        let errors = self.errors;
        let wrong = move || errors.with(|all| all.iter().any(|one| one.field == path));
        div("field")
            .attr_live("class", move || {
                Some(if wrong() { "field checks wrong" } else { "field checks" }.to_owned())
            })
            .child(crate::ui::field::what_is_wrong(path, errors))
            .child(
                el("label")
                    .child(
                        el("input")
                            .attr("type", "checkbox")
                            .id(format!("f-{path}"))
                            .checked(move || self.whole.with(|all| all.flag(path)))
                            .on("change", move |_| {
                                self.whole.update(|all| all.put(path, (!all.flag(path)).into()));
                            }),
                    )
                    .child(el("span").t(label)),
            )
    }

    /// Several of a list of codes.
    pub fn several(self, path: &'static str, label: &'static str, options: Options) -> El {
        let has =
            move |code: &str| self.whole.with(|all| all.texts(path).iter().any(|c| c == code));
        let turn = move |code: String| {
            self.whole.update(|all| {
                let list = all.items(path);
                match list.iter().position(|one| one.text() == code) {
                    Some(at) => drop(list.remove(at)),
                    None => list.push(code.into()),
                }
            });
        };
        field(path, label, self.errors).checks(options, has, turn)
    }

    /// Yes or no, nothing chosen at first.
    pub fn yes_no(self, path: &'static str, label: &'static str) -> El {
        let option = move |value: bool, words: &'static str| {
            el("label")
                .child(
                    el("input")
                        .attr("type", "radio")
                        .attr("name", path)
                        .checked(move || self.whole.with(|all| *all.at(path) == Json::Bool(value)))
                        .on("change", move |_| {
                            self.whole.update(|all| all.put(path, value.into()));
                        }),
                )
                .child(el("span").t(words))
        };
        el("fieldset")
            .class("field")
            .id(format!("f-{path}"))
            .attr("tabindex", "-1")
            .child(el("legend").t(label))
            .child(crate::ui::field::what_is_wrong(path, self.errors))
            .child(
                el("ul")
                    .class("checks")
                    .child(el("li").child(option(true, "form.yes")))
                    .child(el("li").child(option(false, "form.no"))),
            )
    }

    /// The button that sends the form.
    pub fn submit(self, label: &'static str) -> El {
        el("button")
            .attr("type", "submit")
            .class("button")
            .flag("disabled", move || self.busy.get())
            .t(label)
    }

    /// The form as an element: `work` is what sending it does.
    pub fn element(self, class: &'static str, work: impl Fn() + 'static) -> El {
        el("form")
            .class(class)
            .attr("novalidate", "")
            .on("submit", move |event| {
                event.prevent_default();
                work();
            })
            .child(errors::summary(self.errors))
    }

    /// Sends what cannot wait on the device: at once, and the same words again, after an answer that
    /// got lost, as the same attempt. `then` goes on with the answer; what is wrong is shown in the
    /// form.
    pub fn ask(self, call: Call, then: impl FnOnce(Json) + 'static) {
        self.ask_boxed(call, Box::new(then));
    }

    fn ask_boxed(self, call: Call, then: Box<dyn FnOnce(Json)>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let attempt = self.attempt.get_untracked();
        let call = call.tried(&attempt);
        crate::api::run(async move {
            let answer = call.send().await;
            let _ = self.busy.try_set(false);
            match answer {
                Ok(text) => {
                    attempt.done();
                    browser::blur();
                    let _ = self.errors.try_set(Vec::new());
                    then(json::read(&text).unwrap_or_default());
                }
                Err(problem) => errors::show(&problem, self.errors),
            }
        });
    }

    /// Sends a write through the queue. `then` goes on with its answer, or with `None` where it
    /// waits on the device; what is wrong is shown in the form. On a slow line the page may be drawn
    /// anew meanwhile, or the person may have gone on: `then` is for those who are still there.
    pub fn send(self, write: Write, then: impl FnOnce(Option<Json>) + 'static) {
        self.send_boxed(write, Box::new(then));
    }

    fn send_boxed(self, write: Write, then: Box<dyn FnOnce(Option<Json>)>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let route = || app().place.with_untracked(|place| place.route.clone());
        let (here, mirror) = (route(), self.mirror.get_untracked());
        let sent = write.body.as_ref().map(json::write);
        crate::api::run(async move {
            SENDING.set(SENDING.get() + 1);
            let outcome = outbox::send(write).await;
            SENDING.set(SENDING.get() - 1);
            let has_gone = self.busy.try_set(false).is_some();
            let answer = match outcome {
                Outcome::Sent(text) => Some(json::read(&text).unwrap_or_default()),
                Outcome::Kept => {
                    app().say(t("form.kept"), false);
                    None
                }
                Outcome::Differs => {
                    app().listed.set(true);
                    return forget(&mirror);
                }
                // What was typed is still kept; the form that would show why is not there.
                Outcome::Refused(problem) if has_gone => {
                    return app().say(problem.words(), true);
                }
                Outcome::Refused(problem) => {
                    errors::show(&problem, self.errors);
                    if problem.status == 412 {
                        app().sent.update(|n| *n += 1);
                    }
                    return;
                }
            };
            self.errors.set(Vec::new());
            // What was typed while it was on its way has not been sent.
            forget_same(&mirror, sent.map(files_put_right).as_deref());
            if !has_gone || route() == here {
                then(answer);
            }
        });
    }

    /// Keeps what is typed on the device under a name until `forget`.
    pub fn mirror(self, name: &str) {
        self.mirror.set(name.to_owned());
        let name = format!("{}{name}", kept::PREFIX);
        let first = RwSignal::new(None::<String>);
        crate::dom::follow(move || {
            let text = self.whole.with(json::write);
            // The first time is what was read, not what was typed.
            let Some(read) = first.get_untracked() else {
                first.set(Some(text));
                return;
            };
            // That a file got its real name is not typed either.
            let same = files_put_right(read) == files_put_right(text.clone());
            if same && browser::kept(&name).is_none() {
                return;
            }
            if !browser::keep(&name, &text) {
                app().say(t("problem.no_room"), true);
            }
            kept::count_unsaved();
        });
    }
}

/// What was typed under a name and not sent.
pub fn mirrored(name: &str) -> Option<Json> {
    json::read(&browser::kept(&format!("{}{name}", kept::PREFIX))?)
}

/// Under this name a text that is kept carries the version on which it was typed.
pub const SEEN: &str = "~version";

/// A text without its version.
pub fn bare(whole: &Json) -> Json {
    Json::Map(whole.fields().iter().filter(|(name, _)| name != SEEN).cloned().collect())
}

/// A write is queued or sent: what is kept and says the same need not be kept twice. The page that
/// wrote it may have been closed before it could forget it.
pub fn forget_same(object: &str, body: Option<&str>) {
    let sent = body.and_then(json::read);
    let same = |kept: Json| {
        // What is gone has no text that would be kept.
        sent.as_ref().is_none_or(|sent| bare(&kept) == *sent.get("content").unwrap_or(sent))
    };
    if mirrored(object).is_some_and(same) {
        forget(object);
    }
}

/// It has been sent, or queued.
pub fn forget(name: &str) {
    browser::forget(&format!("{}{name}", kept::PREFIX));
    kept::count_unsaved();
}

/// Codes with the texts of a prefix, the first option empty unless `all`.
pub fn codes(prefix: &'static str, codes: &'static [&'static str], empty: bool) -> Options {
    Rc::new(move || {
        let first = empty.then(|| (String::new(), t("form.choose").to_owned()));
        let rest = codes.iter().map(|code| {
            let words = t(key(format!("{prefix}.{code}")));
            ((*code).to_owned(), words.to_owned())
        });
        first.into_iter().chain(rest).collect()
    })
}
