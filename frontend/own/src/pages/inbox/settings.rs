//! How a person wants to be told.

use crate::{
    dom::{El, div, el, live_text},
    form::{Form, codes, form},
    json::Json,
    nav,
    offline::outbox::Write,
    pages::my,
    reactive::AnyView,
    text::{key, t, t_of},
    ui::{
        errors::summary,
        load::{Loading, load},
        page::page_with,
    },
};

mod push;

/// The page.
pub fn page() -> AnyView {
    let preferences = load::<Json>("my/preferences");
    preferences.view(move |now| draw(now, preferences))
}

fn draw(now: Json, preferences: Loading<Json>) -> AnyView {
    let browsers = push::browsers(&now, preferences);
    let groups: Vec<String> =
        now.list("groups").iter().map(|group| group.str("group").to_owned()).collect();
    let form = form(now);
    page_with(|| t("inbox.settings").to_owned(), Some(my("inbox")), None)
        .child(summary(form.errors))
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    save(form);
                })
                .child(form.one_of(
                    "lang",
                    "contacts.lang",
                    codes("lang", &["kk", "ru", "en"], false),
                ))
                .child(el("p").class("hint").t("inbox.always"))
                .children(
                    groups
                        .into_iter()
                        .enumerate()
                        .map(move |(at, group)| channels(form, at, group)),
                )
                .child(form.tick("quiet", "inbox.quiet"))
                .child(form.tick("digest", "inbox.digest"))
                .child(form.tick("latin", "inbox.latin"))
                .child(div("buttons").child(form.submit("record.save"))),
        )
        .child(browsers)
        .done()
}

fn channels(form: Form, at: usize, group: String) -> El {
    el("fieldset")
        .class("field channels")
        .child(el("legend").child(live_text(move || t_of("inbox.filter", &group))))
        .child(el("ul").class("checks").children(["email", "sms", "push"].map(move |channel| {
            let turn = move |_| {
                form.whole.update(|all| {
                    if let Some(group) = all.items("groups").get_mut(at) {
                        let now = group.flag(channel);
                        group.put(channel, (!now).into());
                    }
                });
            };
            el("li").child(
                el("label")
                    .child(
                        el("input")
                            .attr("type", "checkbox")
                            .checked(move || {
                                form.whole.with(|all| {
                                    all.list("groups").get(at).is_some_and(|g| g.flag(channel))
                                })
                            })
                            .on("change", turn),
                    )
                    .child(el("span").t(key(format!("channel.{channel}")))),
            )
        })))
}

fn save(form: Form) {
    let write = Write {
        method: "PUT",
        path: "my/preferences".into(),
        object: "preferences/me".into(),
        body: Some(form.whole.get_untracked()),
        what: "preferences",
        ..Write::default()
    };
    form.send(write, |_| nav::go(my("inbox")));
}
