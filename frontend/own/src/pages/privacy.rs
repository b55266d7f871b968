//! One's own data: consents, who looked at them, a copy of all of it, deletion.

use crate::{
    api::{self, wire},
    browser,
    dom::{El, div, el, live, live_text, nothing},
    form::form,
    json::{self, Json},
    nav::link,
    offline::outbox::Write,
    reactive::{AnyView, RwSignal},
    router::Place,
    state::app,
    text::{fill, moment, moment_at, pick_json, t, t_of},
    ui::{
        self,
        load::{Loading, empty, load},
        page::{page_with, section},
    },
};

/// The page.
pub fn page() -> AnyView {
    let consents = load::<Json>("my/consents");
    let cursor = app().place.with_untracked(|place| place.get("cursor").to_owned());
    let looks = load::<Json>(match cursor.is_empty() {
        true => "my/access".to_owned(),
        false => format!("my/access?cursor={}", crate::router::encode(&cursor)),
    });
    let deletion = load::<Json>("my/deletion");
    page_with(|| t("nav.privacy").to_owned(), None, None)
        .child(
            section("privacy.consents").child(consents.view(move |all| purposes(&all, consents))),
        )
        .child(
            section("privacy.looks")
                .child(el("p").class("soft").t("privacy.looks_lead"))
                .child(looks.view(access)),
        )
        .child(
            section("privacy.copy").child(el("p").t("privacy.copy_lead")).child(
                div("buttons")
                    .child(
                        el("a")
                            .class("button second")
                            .attr("href", "/api/v1/cabinet/my/export")
                            .attr("download", "mansap.json")
                            .t("privacy.copy_json"),
                    )
                    .child(
                        el("a")
                            .class("button second")
                            .attr_live("href", || {
                                let lang = crate::text::lang().code();
                                Some(format!("/api/v1/cabinet/my/export.pdf?lang={lang}"))
                            })
                            .attr("download", "")
                            .t("privacy.copy_pdf"),
                    )
                    .child(
                        el("a")
                            .class("button second")
                            .attr_live("href", || {
                                Some(format!("/{}/my-data", crate::text::lang().code()))
                            })
                            .t("privacy.copy_pdf"),
                    ),
            ),
        )
        .child(section("privacy.deletion").child(deletion.view(move |all| remove(&all, deletion))))
        .done()
}

fn purposes(all: &Json, consents: Loading<Json>) -> AnyView {
    let history = all.list("history").to_vec();
    div("group")
        .children(all.list("purposes").iter().map(|one| purpose(one, consents)))
        .maybe((!history.is_empty()).then(|| {
            el("details").class("fold").child(el("summary").t("privacy.history")).child(
                el("ul").class("rows small").children(history.into_iter().map(|given| {
                    el("li").child(live_text(move || {
                        let purpose = t_of("consent", given.str("purpose"));
                        let until = moment_at(&given, "withdrawn_at");
                        let began = moment_at(&given, "given_at");
                        match until.is_empty() {
                            true => fill("privacy.given", &[("what", &purpose), ("at", &began)]),
                            false => {
                                fill("privacy.withdrawn", &[("what", &purpose), ("at", &until)])
                            }
                        }
                    }))
                })),
            )
        }))
        .done()
}

fn purpose(one: &Json, consents: Loading<Json>) -> El {
    let text = one.at("text").clone();
    let title = text.at("title").clone();
    let given = one.str("given.id").to_owned();
    let since = wire::moment(one.str("given.given_at"));
    let until = wire::moment(one.str("given.until"));
    let needed = one.str("required_for") == "apply";
    let form = form(json::map([
        ("purpose", text.at("purpose").clone()),
        ("version", text.at("version").clone()),
    ]));
    let is_given = !given.is_empty();
    let act = move |_| {
        let write = match is_given {
            true => Write {
                method: "DELETE",
                path: format!("my/consents/{given}"),
                object: "consents/me".into(),
                what: "consent",
                ..Write::default()
            },
            false => Write {
                method: "POST",
                path: "my/consents".into(),
                object: "consents/me".into(),
                body: Some(form.whole.get_untracked()),
                what: "consent",
                ..Write::default()
            },
        };
        form.send(write, move |_| consents.again());
    };
    let facts = ["data", "recipients", "term", "ground", "effect"].map(|name| {
        let value = text.at(name).clone();
        el("div")
            .child(el("dt").child(live_text(move || t_of("consent", name))))
            .child(el("dd").child(live_text(move || pick_json(&value))))
    });
    div("card consent")
        .child(el("h3").child(live_text(move || pick_json(&title))))
        .child(
            div("meta")
                .child(if is_given {
                    el("span").class("tag done").t("consent.is_given")
                } else {
                    el("span").class("tag mute").t("consent.not_given")
                })
                .maybe(needed.then(|| el("span").class("small soft").t("consent.needed")))
                .maybe(since.zip(until).map(|(since, until)| {
                    el("span")
                        .class("small soft")
                        .child(live_text(move || format!("{} – {}", moment(since), moment(until))))
                })),
        )
        .child(
            el("details")
                .class("fold")
                .child(el("summary").t("consent.read"))
                .children(
                    text.list("body")
                        .to_vec()
                        .into_iter()
                        .map(|one| el("p").child(live_text(move || pick_json(&one)))),
                )
                .child(el("dl").class("facts").children(facts)),
        )
        .child(div("buttons").child(ui::button(
            if is_given { "button danger" } else { "button" },
            if is_given { "consent.withdraw" } else { "consent.give" },
            act,
        )))
}

