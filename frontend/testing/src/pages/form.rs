//! A form that is being written: parts come from the rules in force, each part says which tasks it
//! takes. Nothing is kept on the device: what is saved is checked against the bank at once.

use domain::bank::{body::Kind, meta::Level};

use kit::{
    bank::{choices, topic_options},
    form::{Form, form},
    text::key,
    ui::field::{Bind, Options, from_directory},
};

use super::{at, ways};
use crate::{
    api,
    dom::{El, div, el, live, live_text, quietly},
    json::{Json, map},
    nav,
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, number_of, pick_json, t, t_of},
    ui::{
        self,
        errors::Errors,
        field::field,
        load::{Loading, load},
        page::{page_with, section},
    },
};

/// Tasks of one sort, as they are typed.
#[derive(Clone, Default)]
struct Cell {
    topic: String,
    level: String,
    kind: String,
    count: String,
}

/// A part.
#[derive(Clone, Default)]
struct Part {
    code: String,
    kk: String,
    ru: String,
    cells: Vec<Cell>,
}

/// What is typed.
#[derive(Clone, Default)]
struct Typed {
    kk: String,
    ru: String,
    purpose: String,
    group: String,
    subject: String,
    parts: Vec<Part>,
    from: String,
    to: String,
    cap: String,
    shuffle: bool,
    forward: bool,
    calculator: bool,
}

/// The page's signals.
#[derive(Clone, Copy)]
struct Page {
    typed: RwSignal<Typed>,
    /// Grows when a part or a sort comes or goes: then the list is drawn anew.
    shape: RwSignal<u32>,
    errors: Errors,
    sending: Form,
    terms: Loading<Json>,
}

/// The page: a new form, or a draft.
pub fn page(id: Option<&str>) -> AnyView {
    let terms = load::<Json>("exam-terms");
    let sending = form(Json::Null);
    let page = Page {
        typed: RwSignal::new(Typed { shuffle: true, ..Typed::default() }),
        shape: RwSignal::new(0),
        errors: sending.errors,
        sending,
        terms,
    };
    let above = id.map_or_else(|| at("forms"), |id| at(format!("forms/{id}")));
    let title = if id.is_some() { "exam.edit" } else { "exam.new" };
    let frame = page_with(move || t(title).to_owned(), Some(above), None).child(ways());
    match id {
        None => frame.child(terms.view(move |terms| whole(page, None, &terms))).done(),
        Some(id) => {
            let draft = load::<Json>(format!("exams/{id}"));
            frame
                .child(draft.view(move |draft| {
                    page.typed.set(typed(&draft));
                    let seen =
                        Some((draft.str("id").to_owned(), draft.int("version").unwrap_or(0)));
                    terms.view(move |terms| whole(page, seen.clone(), &terms))
                }))
                .done()
        }
    }
}

/// Per mille as percent, nothing where there is none.
fn percent(all: &Json, path: &str) -> String {
    match all.int(path) {
        None | Some(0) => String::new(),
        Some(n) => (n / 10).to_string(),
    }
}

fn typed(draft: &Json) -> Typed {
    let text = |name: &str| draft.str(name).to_owned();
    let cell = |one: &Json| Cell {
        topic: one.str("topic").to_owned(),
        level: one.str("level").to_owned(),
        kind: one.str("kind").to_owned(),
        count: one.int("count").unwrap_or(0).to_string(),
    };
    let part = |one: &Json| Part {
        code: one.str("code").to_owned(),
        kk: one.str("title.kk").to_owned(),
        ru: one.str("title.ru").to_owned(),
        cells: one.list("cells").iter().map(cell).collect(),
    };
    let blueprint = draft.at("blueprint");
    Typed {
        kk: text("title.kk"),
        ru: text("title.ru"),
        purpose: text("purpose"),
        group: text("group"),
        subject: text("subject"),
        parts: blueprint.list("sections").iter().map(part).collect(),
        from: percent(blueprint, "difficulty.from"),
        to: percent(blueprint, "difficulty.to"),
        cap: percent(blueprint, "exposure_cap"),
        shuffle: blueprint.flag("shuffle"),
        forward: draft.flag("forward"),
        calculator: draft.flag("calculator"),
    }
}

/// A whole number; what is none goes to the server as it is, which says what is wrong.
fn number(text: &str) -> Json {
    text.trim().parse::<i64>().map_or_else(|_| Json::from(0_i64), Json::from)
}

fn per_mille(text: &str) -> Json {
    text.trim().parse::<i64>().map_or_else(|_| Json::from(0_i64), |n| Json::from(n * 10))
}

