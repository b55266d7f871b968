//! The parts of a form: which sorts of tasks each takes, and how many of them the bank has.

use domain::bank::{body::Kind, meta::Level};

use kit::{
    bank::{choices, topic_options},
    text::key,
    ui::field::Bind,
};

use super::{
    Page,
    typed::{Cell, Part, Typed},
};
use crate::{
    dom::{El, div, el, live, live_text, quietly},
    text::{fill, number_of},
    ui::{self, field::field, page::section},
};

/// The parts, and the way to one more.
pub fn sections(page: Page) -> El {
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
