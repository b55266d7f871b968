//! What is to be done and what is right, for each kind.

use domain::bank::body::Kind;

use kit::bank::{choices, word};

use super::{
    edit::wrong,
    fields::{At, Editor, add_button, order_buttons},
    places,
};
use crate::{
    dom::{El, div, el, live, live_text, many, nothing},
    json::{Json, map},
    model,
    reactive::AnyView,
    text::{fill, t},
    ui::{field::field, page},
};

/// Names for new options.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

/// The section.
pub fn section(editor: Editor) -> El {
    let kind = editor.form.whole.with_untracked(|all| all.str("kind").to_owned());
    let kind = Kind::parse(&kind).unwrap_or(Kind::Single);
    let body = match kind {
        Kind::Single => options(editor, "radio"),
        Kind::Multiple => options(editor, "checkbox"),
        Kind::Ordering => ordering(editor),
        Kind::Matching => matching(editor),
        Kind::Number => number(editor),
        Kind::Text => gaps(editor),
        Kind::Hotspot => places::places(editor),
    };
    page::section("bank.answer_and_key")
        .child(el("p").class("soft").child(word("bank_about", kind.code())))
        .child(wrong(
            editor,
            &[
                "key",
                "kk.options",
                "ru.options",
                "kk.left",
                "ru.left",
                "kk.right",
                "ru.right",
                "kk.gaps",
                "ru.gaps",
                "kk.image",
                "ru.image",
            ],
        ))
        .child(body)
        .child(scoring(editor, kind))
}

fn scoring(editor: Editor, kind: Kind) -> El {
    let form = editor.form;
    let table = form.whole.with_untracked(|all| all.str("rule") == "table");
    let mut codes = vec!["all", "part"];
    if table {
        codes.push("table");
    }
    let rules = choices("bank_rule", codes, None);
    let partly = !matches!(kind, Kind::Single | Kind::Number);
    let shuffled = !matches!(kind, Kind::Number | Kind::Hotspot);
    let limits = matches!(kind, Kind::Multiple | Kind::Hotspot);
    div("row-fields")
        .child(
            field("scoring", "bank.points", form.errors).short().input("text", form.text("points")),
        )
        .maybe(
            (partly || table)
                .then(|| field("rule", "bank.rule", form.errors).select(rules, form.text("rule"))),
        )
        .maybe((kind == Kind::Multiple).then(|| editor.line(At::Path(""), "least", "bank.least")))
        .maybe(limits.then(|| editor.line(At::Path(""), "most", "bank.most")))
        .maybe((kind == Kind::Matching).then(|| editor.line(At::Path(""), "reuse", "bank.reuse")))
        .maybe(shuffled.then(|| editor.tick(At::Path(""), "shuffle", "bank.shuffle")))
}

/// Things of a list, drawn anew when their number or order changes, not at every letter.
fn things(
    editor: Editor,
    list: &'static str,
    draw: impl Fn(usize) -> AnyView + 'static,
) -> AnyView {
    let order = crate::dom::settled(move || {
        editor.read(|all| {
            let ids: Vec<&str> = all.list(list).iter().map(|one| one.str("id")).collect();
            format!("{}:{}", ids.len(), ids.join(" "))
        })
    });
    live(move || {
        let _ = order.get();
        crate::dom::quietly(|| {
            let count = editor.form.whole.with_untracked(|all| all.list(list).len());
            many((0..count).map(&draw))
        })
    })
}

fn add(editor: Editor, list: &'static str, letters: &'static str) {
    editor.change(|all| {
        let id = model::fresh(all.list(list), letters);
        all.items(list).push(model::row(&id));
    });
}

fn nth(key: &'static str, at: usize) -> AnyView {
    live_text(move || fill(key, &[("n", &(at + 1).to_string())]))
}

