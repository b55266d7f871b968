//! The card of an organisation: languages, contacts, texts, the point on the map.

use crate::reactive::{AnyView, RwSignal};
use domain::organisation::{CabinetOrganisation, Card};

use crate::{
    api::{self, Attempt},
    browser,
    dom::{div, el, live_text},
    router::Route,
    state::app,
    text::{pick, t},
    ui::{
        errors::{self, Errors, summary},
        field::{Bind, Both, Options, field, from_directory},
        load::load,
        page::{facts, page_with, section},
    },
};
use std::rc::Rc;

/// The page.
pub fn page(id: String) -> AnyView {
    load::<CabinetOrganisation>(format!("organisations/{id}")).view(form)
}

fn form(card: CabinetOrganisation) -> AnyView {
    let whole = RwSignal::new(card.card.clone());
    let version = RwSignal::new(card.version);
    let (id, editable) = (card.id.clone(), card.editable);
    let wrong = errors::errors();
    let busy = RwSignal::new(false);
    let attempt = RwSignal::new(Attempt::default());
    let name = card.card.name.clone();
    let save = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (body, id) = (whole.get_untracked(), id.clone());
        api::run(async move {
            let call = api::call("PUT", format!("organisations/{id}"));
            let call = call.seen(version.get_untracked()).body(&body);
            let call = attempt.with_untracked(|attempt| call.tried(attempt));
            let answer = call.json::<CabinetOrganisation>().await;
            let _ = busy.try_set(false);
            match answer {
                Ok(newer) => {
                    wrong.set(Vec::new());
                    version.set(newer.version);
                    whole.set(newer.card);
                    app().say(t("form.saved"), false);
                }
                Err(problem) => errors::show(&problem, wrong),
            }
        });
    };
    let kind = card.kind.clone();
    page_with(move || pick(&name), Some(Route::Organisations), None)
        .child(facts([
            ("organisation.bin", el("span").class("num").child(card.bin.clone()).done()),
            ("organisation.type", live_text(move || app().name_of("organisation_type", &kind))),
        ]))
        .child(summary(wrong))
        .child(
            el("form")
                .class("step")
                .attr("novalidate", "")
                .on("submit", save)
                .child(contacts(whole, wrong))
                .child(texts(whole, wrong))
                .child(
                    div("buttons").child(
                        el("button")
                            .attr("type", "submit")
                            .class("button")
                            .flag("disabled", move || busy.get() || !editable)
                            .t("form.save"),
                    ),
                ),
        )
        .done()
}

fn contacts(whole: RwSignal<Card>, wrong: Errors) -> AnyView {
    let languages: Options =
        Rc::new(|| from_directory("language_of_instruction")().into_iter().skip(1).collect());
    div("contacts")
        .child(section("organisation.languages").child(
            field("languages", "organisation.languages", wrong).checks(
                languages,
                move |code| whole.with(|card| card.languages.iter().any(|one| one == code)),
                move |code| {
                    whole.update(|card| {
                        if card.languages.contains(&code) {
                            card.languages.retain(|one| *one != code);
                        } else {
                            card.languages.push(code);
                        }
                    });
                },
            ),
        ))
        .child(
            section("organisation.contacts").child(
                div("row-fields")
                    .child(field("phone", "organisation.phone", wrong).input(
                        "tel",
                        Bind::of(
                            whole,
                            |card| domain::shared::phone::shown(&card.phone),
                            |card, v| card.phone = v,
                        ),
                    ))
                    .child(field("email", "organisation.email", wrong).input(
                        "email",
                        Bind::of(whole, |card| card.email.clone(), |card, v| card.email = v),
                    ))
                    .child(field("site", "organisation.site", wrong).input(
                        "url",
                        Bind::of(whole, |card| card.site.clone(), |card, v| card.site = v),
                    )),
            ),
        )
        .child(
            section("organisation.point")
                .child(el("p").class("hint").t("organisation.point_hint"))
                .child(
                    div("row-fields")
                        .child(point("lat", "organisation.lat", wrong, whole, |card| &mut card.lat))
                        .child(point("lon", "organisation.lon", wrong, whole, |card| {
                            &mut card.lon
                        })),
                ),
        )
        .done()
}

/// A coordinate, with a comma or a point. The text stays as it is typed.
fn point(
    name: &'static str,
    label: &'static str,
    wrong: Errors,
    whole: RwSignal<Card>,
    part: fn(&mut Card) -> &mut Option<f64>,
) -> crate::dom::El {
    let first = part(&mut whole.get_untracked()).map(browser::number_text).unwrap_or_default();
    let typed = RwSignal::new(first);
    crate::dom::follow(move || {
        let value = coordinate(&typed.get());
        let same = whole.with_untracked(|card| *part(&mut card.clone()) == value);
        if !same {
            whole.update(|card| *part(card) = value);
        }
    });
    field(name, label, wrong).short().input("text", typed)
}

fn coordinate(text: &str) -> Option<f64> {
    browser::number_from(&text.replace(',', "."))
}

fn texts(whole: RwSignal<Card>, wrong: Errors) -> AnyView {
    section("organisation.texts")
        .child(
            Both {
                names: ["address.kk", "address.ru"],
                label: "organisation.address",
                hint: None,
                lines: 1,
                whole,
                part: |card| &mut card.address,
                read: |card| &card.address,
            }
            .view(wrong, None),
        )
        .child(
            Both {
                names: ["about.kk", "about.ru"],
                label: "organisation.about",
                hint: Some("form.optional"),
                lines: 6,
                whole,
                part: |card| &mut card.about,
                read: |card| &card.about,
            }
            .view(wrong, None),
        )
        .done()
}