fn written(typed: &Typed) -> Json {
    let both = |kk: &str, ru: &str| map([("kk", kk.into()), ("ru", ru.into())]);
    let cell = |one: &Cell| {
        let mut out = map([("topic", one.topic.as_str().into()), ("count", number(&one.count))]);
        for (name, value) in [("level", &one.level), ("kind", &one.kind)] {
            if !value.is_empty() {
                out.put(name, value.as_str().into());
            }
        }
        out
    };
    let part = |one: &Part| {
        map([
            ("code", one.code.as_str().into()),
            ("title", both(&one.kk, &one.ru)),
            ("cells", Json::List(one.cells.iter().map(cell).collect())),
        ])
    };
    let mut blueprint = map([
        ("sections", Json::List(typed.parts.iter().map(part).collect())),
        ("exposure_cap", per_mille(&typed.cap)),
        ("shuffle", typed.shuffle.into()),
    ]);
    if !typed.from.trim().is_empty() || !typed.to.trim().is_empty() {
        let window = map([("from", per_mille(&typed.from)), ("to", per_mille(&typed.to))]);
        blueprint.put("difficulty", window);
    }
    map([
        ("title", both(&typed.kk, &typed.ru)),
        ("purpose", typed.purpose.as_str().into()),
        ("group", typed.group.as_str().into()),
        ("subject", typed.subject.as_str().into()),
        ("blueprint", blueprint),
        ("forward", typed.forward.into()),
        ("calculator", typed.calculator.into()),
    ])
}

fn save(page: Page, seen: Option<(String, i64)>) {
    let path = match &seen {
        Some((id, _)) => format!("exams/{id}/edit"),
        None => "exams".to_owned(),
    };
    let body = page.typed.with_untracked(written);
    let mut call = api::call("POST", path).body(&body);
    if let Some((_, version)) = &seen {
        call = call.seen(*version);
    }
    page.sending.ask(call, move |answer| {
        app().say(t("exam.saved"), false);
        let id = seen.map_or_else(|| answer.str("id").to_owned(), |(id, _)| id);
        nav::replace(at(format!("forms/{id}")));
    });
}

/// The parts of the rules for a group, each empty.
fn parts_of(terms: &Json, group: &str) -> Vec<Part> {
    let found = terms.list("groups").iter().find(|one| one.str("code") == group);
    let blocks = found.map(|group| group.list("blocks")).unwrap_or_default();
    let part = |block: &Json| Part {
        code: block.str("code").to_owned(),
        kk: block.str("title.kk").to_owned(),
        ru: block.str("title.ru").to_owned(),
        cells: vec![Cell { count: block.int("tasks").unwrap_or(0).to_string(), ..Cell::default() }],
    };
    blocks.iter().map(part).collect()
}

fn whole(page: Page, seen: Option<(String, i64)>, terms: &Json) -> AnyView {
    page.sending
        .element("blueprint-form", move || save(page, seen.clone()))
        .child(head(page, terms))
        .child(sections(page))
        .child(rest(page))
        .child(div("buttons").child(page.sending.submit("exam.save")))
        .done()
}

fn bind(page: Page, get: fn(&Typed) -> String, set: fn(&mut Typed, String)) -> Bind {
    Bind::of(page.typed, get, set)
}

fn head(page: Page, terms: &Json) -> El {
    let groups = terms.list("groups").to_vec();
    let all = groups.clone();
    let options: Options = std::rc::Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = all.iter().map(|one| (one.str("code").to_owned(), pick_json(one.at("title"))));
        std::iter::once(first).chain(rest).collect()
    });
    let purposes: Options = std::rc::Rc::new(|| {
        let first = (String::new(), t("form.choose").to_owned());
        let rest = ["attestation", "hiring", "rehearsal"]
            .map(|code| (code.to_owned(), t_of("exam_purpose", code)));
        std::iter::once(first).chain(rest).collect()
    });
    let known = terms.clone();
    let group = Bind::new(
        move || page.typed.with(|typed| typed.group.clone()),
        move |code| {
            // Parts that nobody has touched follow the group.
            let parts = parts_of(&known, &code);
            page.typed.update(|typed| {
                typed.group = code;
                if typed
                    .parts
                    .iter()
                    .all(|part| part.cells.iter().all(|cell| cell.topic.is_empty()))
                {
                    typed.parts = parts;
                }
            });
            page.shape.update(|n| *n += 1);
        },
    );
    let act = terms.str("act").to_owned();
    let edition = terms.str("edition").to_owned();
    section("exam.about")
        .child(
            div("row-fields")
                .child(
                    field("title", "exam.title_kk", page.errors)
                        .input("text", bind(page, |all| all.kk.clone(), |all, text| all.kk = text)),
                )
                .child(
                    field("title.ru", "exam.title_ru", page.errors)
                        .input("text", bind(page, |all| all.ru.clone(), |all, text| all.ru = text)),
                ),
        )
        .child(
            div("row-fields")
                .child(field("purpose", "exam.purpose", page.errors).select(
                    purposes,
                    bind(page, |all| all.purpose.clone(), |all, code| all.purpose = code),
                ))
                .child(field("group", "exam.group", page.errors).select(options, group))
                .child(
                    field("subject", "exam.subject", page.errors).hint("exam.subject_hint").select(
                        from_directory("subject"),
                        bind(page, |all| all.subject.clone(), |all, code| all.subject = code),
                    ),
                ),
        )
        .child(el("p").class("small soft").child(live_text(move || {
            fill("exam.by_rules", &[("act", &act), ("edition", &edition)])
        })))
        .child(live(move || {
            let code = page.typed.with(|typed| typed.group.clone());
            let found = groups.iter().find(|one| one.str("code") == code).cloned();
            match found {
                None => crate::dom::nothing(),
                Some(group) => marks(&group).done(),
            }
        }))
}