fn access(all: Json) -> AnyView {
    let items = all.list("items");
    if items.is_empty() {
        return empty("privacy.nobody", None);
    }
    let next = all.str("next").to_owned();
    div("group")
        .child(el("ul").class("rows").children(items.iter().map(|look| {
            let (organisation, at) =
                (look.at("organisation").clone(), wire::moment(look.str("at")));
            let roles = look.texts("roles").join(", ");
            el("li")
                .child(
                    div("row-main")
                        .child(el("strong").child(look.str("what").to_owned()))
                        .child(el("span").child(live_text({
                            let who = look.str("who").to_owned();
                            move || {
                                let around = [roles.clone(), pick_json(&organisation)];
                                let around: Vec<_> =
                                    around.into_iter().filter(|text| !text.is_empty()).collect();
                                format!("{who} · {}", around.join(", "))
                            }
                        })))
                        .child(el("span").class("small soft").child(look.str("why").to_owned())),
                )
                .child(
                    el("span")
                        .class("small soft")
                        .child(live_text(move || at.map(moment).unwrap_or_default())),
                )
        })))
        .child(if next.is_empty() {
            nothing()
        } else {
            let older = Place::from(super::my("privacy")).with("cursor", &next);
            link(older).class("button second").t("inbox.older").done()
        })
        .done()
}

/// Deletion has to be wanted twice, and waits some days in which it can be called off.
fn remove(all: &Json, deletion: Loading<Json>) -> AnyView {
    let asked = !all.is_empty("asked_at");
    let obstacles = all.texts("obstacles");
    let due = moment_at(all, "due_at");
    let grace = all.int("grace_days").unwrap_or_default();
    let sure = RwSignal::new(false);
    let classes = all.list("classes").to_vec();
    let free = obstacles.is_empty();
    div("group")
        .child(
            el("p").child(live_text(move || {
                fill("privacy.deletion_lead", &[("n", &grace.to_string())])
            })),
        )
        .maybe((!obstacles.is_empty()).then(|| {
            div("notice wait")
                .child(el("p").t("privacy.obstacles"))
                .child(el("ul").children(obstacles.into_iter().map(|one| el("li").child(one))))
        }))
        .child(el("details").class("fold").child(el("summary").t("privacy.classes")).child(
            el("ul").class("rows small").children(classes.into_iter().map(|class| {
                let months = class.int("keep_months");
                el("li")
                    .child(
                        div("row-main")
                            .child(class.str("what").to_owned())
                            .child(el("span").class("soft").child(class.str("basis").to_owned())),
                    )
                    .child(el("span").child(live_text(move || match months {
                        Some(n) => crate::text::count("span.months", n),
                        None => t("privacy.at_once").to_owned(),
                    })))
            })),
        ))
        .child(live(move || {
            if asked {
                let due = due.clone();
                return div("notice late")
                    .child(
                        el("p").child(live_text(move || {
                            fill("privacy.deletion_due", &[("at", &due)])
                        })),
                    )
                    .child(ui::button("button", "privacy.call_off", move |_| {
                        ask("DELETE", deletion)
                    }))
                    .done();
            }
            if !free {
                return nothing();
            }
            if !sure.get() {
                return ui::button("button danger", "privacy.delete", move |_| sure.set(true))
                    .done();
            }
            div("notice late")
                .attr("role", "alert")
                .child(el("p").t("privacy.delete_sure"))
                .child(
                    div("buttons")
                        .child(ui::button("button danger", "privacy.delete_yes", move |_| {
                            ask("POST", deletion)
                        }))
                        .child(ui::button("button second", "offline.discard_no", move |_| {
                            sure.set(false)
                        })),
                )
                .done()
        }))
        .done()
}

/// Not through the queue: it is wanted now or not at all.
fn ask(method: &'static str, deletion: Loading<Json>) {
    api::run(async move {
        let mut call = api::call(method, "my/deletion");
        if method == "POST" {
            call = call.body(&json::map([("confirm", true.into())]));
        }
        match call.once(browser::uuid()).json::<Json>().await {
            Ok(now) => deletion.put(now),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}