fn options(editor: Editor, kind: &'static str) -> AnyView {
    let rows = things(editor, "rows", move |at| {
        let here = At::Item("rows", at);
        let shown = here.clone();
        let choose = move |_| {
            editor.change(|all| {
                for (place, one) in all.items("rows").iter_mut().enumerate() {
                    let on = match kind {
                        "radio" => place == at,
                        _ if place == at => !one.flag("right"),
                        _ => one.flag("right"),
                    };
                    one.put("right", on.into());
                }
            });
        };
        el("fieldset")
            .class("thing")
            .child(el("legend").child(nth("bank.option_n", at)))
            .child(
                el("label")
                    .class("tick")
                    .child(
                        el("input")
                            .attr("type", kind)
                            .attr("name", "right")
                            .id(format!("f-right-{at}"))
                            .checked(move || editor.read(|all| shown.look(all).flag("right")))
                            .on("change", choose),
                    )
                    .child(el("span").t("bank.right")),
            )
            .child(editor.pair(&here, "bank.option", 2))
            .child(
                div("buttons small")
                    .child(editor.tick(here, "fixed", "bank.fixed"))
                    .child(order_buttons(editor, "rows", at, 2)),
            )
            .done()
    });
    many([rows, add_button("bank.add_option", move || add(editor, "rows", LETTERS)).done()])
}

fn ordering(editor: Editor) -> AnyView {
    let rows = things(editor, "rows", move |at| {
        el("fieldset")
            .class("thing")
            .child(el("legend").child(nth("bank.place_n", at)))
            .child(editor.pair(&At::Item("rows", at), "bank.option", 2))
            .child(div("buttons small").child(order_buttons(editor, "rows", at, 2)))
            .done()
    });
    many([
        el("p").class("hint").t("bank.ordering_hint").done(),
        rows,
        add_button("bank.add_option", move || add(editor, "rows", LETTERS)).done(),
    ])
}

fn matching(editor: Editor) -> AnyView {
    let right = things(editor, "others", move |at| {
        el("fieldset")
            .class("thing")
            .child(el("legend").child(nth("bank.right_n", at)))
            .child(editor.pair(&At::Item("others", at), "bank.option", 2))
            .child(div("buttons small").child(order_buttons(editor, "others", at, 2)))
            .done()
    });
    let left = things(editor, "rows", move |at| {
        let here = At::Item("rows", at);
        let id = format!("f-to-{at}");
        let (shown, chosen) = (here.clone(), here.clone());
        let select = el("select")
            .id(&id)
            .child(live(move || {
                let (now, all) =
                    editor.read(|all| (shown.look(all).texts("to"), all.list("others").to_vec()));
                let option = |(n, one): (usize, &Json)| {
                    let words = one.str("kk").to_owned();
                    let words = if words.is_empty() { one.str("ru").to_owned() } else { words };
                    let on = now.first().is_some_and(|to| to == one.str("id"));
                    el("option")
                        .attr("value", one.str("id"))
                        .selected(on)
                        .child(format!("{}. {words}", n + 1))
                        .done()
                };
                let none = el("option").attr("value", "").t("form.choose").done();
                many(std::iter::once(none).chain(all.iter().enumerate().map(option)))
            }))
            .on("change", move |event| {
                let to = crate::browser::value_of(&event);
                editor.change(|all| {
                    // Only the first of several is chosen here; the others stay.
                    chosen.act(all, |one| {
                        let mut all = one.texts("to");
                        if !all.is_empty() {
                            all.remove(0);
                        }
                        if !to.is_empty() {
                            all.insert(0, to);
                        }
                        one.put("to", all.into());
                    });
                });
            });
        el("fieldset")
            .class("thing")
            .child(el("legend").child(nth("bank.left_n", at)))
            .child(editor.pair(&here, "bank.option", 2))
            .child(
                div("field").child(el("label").attr("for", &id).t("bank.goes_with")).child(select),
            )
            .child(div("buttons small").child(order_buttons(editor, "rows", at, 1)))
            .done()
    });
    many([
        el("h3").t("bank.rights").done(),
        right,
        add_button("bank.add_right", move || add(editor, "others", "123456789")).done(),
        el("h3").t("bank.lefts").done(),
        left,
        add_button("bank.add_left", move || add(editor, "rows", LETTERS)).done(),
    ])
}

/// Ranges by their number alone: they have no names.
fn counted(
    editor: Editor,
    list: &'static str,
    draw: impl Fn(usize) -> AnyView + 'static,
) -> AnyView {
    let count = crate::dom::settled(move || editor.count(list).to_string());
    live(move || {
        let count = count.get().parse::<usize>().unwrap_or_default();
        crate::dom::quietly(|| many((0..count).map(&draw)))
    })
}

