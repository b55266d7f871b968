//! What the answers say: figures and drawings of a whole test, and of one item.

use super::{act, at, figure, tag, ways};
use crate::{
    api, browser,
    dom::{El, div, el, live_text, nothing},
    json::{Json, map},
    nav::link,
    reactive::{AnyView, RwSignal},
    text::{fill, number_of, t, t_of},
    ui::{
        self,
        load::{Loading, load},
        page::{facts, page_with, section},
        table::table,
    },
};

/// An analysis.
pub fn page(id: &str) -> AnyView {
    let one = load::<Json>(format!("analyses/{id}"));
    page_with(move || t("analysis.title").to_owned(), Some(at("analyses")), None)
        .child(ways())
        .child(one.view(move |all| drawn(&all, one)))
        .done()
}

fn drawn(all: &Json, one: Loading<Json>) -> AnyView {
    if all.str("state") != "done" {
        return waits(all, one);
    }
    let id = all.str("id").to_owned();
    let calibration = all.at("summary.calibration");
    let converged = calibration.flag("converged");
    let plain = |path: &str, places: usize| {
        el("span").class("num").child(figure(all.at(path), places)).done()
    };
    div("group")
        .child(section("analysis.whole").child(facts([
            ("analysis.people", plain("summary.test.people", 0)),
            ("analysis.mean", plain("summary.test.mean", 2)),
            ("analysis.sd", plain("summary.test.sd", 2)),
            ("analysis.alpha", plain("summary.test.alpha", 3)),
            ("analysis.alpha_se", plain("summary.test.alpha_se", 3)),
            ("analysis.measurement", plain("summary.test.measurement_error", 3)),
            ("analysis.highest", plain("summary.exposure.highest", 3)),
            ("analysis.overlap", plain("summary.exposure.overlap", 3)),
            (
                "analysis.converged",
                live_text(move || t(if converged { "form.yes" } else { "form.no" }).to_owned()),
            ),
        ])))
        .children(
            ["information", "scores", "languages"]
                .map(|plot| drawing(&format!("analyses/{id}/plots/{plot}"))),
        )
        .child(items(&id))
        .done()
}

fn waits(all: &Json, one: Loading<Json>) -> AnyView {
    let (stage, step, failure) =
        (all.str("stage").to_owned(), all.int("step").unwrap_or(0), all.str("failure").to_owned());
    div("notice wait")
        .attr("role", "status")
        .child(el("p").child(tag("analysis_state", all.str("state"))).child(" ").child(live_text(
            move || match failure.is_empty() {
                true => fill(
                    "analysis.stage",
                    &[("stage", &t_of("analysis_stage", &stage)), ("n", &number_of(step))],
                ),
                false => t_of("analysis_failure", &failure),
            },
        )))
        .child(ui::button("button second", "ruling.look_again", move |_| one.again()))
        .done()
}

/// A drawing with its numbers below. It is an image of its own: it can be saved, and nothing of it
/// becomes a part of the page.
fn drawing(path: &str) -> El {
    let plot = load::<Json>(path.to_owned());
    el("section").class("panel plot").child(plot.view(|plot| chart(&plot, false)))
}

/// A drawing that has come, and its numbers: folded, or `open`.
pub fn chart(plot: &Json, open: bool) -> AnyView {
    let svg = plot.str("svg");
    if svg.is_empty() {
        return nothing();
    }
    let between = |from: &str, to: &str| {
        let rest = svg.split_once(from).map_or("", |(_, rest)| rest);
        rest.split_once(to)
            .map_or("", |(text, _)| text)
            .rsplit('>')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let (title, words) = (between("<title", "</title>"), between("<desc", "</desc>"));
    let source = format!("data:image/svg+xml,{}", crate::router::encode(svg));
    let cells = |tag: &'static str, row: &[Json]| {
        el("tr").children(
            row.iter().map(|cell| el(tag).child(cell.text().to_owned())).collect::<Vec<_>>(),
        )
    };
    let rows = plot.list("rows").iter().filter_map(|row| match row {
        Json::List(row) => Some(cells("td", row)),
        _ => None,
    });
    let numbers = el("details").child(el("summary").t("analysis.numbers")).child(
        div("table-wrap")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr_t("aria-label", "analysis.numbers")
            .child(
                el("table")
                    .child(el("thead").child(cells("th", plot.list("head"))))
                    .child(el("tbody").children(rows)),
            ),
    );
    div("group")
        .child(el("h2").child(plain(&title)))
        .child(el("img").attr("src", source).attr("alt", plain(&words)))
        .child(if open { numbers.attr("open", "") } else { numbers })
        .done()
}

