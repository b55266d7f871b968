//! One item: both languages with the key or as a candidate sees it, what may be done, twins,
//! complaints, history.

use domain::{account::permission::Permission, bank::complaint::Ground, bank::release::Format};

use kit::bank::{at, choices, item_at, show, topic_name, word};

use super::{
    state_tag,
    steps::{commands, history},
};
use crate::{
    api,
    dom::{El, div, el, live, live_text, nothing},
    form::form,
    json::{Json, map},
    nav::link,
    reactive::{AnyView, RwSignal},
    router::Place,
    state::app,
    text::{fill, moment_at, number_of, t},
    ui::{
        self,
        field::field,
        list::by_address,
        load::{Loading, load},
        page::{facts, page_with, section},
    },
};

fn path(id: &str, place: &Place) -> String {
    match place.get("version") {
        "" => format!("bank/items/{id}"),
        version => format!("bank/items/{id}?version={}", crate::router::encode(version)),
    }
}

/// The page.
pub fn page(id: &str) -> AnyView {
    let id = id.to_owned();
    let all = by_address::<Json>(move |place| path(&id, place));
    let topics = load::<Json>("bank/topics");
    all.view(move |item| drawn(&item, all, topics))
}

fn drawn(item: &Json, all: Loading<Json>, topics: Loading<Json>) -> AnyView {
    let code = item.str("content.meta.code").to_owned();
    let id = item.str("id").to_owned();
    let newest = item.int("text_version") == item.int("head");
    let edit = (item.flag("editable") && newest)
        .then(|| link(at(format!("items/{id}/edit"))).class("button second").t("bank.edit"));
    let with_key = RwSignal::new(true);
    let content = item.at("content").clone();
    let used =
        ["pilot", "calibrated", "active", "suspended", "retired"].contains(&item.str("state"));
    let own = item.flag("mine") && !used && *item.at("live") == Json::Null;
    page_with(move || code.clone(), Some(at("")), edit)
        .child(what(item, topics))
        .maybe((!newest).then(|| {
            div("notice")
                .child(el("p").t("bank.old_version"))
                .child(link(item_at(&id)).class("button second").t("bank.newest"))
        }))
        .child(
            section("bank.item")
                .child(
                    div("buttons").child(
                        el("button")
                            .attr("type", "button")
                            .class("chip")
                            .attr_live("aria-pressed", move || Some((!with_key.get()).to_string()))
                            .t("bank.as_candidate")
                            .on("click", move |_| with_key.set(!with_key.get_untracked())),
                    ),
                )
                .child(live(move || show::both(&content, with_key.get()).done()))
                .child(why(item)),
        )
        .child(if newest { commands(item, all) } else { nothing() })
        .child(if newest { super::sign::section_of(item) } else { nothing() })
        .child(twins(&id))
        .child(complaints(&id))
        .maybe(own.then(|| take_along(&id)))
        .child(history(item))
        .done()
}

fn what(item: &Json, topics: Loading<Json>) -> El {
    let meta = item.at("content.meta");
    let text = |name: &str| {
        let said = meta.str(name);
        el("span").child(if said.is_empty() { "—" } else { said }.to_owned()).done()
    };
    let (topic, when) = (meta.str("topic").to_owned(), item.clone());
    let facility = meta.int("facility").unwrap_or_default();
    let exposure = item.int("exposure").unwrap_or_default();
    let author = item.str("author").to_owned();
    let points = match item.at("content.answers.scoring.points") {
        Json::Number(digits) => digits.clone(),
        _ => "1".to_owned(),
    };
    facts([
        ("bank.state", state_tag(item.str("state")).done()),
        ("bank.kind", word("bank_kind", kind_of(item.at("content")))),
        ("bank.topic", live_text(move || topic_name(topics, &topic))),
        ("bank.level", word("bank_level", meta.str("level"))),
        (
            "bank.facility",
            el("span")
                .child(if facility > 0 { format!("{} %", facility / 10) } else { "—".into() })
                .done(),
        ),
        ("bank.points", el("span").child(points).done()),
        ("bank.source", text("source")),
        (
            "bank.exposure",
            live_text(move || {
                let at = moment_at(&when, "used_at");
                let n = number_of(exposure);
                if at.is_empty() { n } else { format!("{n} · {at}") }
            }),
        ),
        (
            "bank.author",
            el("span").child(if author.is_empty() { "—".into() } else { author }).done(),
        ),
    ])
}

