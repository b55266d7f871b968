//! Import: a file is checked first, with a report by file and line, and taken when that is as it
//! should be. Nothing is kept on the device: what failed is sent again from the file.

use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use kit::bank::{at, item_at};

use super::ways;
use crate::{
    api,
    dom::{El, div, el, live, live_text, many, nothing},
    json::{self, Json},
    nav::link,
    reactive::{AnyView, RwSignal},
    router::encode,
    state::app,
    text::{fill, number_of, t, t_of},
    ui::{
        self,
        field::field,
        load::skeleton,
        page::{page as frame, section},
        table::table,
    },
};

const HEADS: &[&str] = &["bank.remark", "bank.where", "bank.item"];
/// Remarks that are drawn; the rest is counted.
const SHOWN: usize = 200;

/// What the page knows.
#[derive(Clone, Copy)]
struct Import {
    file: RwSignal<Option<File>>,
    lang: RwSignal<String>,
    busy: RwSignal<bool>,
    report: RwSignal<Option<Json>>,
    wrong: RwSignal<String>,
}

/// The page.
pub fn page() -> AnyView {
    let import = Import {
        file: RwSignal::new(None),
        lang: RwSignal::new("kk".to_owned()),
        busy: RwSignal::new(false),
        report: RwSignal::new(None),
        wrong: RwSignal::new(String::new()),
    };
    frame("bank.import", None)
        .child(ways())
        .child(choose(import))
        .child(live(move || match (import.busy.get(), import.wrong.get()) {
            (true, _) => skeleton(3),
            (false, wrong) if !wrong.is_empty() => div("notice late")
                .attr("role", "alert")
                .child(el("p").child(el("strong").t("bank.refused_whole")))
                .child(el("p").child(wrong))
                .done(),
            _ => import
                .report
                .with(|report| report.as_ref().map_or_else(nothing, |all| drawn(import, all))),
        }))
        .done()
}

fn choose(import: Import) -> El {
    let langs: ui::field::Options = std::rc::Rc::new(|| {
        ["kk", "ru"].map(|code| (code.to_owned(), t_of("bank_lang", code))).into()
    });
    let errors = ui::errors::errors();
    section("bank.choose_file")
        .child(el("p").class("soft").t("bank.import_lead"))
        .child(
            div("row-fields")
                .child(
                    div("field").child(el("label").attr("for", "f-file").t("bank.file")).child(
                        el("input")
                            .attr("type", "file")
                            .id("f-file")
                            .attr("accept", ".zip,.xml,.gift,.txt,.csv,.tsv,.xlsx")
                            .on("change", move |event| {
                                let input = event
                                    .target()
                                    .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                                let file = input.and_then(|input| input.files()?.get(0));
                                import.file.set(file);
                                import.report.set(None);
                                import.wrong.set(String::new());
                                if import.file.with_untracked(Option::is_some) {
                                    send(import, "check");
                                }
                            }),
                    ),
                )
                .child(
                    field("lang", "bank.file_lang", errors)
                        .hint("bank.file_lang_hint")
                        .select(langs, import.lang),
                ),
        )
        .child(
            div("buttons").child(
                ui::button("button second", "bank.check", move |_| send(import, "check"))
                    .flag("disabled", move || {
                        import.busy.get() || import.file.with(Option::is_none)
                    }),
            ),
        )
}

fn send(import: Import, mode: &'static str) {
    let Some(file) = import.file.get_untracked() else { return };
    if import.busy.get_untracked() {
        return;
    }
    import.busy.set(true);
    import.wrong.set(String::new());
    let path = format!(
        "bank/import?mode={mode}&texts={}&name={}",
        import.lang.get_untracked(),
        encode(&file.name())
    );
    api::run(async move {
        let answer = api::call("POST", path).file(&file).send().await;
        let _ = import.busy.try_set(false);
        match answer {
            Ok(text) => {
                let _ = import.report.try_set(json::read(&text));
                if mode == "publish" {
                    app().say(t("bank.taken"), false);
                }
            }
            Err(problem) => {
                let _ = import.report.try_set(None);
                let _ = import.wrong.try_set(problem.words());
            }
        }
    });
}

fn drawn(import: Import, all: &Json) -> AnyView {
    let n = |name: &str| all.int(name).unwrap_or_default();
    let count = |key: &'static str, class: &'static str, n: i64| {
        el("li").child(
            el("span").class(class).child(live_text(move || fill(key, &[("n", &number_of(n))]))),
        )
    };
    let done = all.flag("done");
    let nothing_new = n("taken") == 0;
    section(if done { "bank.report_done" } else { "bank.report" })
        .child(
            div("").attr("role", "status").child(
                el("ul")
                    .class("counts")
                    .child(count(
                        if done { "bank.n_taken" } else { "bank.n_will" },
                        "tag done",
                        n("taken"),
                    ))
                    .child(count("bank.n_known", "tag mute", n("known")))
                    .child(count("bank.n_refused", "tag late", n("refused"))),
            ),
        )
        .maybe((!done && nothing_new).then(|| el("p").class("notice").t("bank.nothing_new")))
        .maybe((!done && !nothing_new).then(|| {
            div("buttons").child(
                ui::button("button", "bank.take", move |_| send(import, "publish"))
                    .flag("disabled", move || import.busy.get()),
            )
        }))
        .child(items(all, done))
        .child(remarks(all))
        .done()
}

/// What came in: links, where it was written.
fn items(all: &Json, done: bool) -> AnyView {
    let list = all.list("items");
    if !done || list.is_empty() {
        return nothing();
    }
    let links = list.iter().take(SHOWN).filter_map(|pair| match pair {
        Json::List(two) => {
            let (code, id) = (two.first()?.text().to_owned(), two.get(1)?.text());
            Some(el("li").child(link(item_at(id)).class("chip").child(code)))
        }
        _ => None,
    });
    many([
        el("ul").class("chips").children(links).done(),
        link(crate::router::Place::from(at("")).with("mine", "1"))
            .class("button second")
            .t("bank.to_list")
            .done(),
    ])
}

fn remarks(all: &Json) -> AnyView {
    let list = all.list("remarks");
    if list.is_empty() {
        return nothing();
    }
    let rest = list.len().saturating_sub(SHOWN);
    let rows = list.iter().take(SHOWN).map(|one| {
        let (class, key) = match one.str("weight") {
            "refused" => ("tag late", "bank.weight_refused"),
            "dropped" => ("tag wait", "bank.weight_dropped"),
            _ => ("tag mute", "bank.weight_hint"),
        };
        let line = one.int("line").unwrap_or_default();
        let file = one.str("file").to_owned();
        let place = if line > 0 { format!("{file}:{line}") } else { file };
        vec![
            el("div")
                .child(el("span").class(class).t(key))
                .child(div("text").child(one.str("text").to_owned()))
                .done(),
            el("code").class("route").child(place).done(),
            el("span").child(one.str("item").to_owned()).done(),
        ]
    });
    many([
        el("h3").t("bank.remarks").done(),
        table("bank.remarks", HEADS, rows).done(),
        if rest == 0 {
            nothing()
        } else {
            el("p")
                .class("soft")
                .child(live_text(move || fill("bank.more_remarks", &[("n", &rest.to_string())])))
                .done()
        },
    ])
}