/// Text out of markup: the entities that the drawing writes.
fn plain(text: &str) -> String {
    let mut out = text.to_owned();
    for (entity, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        out = out.replace(entity, letter);
    }
    out
}

const HEADS: &[&str] = &[
    "analysis.item",
    "analysis.answered",
    "analysis.facility",
    "analysis.discrimination",
    "analysis.a",
    "analysis.b",
    "analysis.dif",
    "analysis.exposure",
    "analysis.flags",
];

fn items(id: &str) -> El {
    let id = id.to_owned();
    let flagged = RwSignal::new(false);
    let path = {
        let id = id.clone();
        move |only: bool| format!("analyses/{id}/items{}", if only { "?flagged=1" } else { "" })
    };
    let list = load::<Json>(path(false));
    section("analysis.items")
        .child(
            el("label")
                .class("tick")
                .child(el("input").attr("type", "checkbox").checked(move || flagged.get()).on(
                    "change",
                    move |_| {
                        flagged.update(|on| *on = !*on);
                        list.ask(path(flagged.get_untracked()));
                    },
                ))
                .child(el("span").t("analysis.only_flagged")),
        )
        .child(list.view(move |all| {
            let items = all.list("items");
            if items.is_empty() {
                return el("p").class("soft").t("analysis.no_items").done();
            }
            let shown = all.clone();
            let more =
                (!all.is_empty("next")).then(|| more(&id, flagged.get_untracked(), &shown, list));
            div("group")
                .child(table("analysis.items", HEADS, items.iter().map(|one| cells(&id, one))))
                .maybe(more)
                .done()
        }))
}

/// The next rows below those that are shown.
fn more(id: &str, flagged: bool, shown: &Json, list: Loading<Json>) -> El {
    let cursor = crate::router::encode(shown.str("next"));
    let flag = if flagged { "&flagged=1" } else { "" };
    let path = format!("analyses/{id}/items?cursor={cursor}{flag}");
    let before = shown.list("items").to_vec();
    ui::button("button second", "testing.older", move |_| {
        let (path, mut all) = (path.clone(), before.clone());
        api::run(async move {
            if let Ok(page) = api::get::<Json>(path).await {
                all.extend(page.list("items").iter().cloned());
                list.put(map([("items", Json::List(all)), ("next", page.at("next").clone())]));
            }
        });
    })
}

fn cells(id: &str, one: &Json) -> Vec<AnyView> {
    let number = |name: &str, places: usize| {
        el("span").class("num").child(figure(one.at(name), places)).done()
    };
    let rest = format!("analyses/{id}/{}/{}", one.str("item"), one.int("version").unwrap_or(0));
    let class = one.str("dif_class").to_owned();
    let dif = match class.is_empty() {
        true => "—".to_owned(),
        false => format!("{class} ({})", figure(one.at("delta"), 2)),
    };
    vec![
        link(at(rest)).child(one.str("code").to_owned()).done(),
        number("answered", 0),
        number("facility", 2),
        number("discrimination", 2),
        number("a", 2),
        number("b", 2),
        el("span").class("num").child(dif).done(),
        number("exposure", 3),
        match one.list("flags").len() {
            0 => el("span").child("—").done(),
            // What they say is on the page of the item: here it would make rows tall.
            n => el("span").class("tag wait").child(format!("⚑ {n}")).done(),
        },
    ]
}

fn flags(one: &Json) -> El {
    let all = one.list("flags");
    if all.is_empty() {
        return el("span").child("—");
    }
    el("ul").class("plain").children(all.iter().map(|flag| {
        el("li").child(el("span").class("tag wait").child(format!("⚑ {}", flag.str("text"))))
    }))
}

/// An item of an analysis: curve, languages, options, flags; and taking its parameters over.
pub fn item(id: &str, item: &str, version: &str) -> AnyView {
    let path = format!("analyses/{id}/items/{item}/{version}");
    let one = load::<Json>(path.clone());
    let above = at(format!("analyses/{id}"));
    let id = id.to_owned();
    page_with(
        move || {
            one.get()
                .map_or_else(|| t("analysis.item").to_owned(), |one| one.str("code").to_owned())
        },
        Some(above),
        None,
    )
    .child(ways())
    .child(one.view(move |all| figures(&id, &path, &all)))
    .done()
}

