//! The bar that says what is not as usual (no connection, something unsent, a newer version) and
//! the list of what waits.

use wasm_bindgen_futures::JsFuture;

use super::button;
use crate::{
    api::{self, Problem},
    browser,
    dom::{El, div, el, live, live_text, many, nothing},
    json::{self, Json},
    nav::link,
    offline::{
        build,
        differ::{self, Part, Side},
        outbox,
        queue::{Row, State},
        store,
    },
    reactive::{AnyView, RwSignal},
    router::Route,
    state::app,
    text::{count, fill, has, moment, t, t_of},
    ui::sheet,
};
use domain::shared::time::Timestamp;

/// The bar. Nothing where all is as usual.
pub fn bar() -> AnyView {
    let open = app().listed;
    many([
        live(move || {
            let offline = !app().online.get();
            let unsent = app().waiting.with(Vec::len) + app().unsaved.get();
            let stuck = app().waiting.with(|all| all.iter().any(needs_person));
            let as_of = app().as_of.get();
            let newer = app().newer.get();
            if !offline && unsent == 0 && as_of.is_none() && !newer {
                return nothing();
            }
            let class = if offline || stuck { "offline" } else { "offline calm" };
            div(class)
                .attr("role", "status")
                .maybe(offline.then(|| el("span").t("offline.bar")))
                .maybe(as_of.map(|at| {
                    el("span")
                        .child(live_text(move || fill("offline.as_of", &[("at", &moment(at))])))
                }))
                .maybe((unsent > 0).then(|| {
                    let words = move || {
                        let n = app().waiting.with(Vec::len) + app().unsaved.get();
                        count("offline.unsent", n as i64)
                    };
                    el("button")
                        .attr("type", "button")
                        .class("button quiet unsent")
                        .child(live_text(words))
                        .on("click", move |_| open.set(true))
                }))
                .maybe(stuck.then(|| el("span").class("tag late").t("offline.stuck")))
                .maybe(newer.then(|| {
                    el("span").class("newer").child(el("span").t("offline.newer")).child(button(
                        "button quiet",
                        "offline.take",
                        |_| build::take(),
                    ))
                }))
                .done()
        }),
        sheet::sheet(open, "offline.title", list),
    ])
}

fn needs_person(row: &Row) -> bool {
    row.state == State::Attention
}

/// What waits on this device.
pub fn list() -> AnyView {
    div("waits")
        .child(el("p").class("soft").t("offline.lead"))
        .child(live(|| {
            let rows = app().waiting.get();
            if rows.is_empty() {
                return el("p").t("offline.none").done();
            }
            el("ul")
                .class("cards")
                .children(rows.into_iter().map(|row| el("li").child(card(row))))
                .done()
        }))
        .child(live(|| match app().unsaved.get() {
            0 => nothing(),
            n => el("p").child(live_text(move || count("offline.unsent", n as i64))).done(),
        }))
        .child(
            div("buttons").child(
                button("button", "offline.send", |_| outbox::send_all())
                    .flag("disabled", || app().sending.get() || app().waiting.with(Vec::is_empty)),
            ),
        )
        .done()
}

fn card(row: Row) -> El {
    let what = row.what.clone();
    let at = Timestamp::from_millis(row.at);
    let stuck = needs_person(&row);
    let tag = match (stuck, row.tries > 0) {
        (true, _) => el("span").class("tag late").t("offline.attention"),
        (false, true) => el("span").class("tag wait").t("offline.tried"),
        (false, false) => el("span").class("tag").t("offline.waits"),
    };
    let asked = RwSignal::new(false);
    let (again, seq) = (row.clone(), row.seq);
    let copied = row.clone();
    div("card")
        .child(el("h3").child(live_text(move || t_of("waits", &what))))
        .maybe((!row.name.is_empty()).then(|| el("p").child(row.name.clone())))
        .child(
            div("meta")
                .child(tag)
                .child(el("span").class("small soft").child(live_text(move || moment(at)))),
        )
        .child(if stuck { why(&row) } else { nothing() })
        .child(
            div("buttons")
                .maybe((stuck && row.status != 412 && row.status != 401).then(|| {
                    button("button second", "offline.again", move |_| outbox::retry(&again))
                }))
                .maybe(page_of(&row).map(|route| {
                    link(route)
                        .class("button second")
                        .t("offline.open")
                        .on("click", |_| sheet::close())
                }))
                .child(button("button quiet", "offline.copy", move |_| copy(copied.clone())))
                .child(button("button quiet", "offline.discard", move |_| asked.set(true))),
        )
        .child(live(move || {
            if !asked.get() {
                return nothing();
            }
            div("notice late")
                .attr("role", "alert")
                .child(el("p").t("offline.discard_sure"))
                .child(
                    div("buttons")
                        .child(button("button danger", "offline.discard_yes", move |_| {
                            outbox::discard(seq)
                        }))
                        .child(button("button second", "offline.discard_no", move |_| {
                            asked.set(false)
                        })),
                )
                .done()
        }))
}

