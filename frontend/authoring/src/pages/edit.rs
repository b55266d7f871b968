//! The editor: one concept, Kazakh and Russian beside each other, the key once, and below it what
//! a candidate will see. What is typed is kept on the device until the server has it.

use domain::bank::{body::Kind, meta::Level};

use kit::bank::{at, choices, item_at, show, topic_options, word};

use super::{
    fields::{At, Editor, palette},
    key,
};
use crate::{
    api::{self, Attempt, FieldProblem, Problem},
    browser,
    dom::{El, div, el, live, many},
    form::{self, form},
    json::{self, Json, map},
    model, nav,
    reactive::{AnyView, RwSignal},
    state::app,
    text::{key as key_of, t},
    ui::{
        self,
        errors::{self, summary},
        field::{field, what_is_wrong},
        load::load,
        page::{page_with, section},
    },
};

/// Groups of the server's names of wrong fields: the place of the form that they belong to.
const PLACES: [&str; 20] = [
    "kk",
    "ru",
    "kk.stem",
    "ru.stem",
    "kk.options",
    "ru.options",
    "kk.left",
    "ru.left",
    "kk.right",
    "ru.right",
    "kk.gaps",
    "ru.gaps",
    "ru.kind",
    "ru.limits",
    "kk.image",
    "ru.image",
    "image",
    "key",
    "kk.formula",
    "ru.formula",
];

/// The page of a new item: its kind first.
pub fn new() -> AnyView {
    let state = RwSignal::new(form::mirrored("bank-new"));
    live(move || match state.get() {
        Some(whole) => crate::dom::quietly(|| editor(None, whole.clone())),
        None => {
            let kinds = Kind::ALL.iter().map(|kind| {
                let kind = *kind;
                el("li").child(
                    el("button")
                        .attr("type", "button")
                        .class("choice")
                        .child(
                            el("span")
                                .child(el("strong").child(word("bank_kind", kind.code())))
                                .child(div("small soft").child(word("bank_about", kind.code()))),
                        )
                        .on("click", move |_| state.set(Some(model::blank(kind)))),
                )
            });
            page_with(|| t("bank.new").to_owned(), Some(at("")), None)
                .child(el("p").class("soft").t("bank.new_lead"))
                .child(el("ul").class("plain kinds").children(kinds))
                .done()
        }
    })
}

/// The page of an item that is there.
pub fn page(id: &str) -> AnyView {
    let id = id.to_owned();
    load::<Json>(format!("bank/items/{id}")).view(move |item| {
        if !item.flag("editable") {
            return div("notice late").child(el("p").t("bank.not_editable")).done();
        }
        let version = item.int("version").unwrap_or_default();
        let kept = form::mirrored(&format!("bank-{id}-{version}"));
        let state = kept.unwrap_or_else(|| model::open(item.at("content")));
        editor(Some((id.clone(), version)), state)
    })
}

fn editor(of: Option<(String, i64)>, state: Json) -> AnyView {
    let form = form(state);
    let editor = Editor { form, last: RwSignal::new("f-kk.stem".to_owned()) };
    let name = match &of {
        Some((id, version)) => format!("bank-{id}-{version}"),
        None => "bank-new".to_owned(),
    };
    form.mirror(&name);
    let topics = load::<Json>("bank/topics");
    let above = match &of {
        Some((id, _)) => item_at(id),
        None => at(""),
    };
    let attempt = std::rc::Rc::new(Attempt::default());
    let saved = name.clone();
    let title = if of.is_some() { "bank.edit" } else { "bank.new" };
    let fresh = of.is_none();
    page_with(move || t(title).to_owned(), Some(above), None)
        .child(
            el("form")
                .class("item-form")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    save(editor, of.clone(), saved.clone(), std::rc::Rc::clone(&attempt));
                })
                .child(summary(form.errors))
                .child(about(editor, topics))
                .child(text(editor))
                .child(key::section(editor))
                .child(explanation(editor))
                .child(div("buttons bar-buttons").child(form.submit("bank.save")).maybe(
                    fresh.then(|| {
                        ui::button("button quiet", "bank.start_over", move |_| {
                            form::forget("bank-new");
                            nav::go(at(""));
                        })
                    }),
                )),
        )
        .child(preview(editor))
        .done()
}