fn figures(id: &str, path: &str, all: &Json) -> AnyView {
    let with_error = |name: &str, places: usize| {
        let mut text = figure(all.at(name), places);
        let error = all.at(&format!("{name}_se"));
        if *error != Json::Null {
            text.push_str(" ± ");
            text.push_str(&figure(error, places));
        }
        el("span").class("num").child(text).done()
    };
    let plain = |name: &str, places: usize| {
        el("span").class("num").child(figure(all.at(name), places)).done()
    };
    let class = all.str("dif_class").to_owned();
    let why = all.str("why").to_owned();
    let bank = crate::router::Route::Bank(format!("items/{}", all.str("item")));
    div("group")
        .child(flags_of(all))
        .child(drawing(&format!("{path}/plots/curve")))
        .child(
            section("analysis.figures")
                .child(facts([
                    ("analysis.answered", plain("answered", 0)),
                    ("analysis.facility", with_error("facility", 3)),
                    ("analysis.sd", plain("sd", 3)),
                    ("analysis.discrimination", with_error("discrimination", 3)),
                    ("analysis.efficiency", plain("efficiency", 1)),
                    ("analysis.a", with_error("a", 3)),
                    ("analysis.b", with_error("b", 3)),
                    ("analysis.infit", plain("infit", 2)),
                    ("analysis.outfit", plain("outfit", 2)),
                    ("analysis.fit", plain("fit_p", 3)),
                    ("analysis.delta", with_error("delta", 2)),
                    (
                        "analysis.class",
                        el("span")
                            .child(if class.is_empty() { "—".to_owned() } else { class })
                            .done(),
                    ),
                    ("analysis.exposure", plain("exposure", 3)),
                ]))
                .maybe((!why.is_empty()).then(|| {
                    el("p").class("soft").child(live_text(move || t_of("analysis_why", &why)))
                })),
        )
        .child(drawing(&format!("{path}/plots/languages")))
        .child(options(all))
        .child(accept(id, all))
        .child(el("p").child(link(bank).t("analysis.in_bank")))
        .done()
}

fn flags_of(all: &Json) -> El {
    match all.list("flags").is_empty() {
        true => el("p").class("notice done").t("analysis.no_flags"),
        false => div("notice wait").child(el("h2").t("analysis.flags")).child(flags(all)),
    }
}

const OPTIONS: &[&str] =
    &["analysis.option", "analysis.chosen", "analysis.share", "analysis.rest", "analysis.right"];

fn options(all: &Json) -> AnyView {
    let list = all.list("more.options");
    if list.is_empty() {
        return nothing();
    }
    let rows = list.iter().map(|one| {
        let name = one.str("option").to_owned();
        let right = one.flag("right");
        let number = |path: &str, places: usize| {
            el("span").class("num").child(figure(one.at(path), places)).done()
        };
        vec![
            live_text(move || match name.is_empty() {
                true => t("analysis.nothing_chosen").to_owned(),
                false => name.clone(),
            }),
            number("figures.chosen", 0),
            number("figures.share", 3),
            number("figures.rest_correlation", 2),
            match right {
                true => el("span").class("tag done").t("bank.right").done(),
                false => nothing(),
            },
        ]
    });
    section("analysis.options").child(table("analysis.options", OPTIONS, rows)).done()
}

/// The bank takes what was estimated, once somebody has looked at it.
fn accept(id: &str, all: &Json) -> AnyView {
    if *all.at("b") == Json::Null {
        return nothing();
    }
    let pair = Json::List(vec![all.str("item").into(), all.int("version").unwrap_or(0).into()]);
    let path = format!("analyses/{id}/accept");
    section("analysis.accept")
        .child(el("p").class("soft").t("analysis.accept_about"))
        .child(div("buttons").child(ui::button("button", "analysis.accept_do", move |_| {
            let body = map([("items", Json::List(vec![pair.clone()]))]);
            let call = api::call("POST", path.clone()).body(&body).once(browser::uuid());
            act(call, "analysis.accepted", || {});
        })))
        .done()
}