/// The page where it is mended.
fn page_of(row: &Row) -> Option<Route> {
    let (kind, id) = row.object.split_once('/')?;
    let rest = match kind {
        "application" => format!("applications/{id}"),
        "profile" if row.method != "POST" => format!("profile/record/{id}"),
        "person" => "profile/person".to_owned(),
        _ => return None,
    };
    Some(Route::My(rest))
}

/// Why it waits for the person, and what to do.
fn why(row: &Row) -> AnyView {
    if row.status == 401 {
        return div("notice wait")
            .child(el("p").t("offline.sign_in"))
            .child(button("button second", "offline.sign_in_go", |_| api::go_to_sign_in()))
            .done();
    }
    let problem = Problem::read(row.status.try_into().unwrap_or_default(), &row.problem);
    let both = (row.status == 412)
        .then(|| {
            let body = json::read(row.body.as_deref()?)?;
            differ::sides(&body, &json::read(&row.problem)?)
        })
        .flatten();
    if let Some((mine, theirs, version)) = both {
        // A command has no parts to choose between: it is given again on what stands now, or not.
        if row.method == "POST" {
            let row = row.clone();
            let again = move |_| outbox::settle(&row, &mine, version);
            return div("notice late")
                .child(el("p").t("offline.moved"))
                .child(button("button second", "offline.again", again))
                .done();
        }
        return choice(row.clone(), &mine, theirs, version);
    }
    div("notice late")
        .child(el("p").child(problem.words()))
        .maybe((!problem.errors.is_empty()).then(|| {
            el("ul").children(problem.errors.iter().map(|one| el("li").child(one.detail.clone())))
        }))
        .done()
}

/// Both versions, part by part, and a choice for each.
fn choice(row: Row, mine: &Json, theirs: Json, version: i64) -> AnyView {
    let parts = RwSignal::new(differ::differ(mine, &theirs));
    let settle = move |_| {
        let body = parts.with_untracked(|parts| differ::merged(&theirs, parts));
        outbox::settle(&row, &body, version);
        sheet::close();
    };
    div("conflict")
        .child(el("p").t("offline.differs"))
        .child(live(move || {
            many(parts.get().into_iter().enumerate().map(|(at, part)| row_of(parts, at, &part)))
        }))
        .child(div("buttons").child(button("button", "offline.settle", settle)))
        .done()
}

fn row_of(parts: RwSignal<Vec<Part>>, at: usize, part: &Part) -> AnyView {
    let name = part.path.last().cloned().unwrap_or_default();
    let side = |side: Side, key: &'static str, value: &Json| {
        let on = part.side == side;
        let value = words(value);
        el("label")
            .class(if on { "choice on" } else { "choice" })
            .child(
                el("input")
                    .attr("type", "radio")
                    .attr("name", format!("differs-{at}"))
                    .checked(move || on)
                    .on("change", move |_| {
                        parts.update(|all| {
                            if let Some(part) = all.get_mut(at) {
                                part.side = side;
                            }
                        });
                    }),
            )
            .child(
                el("span").child(el("strong").t(key)).child(el("span").class("text").child(value)),
            )
    };
    el("fieldset")
        .class("difference")
        .child(el("legend").class("label").child(live_text(move || name_of(&name))))
        .child(div("pair").child(side(Side::Mine, "offline.mine", &part.mine)).child(side(
            Side::Theirs,
            "offline.theirs",
            &part.theirs,
        )))
        .done()
}

/// The name of a part: its own, or that of the field of a record.
fn name_of(name: &str) -> String {
    let area = if has(&format!("part.{name}")) { "part" } else { "field" };
    t_of(area, name)
}

/// A value in words, as far as it can be said without knowing what it is.
fn words(value: &Json) -> String {
    match value {
        Json::Null => "—".to_owned(),
        Json::Text(text) if text.is_empty() => "—".to_owned(),
        Json::Text(text) => text.clone(),
        Json::Bool(true) => t("offline.yes").to_owned(),
        Json::Bool(false) => t("offline.no").to_owned(),
        Json::Number(digits) => digits.clone(),
        Json::List(all) if all.is_empty() => "—".to_owned(),
        Json::List(all) => all.iter().map(words).collect::<Vec<_>>().join("\n"),
        Json::Map(fields) => {
            let told = ["title", "name", "code", "row", "text"];
            let found = told.iter().find_map(|name| value.get(name)).map(words);
            found.unwrap_or_else(|| {
                let all = fields.iter().map(|(_, value)| words(value));
                all.filter(|text| text != "—").collect::<Vec<_>>().join(", ")
            })
        }
    }
}

/// Gives the person what was written: text to the clipboard, a file as a file.
fn copy(row: Row) {
    api::run(async move {
        if row.file {
            if let Some(blob) = store::bytes_of(row.seq).await {
                build::save_file(&blob, &row.name);
            }
            return;
        }
        let text = format!("{}\n{}", row.name, row.body.unwrap_or_default());
        let written = browser::window().navigator().clipboard().write_text(&text);
        match JsFuture::from(written).await {
            Ok(_) => app().say(t("offline.copied"), false),
            Err(_) => app().say(t("offline.not_copied"), true),
        }
    });
}