/// What the rules say about a group: tasks, minutes, pass marks.
fn marks(group: &Json) -> El {
    let (tasks, minutes) = (group.int("tasks").unwrap_or(0), group.int("minutes").unwrap_or(0));
    let marks = group.list("marks").to_vec();
    el("p").class("small").child(live_text(move || {
        let size =
            fill("exam.tasks_minutes", &[("n", &number_of(tasks)), ("m", &number_of(minutes))]);
        let marks: Vec<String> = marks
            .iter()
            .map(|mark| {
                let name = t_of("exam_category", mark.str("category"));
                format!("{name} — {} %", mark.int("percent").unwrap_or(0))
            })
            .collect();
        format!("{size}. {}", marks.join(", "))
    }))
}

fn sections(page: Page) -> El {
    section("exam.blueprint")
        .id("f-sections")
        .attr("tabindex", "-1")
        .child(el("p").class("soft").t("exam.blueprint_about"))
        .child(live(move || {
            page.shape.get();
            quietly(|| {
                let n = page.typed.with_untracked(|typed| typed.parts.len());
                div("group").children((0..n).map(|at| part(page, at))).done()
            })
        }))
        .child(ui::button("button quiet", "exam.add_part", move |_| {
            page.typed.update(|typed| {
                let n = typed.parts.len() + 1;
                let code = format!("part_{n}");
                typed.parts.push(Part { code, cells: vec![Cell::default()], ..Part::default() });
            });
            page.shape.update(|n| *n += 1);
        }))
}

/// A text of a part.
fn of_part(page: Page, at: usize, part: fn(&mut Part) -> &mut String) -> Bind {
    Bind::new(
        move || {
            page.typed.with(|typed| {
                typed
                    .parts
                    .get(at)
                    .cloned()
                    .map_or_else(String::new, |mut one| std::mem::take(part(&mut one)))
            })
        },
        move |text| {
            page.typed.update(|typed| {
                if let Some(one) = typed.parts.get_mut(at) {
                    *part(one) = text;
                }
            });
        },
    )
}

/// A text of a sort of tasks.
fn of_cell(page: Page, at: (usize, usize), part: fn(&mut Cell) -> &mut String) -> Bind {
    let one = move |typed: &mut Typed| -> Option<Cell> {
        typed.parts.get(at.0)?.cells.get(at.1).cloned()
    };
    Bind::new(
        move || {
            page.typed.with(|typed| {
                let cell = typed.parts.get(at.0).and_then(|part| part.cells.get(at.1)).cloned();
                cell.map_or_else(String::new, |mut cell| std::mem::take(part(&mut cell)))
            })
        },
        move |text| {
            page.typed.update(|typed| {
                if one(typed).is_some() {
                    *part(&mut typed.parts[at.0].cells[at.1]) = text;
                }
            });
        },
    )
}

fn part(page: Page, at: usize) -> El {
    let cells =
        page.typed.with_untracked(|typed| typed.parts.get(at).map_or(0, |part| part.cells.len()));
    let name = |rest: &str| key(format!("sections.{at}.{rest}"));
    let sum = move || {
        page.typed.with(|typed| {
            let part = typed.parts.get(at);
            let counts = part
                .map(|part| part.cells.iter().map(|cell| cell.count.trim().parse().unwrap_or(0)));
            counts.map_or(0, Iterator::sum::<i64>)
        })
    };
    el("fieldset")
        .class("thing")
        .id(format!("f-sections.{at}.cells"))
        .attr("tabindex", "-1")
        .child(el("legend").child(live_text(move || {
            let n = (at + 1).to_string();
            fill("exam.part_n", &[("n", &n), ("sum", &number_of(sum()))])
        })))
        .child(
            div("row-fields")
                .child(
                    field(name("title"), "exam.part_kk", page.errors)
                        .input("text", of_part(page, at, |part| &mut part.kk)),
                )
                .child(
                    field(name("title.ru"), "exam.part_ru", page.errors)
                        .input("text", of_part(page, at, |part| &mut part.ru)),
                ),
        )
        .child(kit::ui::field::what_is_wrong(name("cells"), page.errors))
        .children((0..cells).map(|cell| sort(page, (at, cell))))
        .child(
            div("buttons")
                .child(ui::button("button quiet", "exam.add_cell", move |_| {
                    page.typed.update(|typed| typed.parts[at].cells.push(Cell::default()));
                    page.shape.update(|n| *n += 1);
                }))
                .child(ui::button("button quiet", "exam.drop_part", move |_| {
                    page.typed.update(|typed| drop(typed.parts.remove(at)));
                    page.shape.update(|n| *n += 1);
                })),
        )
}