/// What is wrong in a place, and the target of the links to it.
pub fn wrong(editor: Editor, names: &[&'static str]) -> AnyView {
    many(names.iter().map(|name| {
        let name = *name;
        div("wrong-at")
            .id(format!("f-{name}"))
            .attr("tabindex", "-1")
            .child(what_is_wrong(name, editor.form.errors))
            .done()
    }))
}

fn about(editor: Editor, topics: crate::ui::load::Loading<Json>) -> El {
    let form = editor.form;
    let levels = choices("bank_level", Level::ALL.iter().map(|one| one.code()).collect(), None);
    let subjects = ui::field::from_directory("subject");
    let grades: ui::field::Options = std::rc::Rc::new(|| {
        let none = ("0".to_owned(), t("bank.any_class").to_owned());
        std::iter::once(none).chain((1..=12).map(|n| (n.to_string(), n.to_string()))).collect()
    });
    let number = move |path: &'static str| {
        ui::field::Bind::new(
            move || form.whole.with(|all| super::fields::text_of(all.at(path))),
            move |text| form.whole.update(|all| all.put(path, text.into())),
        )
    };
    let percent = ui::field::Bind::new(
        move || {
            let n = form.whole.with(|all| all.int("meta.facility").unwrap_or_default());
            if n > 0 { (n / 10).to_string() } else { String::new() }
        },
        move |text| {
            let n = text.parse::<i64>().unwrap_or_default().min(100) * 10;
            form.whole.update(|all| all.put("meta.facility", n.into()));
        },
    );
    let errors = form.errors;
    section("bank.about")
        .child(
            div("row-fields")
                .child(
                    field("code", "bank.code", errors)
                        .hint("bank.code_hint")
                        .input("text", form.text("meta.code")),
                )
                .child(
                    field("topic", "bank.topic", errors)
                        .select(topic_options(topics, "form.choose"), form.text("meta.topic")),
                )
                .child(
                    field("level", "bank.level", errors).select(levels, form.text("meta.level")),
                ),
        )
        .child(
            el("details").class("fold").child(el("summary").t("bank.more_about")).child(
                div("row-fields")
                    .child(
                        field("subject", "bank.subject", errors)
                            .select(subjects, form.text("meta.subject")),
                    )
                    .child(
                        field("grade", "bank.grade", errors)
                            .short()
                            .select(grades, number("meta.grade")),
                    )
                    .child(field("facility", "bank.facility", errors).short().code(percent))
                    .child(
                        field("source", "bank.source", errors)
                            .input("text", form.text("meta.source")),
                    )
                    .child(
                        field("tags", "bank.tags", errors)
                            .hint("bank.commas")
                            .input("text", form.text("words.tags")),
                    )
                    .child(
                        field("enemies", "bank.enemies", errors)
                            .hint("bank.enemies_hint")
                            .input("text", form.text("words.enemies")),
                    ),
            ),
        )
}

fn text(editor: Editor) -> El {
    section("bank.question")
        .child(palette(editor))
        .child(wrong(
            editor,
            &["kk", "ru", "kk.formula", "ru.formula", "ru.kind", "ru.limits", "image"],
        ))
        .child(div("both").child(editor.pair(&At::Path("stem"), "bank.question", 5)))
}

fn explanation(editor: Editor) -> El {
    el("details")
        .class("fold panel")
        .child(el("summary").t("bank.why"))
        .child(el("p").class("hint").t("bank.why_hint"))
        .child(div("both").child(editor.pair(&At::Path("why"), "bank.why", 4)))
}

fn preview(editor: Editor) -> El {
    section("bank.preview").child(el("p").class("soft").t("bank.preview_hint")).child(live(
        move || {
            let (content, _) = editor.form.whole.with(model::close);
            crate::dom::quietly(|| show::both(&content, false).done())
        },
    ))
}

/// Fields that the form has no control for are said on top all the same.
fn named(mut problem: Problem) -> Problem {
    for one in &mut problem.errors {
        let known = PLACES.contains(&one.field.as_str());
        if !known && let Some((lang, rest)) = one.field.split_once('.') {
            // The place of a gap's own options is its gap.
            one.field = match rest {
                "options" | "left" | "right" | "stem" | "image" => format!("{lang}.{rest}"),
                _ if matches!(lang, "kk" | "ru") => format!("{lang}.gaps"),
                _ => one.field.clone(),
            };
        }
    }
    problem
}

fn save(editor: Editor, of: Option<(String, i64)>, name: String, attempt: std::rc::Rc<Attempt>) {
    let form = editor.form;
    if form.busy.get_untracked() {
        return;
    }
    let (content, wrong) = form.whole.with_untracked(model::close);
    if !wrong.is_empty() {
        let problem = |field: &&str| FieldProblem {
            field: (*field).to_owned(),
            detail: t(key_of(format!("bank.wrong_{field}"))).to_owned(),
        };
        let mut errors: Vec<FieldProblem> = wrong.iter().map(problem).collect();
        errors.dedup();
        errors::show(&Problem { errors, ..Problem::default() }, form.errors);
        return;
    }
    form.busy.set(true);
    let body = map([("content", content)]);
    let call = match &of {
        Some((id, version)) => {
            api::call("PUT", format!("bank/items/{id}")).body(&body).seen(*version)
        }
        None => api::call("POST", "bank/items").body(&body),
    };
    let call = call.tried(&attempt);
    api::run(async move {
        let answer = call.send().await;
        let _ = form.busy.try_set(false);
        match answer {
            Ok(text) => {
                attempt.done();
                form::forget(&name);
                browser::blur();
                app().say(t("bank.saved"), false);
                let saved = json::read(&text).unwrap_or_default();
                nav::go(item_at(saved.str("id")));
            }
            Err(problem) => errors::show(&named(problem), form.errors),
        }
    });
}