fn number(editor: Editor) -> AnyView {
    let rows = counted(editor, "ranges", move |at| {
        let here = At::Item("ranges", at);
        div("row-fields")
            .child(editor.line(here.clone(), "from", "bank.from"))
            .child(editor.line(here, "to", "bank.to"))
            .child(div("buttons small").child(order_buttons(editor, "ranges", at, 1)))
            .done()
    });
    many([
        el("p").class("hint").t("bank.number_hint").done(),
        rows,
        add_button("bank.add_range", move || {
            editor.change(|all| all.items("ranges").push(model::range()));
        })
        .done(),
        div("row-fields")
            .child(editor.line(At::Path("unit"), "kk", "bank.unit_kk"))
            .child(editor.line(At::Path("unit"), "ru", "bank.unit_ru"))
            .done(),
    ])
}

fn gaps(editor: Editor) -> AnyView {
    let rows = things(editor, "gaps", move |at| {
        let id = editor
            .form
            .whole
            .with_untracked(|all| At::Item("gaps", at).look(all).str("id").to_owned());
        let mark = format!("[[{id}]]");
        let chosen = editor
            .form
            .whole
            .with_untracked(|all| !At::Item("gaps", at).look(all).is_empty("options"));
        el("fieldset")
            .class("thing")
            .child(
                el("legend").child(nth("bank.gap_n", at)).child(" ").child(el("code").child(mark)),
            )
            .child(accepted(editor, at, chosen))
            .child(if chosen { gap_options(editor, at) } else { nothing() })
            .child(div("buttons small").child(order_buttons(editor, "gaps", at, 1)))
            .done()
    });
    many([
        el("p").class("hint").t("bank.gaps_hint").done(),
        rows,
        add_button("bank.add_gap", move || {
            editor.change(|all| {
                let n = (1..)
                    .find(|n| all.list("gaps").iter().all(|one| one.str("id") != format!("g{n}")));
                let gap = model::gap(&format!("g{}", n.unwrap_or(1)));
                all.items("gaps").push(gap);
            });
        })
        .done(),
    ])
}

/// What is taken in a gap: words, each for both languages or for one.
fn accepted(editor: Editor, at: usize, chosen: bool) -> AnyView {
    let inner = move |n: usize| At::Inner("gaps", at, "accept", n);
    let count = crate::dom::settled(move || {
        editor.read(|all| At::Item("gaps", at).look(all).list("accept").len().to_string())
    });
    let langs = choices("bank_lang", vec!["kk", "ru"], Some("bank.both_langs"));
    let rows = live(move || {
        let count = count.get().parse::<usize>().unwrap_or_default();
        let langs = langs.clone();
        crate::dom::quietly(|| {
            many((0..count).map(|n| {
                let (shown, put) = (inner(n), inner(n));
                let id = format!("f-gap-{at}-{n}-lang");
                let langs = langs.clone();
                let select = el("select")
                    .id(&id)
                    .child(live(move || {
                        let now = editor.read(|all| shown.look(all).str("lang").to_owned());
                        many(langs().into_iter().map(|(code, name)| {
                            let on = code == now;
                            el("option").attr("value", code).selected(on).child(name).done()
                        }))
                    }))
                    .on("change", move |event| {
                        let lang = crate::browser::value_of(&event);
                        let value = if lang.is_empty() { Json::Null } else { lang.into() };
                        editor.change(|all| put.act(all, |one| one.put("lang", value)));
                    });
                let label = if chosen { "bank.right_option" } else { "bank.accepted" };
                div("row-fields")
                    .child(editor.line(inner(n), "text", label))
                    .child(
                        div("field short")
                            .child(el("label").attr("for", &id).t("bank.for_lang"))
                            .child(select),
                    )
                    .child(editor.tick(inner(n), "case", "bank.case"))
                    .done()
            }))
        })
    });
    many([
        rows,
        add_button("bank.add_accepted", move || {
            editor.change(|all| {
                At::Item("gaps", at).act(all, |gap| {
                    gap.items("accept").push(map([("text", "".into())]));
                });
            });
        })
        .done(),
    ])
}

/// Options of a gap that is chosen from.
fn gap_options(editor: Editor, at: usize) -> AnyView {
    let count = editor
        .form
        .whole
        .with_untracked(|all| At::Item("gaps", at).look(all).list("options").len());
    many((0..count).map(|n| {
        let here = At::Inner("gaps", at, "options", n);
        let id = editor.form.whole.with_untracked(|all| here.look(all).str("id").to_owned());
        div("both")
            .child(el("p").class("small soft").child(format!("{} {id}", t("bank.option"))))
            .child(editor.pair(&here, "bank.option", 1))
            .done()
    }))
}