fn kind_of(content: &Json) -> &str {
    let kinds = [content.str("kk.task.kind"), content.str("ru.task.kind")];
    kinds.into_iter().find(|kind| !kind.is_empty()).unwrap_or_default()
}

fn why(item: &Json) -> AnyView {
    let sides = [("kk", "explanation_kk"), ("ru", "explanation_ru")];
    let content = item.at("content");
    if sides.iter().all(|(_, name)| content.is_empty(name)) {
        return nothing();
    }
    let side = |(lang, name): (&'static str, &'static str)| {
        div("card").attr("lang", lang).child(show::rich(content.at(name), &Json::Null))
    };
    div("both").child(el("h3").t("bank.why")).child(div("pair").children(sides.map(side))).done()
}

/// Items that are the same or nearly.
fn twins(id: &str) -> El {
    let all = load::<Json>(format!("bank/items/{id}/twins"));
    section("bank.twins").child(all.view(|all| {
        let found = match &all {
            Json::List(found) if !found.is_empty() => found.as_slice(),
            _ => return el("p").class("soft").t("bank.no_twins").done(),
        };
        el("ul")
            .class("rows")
            .children(found.iter().map(|one| {
                let code = one.str("code").to_owned();
                let name = match one.str("id") {
                    "" => el("strong").child(code),
                    id => link(item_at(id)).child(code),
                };
                let share = (one.int("likeness").unwrap_or_default() / 10).to_string();
                let class = if one.str("grade") == "near" { "tag wait" } else { "tag late" };
                el("li")
                    .child(
                        div("row-main").child(name).child(
                            el("span").class("small soft").child(one.str("text").to_owned()),
                        ),
                    )
                    .child(
                        div("row-side")
                            .child(
                                el("span").class(class).child(word("bank_twin", one.str("grade"))),
                            )
                            .child(el("span").class("num").child(format!("{share} %"))),
                    )
            }))
            .done()
    }))
}

/// Complaints about it, and a form for one more.
fn complaints(id: &str) -> El {
    let all = load::<Json>(format!("bank/complaints?item={id}"));
    let id = id.to_owned();
    let open = RwSignal::new(false);
    section("bank.complaints")
        .child(all.view(|all| {
            let items = all.list("items");
            if items.is_empty() {
                return el("p").class("soft").t("bank.no_complaints").done();
            }
            el("ul").class("rows").children(items.iter().map(super::complaints::row)).done()
        }))
        .child(live(move || match open.get() {
            false => ui::button("button quiet", "bank.complain", move |_| open.set(true)).done(),
            true => complain(&id, all, open).done(),
        }))
}

fn complain(id: &str, all: Loading<Json>, open: RwSignal<bool>) -> El {
    let form = form(map([("ground", "key".into()), ("text", "".into())]));
    let grounds = Ground::ALL.iter().map(|one| one.code()).collect();
    let path = format!("bank/items/{id}/complaints");
    let send = move || {
        let call = api::call("POST", path.clone()).body(&form.whole.get_untracked());
        form.ask(call, move |_| {
            app().say(t("bank.complained"), false);
            open.set(false);
            all.again();
        });
    };
    form.element("typed", send)
        .child(form.one_of("ground", "bank.ground", choices("bank_ground", grounds, None)))
        .child(field("text", "bank.words", form.errors).area(form.text("text")))
        .child(div("buttons").child(form.submit("bank.complain")))
}

/// An own draft as a file.
fn take_along(id: &str) -> El {
    let links = Format::ALL.iter().map(|format| {
        let code = format.code();
        el("a")
            .class("chip")
            .attr("href", format!("/api/v1/cabinet/bank/items/{id}/file?format={code}"))
            .attr("download", "")
            .child(word("bank_format", code))
    });
    section("bank.take_along")
        .child(el("p").class("soft").t("bank.take_along_hint"))
        .child(el("ul").class("chips").children(links.map(|one| el("li").child(one))))
        .maybe(
            app().may(Permission::ItemExport).then(|| {
                el("p").class("small").child(live_text(|| fill("bank.other_exports", &[])))
            }),
        )
}
