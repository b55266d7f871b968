//! The card: names, number, document, address, language, needs.

use crate::{
    dom::{El, div, el},
    form::{Form, codes, form, mirrored, place::place},
    json::Json,
    nav,
    offline::outbox::Write,
    pages::my,
    reactive::AnyView,
    text::t,
    ui::{errors::summary, field::field, load::load, page::page_with},
};

/// The page.
pub fn page() -> AnyView {
    let person = load::<Json>("my/person");
    person.view(draw)
}

fn draw(now: Json) -> AnyView {
    let version = now.int("version");
    let form = form(mirrored("person").unwrap_or_else(|| now.at("card").clone()));
    form.mirror("person");
    let computed = now.texts("computed");
    let place_name = now.at("place").clone();
    page_with(|| t("profile.person").to_owned(), Some(my("profile")), None)
        .child(summary(form.errors))
        .child(
            el("form")
                .class("step")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    save(form, version);
                })
                .child(el("h2").t("card.names"))
                .child(el("p").class("hint").t("person.hint"))
                .child(names(form, ["name.surname", "name.name", "name.patronymic"]))
                .child(fold(
                    "card.names_ru",
                    names(form, ["name_ru.surname", "name_ru.name", "name_ru.patronymic"]),
                ))
                .child(fold(
                    "card.names_latin",
                    names(form, ["name_latin.surname", "name_latin.name", "name_latin.patronymic"]),
                ))
                .child(el("h2").t("card.identity"))
                .child(
                    field("iin", "person.iin", form.errors)
                        .hint("person.iin_hint")
                        .short()
                        .code(form.text("iin")),
                )
                .child(if computed.iter().any(|name| name == "birth_date") {
                    computed_facts(&now)
                } else {
                    div("group").child(form.date("birth_date", "person.birth_date")).child(
                        form.one_of(
                            "sex",
                            "card.sex",
                            codes("choice.sex", &["female", "male"], true),
                        ),
                    )
                })
                .child(document(form))
                .child(el("h2").t("card.address"))
                .child(place(form, "address.kato", place_name))
                .child(form.line("address.text", "contacts.address"))
                .child(el("h2").t("card.more"))
                .child(form.one_of(
                    "lang",
                    "contacts.lang",
                    codes("lang", &["kk", "ru", "en"], false),
                ))
                .child(fold("card.needs", needs(form)))
                .child(div("buttons").child(form.submit("record.save"))),
        )
        .done()
}

fn computed_facts(now: &Json) -> El {
    let (day, sex) = (crate::text::day_at(now, "card.birth_date"), now.str("card.sex").to_owned());
    div("notice").child(el("p").child(crate::dom::live_text(move || {
        format!("{}: {day}. {}", t("person.birth_date"), crate::text::t_of("choice.sex", &sex))
    })))
}

fn names(form: Form, paths: [&'static str; 3]) -> El {
    let labels = ["person.surname", "person.name", "person.patronymic"];
    div("row-fields")
        .children(paths.into_iter().zip(labels).map(|(path, label)| form.line(path, label)))
}

fn fold(key: &'static str, body: El) -> El {
    el("details").class("fold").child(el("summary").t(key)).child(body)
}

fn document(form: Form) -> El {
    let kinds: &[&str] =
        &["identity_card", "passport", "residence_permit", "foreign_passport", "stateless"];
    div("group")
        .child(form.one_of(
            "document.type",
            "card.document",
            codes("choice.document_kind", kinds, true),
        ))
        .child(
            div("row-fields")
                .child(form.line("document.number", "card.document_number"))
                .child(form.line("document.issuer", "card.document_issuer"))
                .child(form.date("document.issued_on", "card.document_issued"))
                .child(form.date("document.valid_to", "card.document_valid")),
        )
}

fn needs(form: Form) -> El {
    let kinds: &[&str] = &["vision", "hearing", "movement", "speech", "other"];
    div("group")
        .child(form.several("needs.codes", "card.needs_codes", codes("choice.needs", kinds, false)))
        .child(form.lines("needs.text", "card.needs_text"))
        .child(form.tick("needs.share", "card.needs_share"))
}

fn save(form: Form, version: Option<i64>) {
    let write = Write {
        method: "PUT",
        path: "my/person".into(),
        object: "person/me".into(),
        body: Some(form.whole.get_untracked()),
        seen: version,
        what: "person",
        name: String::new(),
    };
    form.send(write, |_| nav::go(my("profile")));
}