fn sort(page: Page, at: (usize, usize)) -> El {
    let name = |rest: &str| key(format!("sections.{}.cells.{}.{rest}", at.0, at.1));
    let levels =
        choices("bank_level", Level::ALL.iter().map(|one| one.code()).collect(), Some("bank.any"));
    let kinds =
        choices("bank_kind", Kind::ALL.iter().map(|one| one.code()).collect(), Some("bank.any"));
    div("row-fields sort")
        .child(field(name("topic"), "bank.topic", page.errors).select(
            topic_options(page.terms, "exam.any_topic"),
            of_cell(page, at, |cell| &mut cell.topic),
        ))
        .child(
            field(name("level"), "bank.level", page.errors)
                .select(levels, of_cell(page, at, |cell| &mut cell.level)),
        )
        .child(
            field(name("kind"), "bank.kind", page.errors)
                .select(kinds, of_cell(page, at, |cell| &mut cell.kind)),
        )
        .child(field(name("count"), "exam.count", page.errors).short().code(of_cell(
            page,
            at,
            |cell| &mut cell.count,
        )))
        .child(
            div("stock")
                .child(el("span").class("small soft").child(live_text(move || stock(page, at)))),
        )
        .child(ui::button("button quiet", "exam.drop_cell", move |_| {
            page.typed.update(|typed| drop(typed.parts[at.0].cells.remove(at.1)));
            page.shape.update(|n| *n += 1);
        }))
}

/// How many items in use there are of a sort, before anything is saved.
fn stock(page: Page, at: (usize, usize)) -> String {
    let cell = page
        .typed
        .with(|typed| typed.parts.get(at.0).and_then(|part| part.cells.get(at.1)).cloned())
        .unwrap_or_default();
    let Some(terms) = page.terms.get() else { return String::new() };
    let under = |topic: &str| {
        cell.topic.is_empty()
            || topic
                .strip_prefix(&cell.topic)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is = |want: &str, have: &str| want.is_empty() || want == have;
    let (mut kk, mut ru) = (0, 0);
    for one in terms.list("stock") {
        if under(one.str("topic"))
            && is(&cell.level, one.str("level"))
            && is(&cell.kind, one.str("kind"))
        {
            kk += one.int("kk").unwrap_or(0);
            ru += one.int("ru").unwrap_or(0);
        }
    }
    fill("exam.stock", &[("kk", &number_of(kk)), ("ru", &number_of(ru))])
}

/// A box to tick.
fn tick(page: Page, label: &'static str, get: fn(&mut Typed) -> &mut bool) -> El {
    let now = move || page.typed.with(|typed| *get(&mut typed.clone()));
    el("label")
        .class("tick")
        .child(el("input").attr("type", "checkbox").checked(now).on("change", move |_| {
            page.typed.update(|typed| {
                let on = get(typed);
                *on = !*on;
            });
        }))
        .child(el("span").t(label))
}

fn rest(page: Page) -> El {
    section("exam.conditions")
        .child(
            div("row-fields")
                .child(
                    field("difficulty", "exam.difficulty_from", page.errors)
                        .hint("exam.difficulty_hint")
                        .short()
                        .code(bind(page, |all| all.from.clone(), |all, text| all.from = text)),
                )
                .child(
                    field("difficulty.to", "exam.difficulty_to", page.errors).short().code(bind(
                        page,
                        |all| all.to.clone(),
                        |all, text| all.to = text,
                    )),
                )
                .child(
                    field("exposure_cap", "exam.cap_percent", page.errors)
                        .hint("exam.cap_hint")
                        .short()
                        .code(bind(page, |all| all.cap.clone(), |all, text| all.cap = text)),
                ),
        )
        .child(
            div("ticks")
                .child(tick(page, "exam.shuffle", |all| &mut all.shuffle))
                .child(tick(page, "exam.forward", |all| &mut all.forward))
                .child(tick(page, "exam.calculator", |all| &mut all.calculator)),
        )
        .child(el("p").class("small soft").t("exam.enemies_about"))
}
