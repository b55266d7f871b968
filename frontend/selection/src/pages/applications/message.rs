//! A message to those who are chosen: from a template, looked at before it goes.

use std::rc::Rc;

use crate::{
    api::{self, Attempt},
    dom::{El, div, el, live, live_text, many, nothing},
    json::{self, Json},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, pick_json, t},
    ui::{
        self,
        errors::{self, Errors, summary},
        field::{Bind, Options, field},
        load::{Loading, load},
        sheet,
    },
};

/// Those who can be written to: all that are shown, but not oneself.
fn shown(list: Loading<Json>) -> Vec<String> {
    let all = list.get();
    let rows = all.as_deref().map(|all| all.list("items")).unwrap_or_default();
    rows.iter().filter(|row| !row.flag("own")).map(|row| row.str("id").to_owned()).collect()
}

/// Chooses all that are shown or nobody; the button, once somebody is chosen, and its sheet.
pub fn button(chosen: RwSignal<Vec<String>>, list: Loading<Json>) -> AnyView {
    let open = RwSignal::new(false);
    div("bulk buttons")
        .child(live(move || {
            let all = shown(list);
            let n = chosen.with(Vec::len);
            if all.is_empty() {
                return nothing();
            }
            let (key, next) = match n < all.len() {
                true => ("applications.choose_all", all),
                false => ("applications.choose_none", Vec::new()),
            };
            let choose = ui::button("button quiet", key, move |_| chosen.set(next.clone()));
            many([
                choose.done(),
                match n {
                    0 => nothing(),
                    n => el("button")
                        .attr("type", "button")
                        .class("button second")
                        .child(live_text(move || {
                            fill("applications.message", &[("n", &n.to_string())])
                        }))
                        .on("click", move |_| open.set(true))
                        .done(),
                },
            ])
        }))
        .child(sheet::sheet(open, "message.title", move || form(chosen)))
        .done()
}

fn text(whole: RwSignal<Json>, path: &'static str) -> Bind {
    Bind::new(
        move || whole.with(|all| all.str(path).to_owned()),
        move |text| whole.update(|all| all.put(path, text.into())),
    )
}

fn form(chosen: RwSignal<Vec<String>>) -> AnyView {
    let empty = || json::map([("kk", "".into()), ("ru", "".into()), ("en", "".into())]);
    let whole = RwSignal::new(json::map([("subject", empty()), ("body", empty())]));
    let wrong = errors::errors();
    let shown = RwSignal::new(None::<Json>);
    let attempt: Rc<Attempt> = Rc::default();
    let templates = load::<Json>("applications/templates");
    let template = RwSignal::new(String::new());
    crate::dom::follow(move || {
        let code = template.get();
        let Some(all) = templates.get() else { return };
        let Json::List(all) = &*all else { return };
        if let Some(one) = all.iter().find(|one| one.str("code") == code) {
            // Only what the clerk sees and can change goes out: readers of English get the Russian.
            let mut next = json::map([
                ("subject", one.at("subject").clone()),
                ("body", one.at("body").clone()),
            ]);
            next.put("subject.en", "".into());
            next.put("body.en", "".into());
            whole.set(next);
        }
    });
    // What is changed has to be looked at again.
    crate::dom::follow(move || {
        whole.with(|_| ());
        shown.set(None);
    });
    let options: Options = Rc::new(move || {
        let first = (String::new(), t("form.choose").to_owned());
        let all = templates.get();
        let list = match all.as_deref() {
            Some(Json::List(list)) => list.clone(),
            _ => Vec::new(),
        };
        let rest = list.iter().map(|one| (one.str("code").to_owned(), pick_json(one.at("name"))));
        std::iter::once(first).chain(rest).collect()
    });
    let sends = Rc::clone(&attempt);
    div("message")
        .child(summary(wrong))
        .child(field("template", "message.template", wrong).select(options, template))
        .child(el("p").class("hint").t("message.hint"))
        .children(["kk", "ru"].map(|lang| side(whole, wrong, lang)))
        .child(div("buttons").child(ui::button("button second", "message.preview", move |_| {
            send(whole, chosen, true, wrong, shown, Rc::clone(&attempt));
        })))
        .child(live(move || match shown.get() {
            None => nothing(),
            Some(answer) => preview(&answer, {
                let sends = Rc::clone(&sends);
                move || send(whole, chosen, false, wrong, shown, Rc::clone(&sends))
            }),
        }))
        .done()
}

fn side(whole: RwSignal<Json>, wrong: Errors, lang: &'static str) -> El {
    let (subject, body, key) = match lang {
        "kk" => ("subject.kk", "body.kk", "lang.kk"),
        _ => ("subject.ru", "body.ru", "lang.ru"),
    };
    el("fieldset")
        .child(el("legend").class("label").t(key))
        .child(field(subject, "message.subject", wrong).input("text", text(whole, subject)))
        .child(field(body, "message.body", wrong).area(text(whole, body)))
}

fn preview(answer: &Json, go: impl Fn() + 'static) -> AnyView {
    let n = answer.int("recipients").unwrap_or_default();
    let skipped = answer.list("skipped").to_vec();
    div("group")
        .attr("role", "status")
        .child(el("ul").class("cards").children(answer.list("samples").iter().map(|one| {
            let card = div("card")
                .child(el("p").class("small soft").child(one.str("name").to_owned()))
                .child(el("h3").attr("lang", one.str("lang")).child(one.str("subject").to_owned()))
                .child(
                    el("p")
                        .class("text")
                        .attr("lang", one.str("lang"))
                        .child(one.str("body").to_owned()),
                );
            el("li").child(card)
        })))
        .maybe((!skipped.is_empty()).then(|| {
            div("notice wait").child(el("p").t("message.skipped")).child(el("ul").children(
                skipped.into_iter().map(|pair| match pair {
                    Json::List(two) => {
                        let why = two.get(1).map(|why| why.text().to_owned()).unwrap_or_default();
                        el("li").child(why)
                    }
                    _ => el("li"),
                }),
            ))
        }))
        .maybe((n > 0).then(|| {
            el("button")
                .attr("type", "button")
                .class("button")
                .child(live_text(move || fill("message.send", &[("n", &n.to_string())])))
                .on("click", move |_| go())
        }))
        .done()
}

fn send(
    whole: RwSignal<Json>,
    chosen: RwSignal<Vec<String>>,
    only_preview: bool,
    wrong: Errors,
    shown: RwSignal<Option<Json>>,
    attempt: Rc<Attempt>,
) {
    let mut body = whole.get_untracked();
    body.put("applications", chosen.get_untracked().into());
    body.put("preview", only_preview.into());
    api::run(async move {
        let call = api::call("POST", "applications/messages").body(&body).tried(&attempt);
        match call.json::<Json>().await {
            Ok(answer) if only_preview => {
                wrong.set(Vec::new());
                let _ = shown.try_set(Some(answer));
            }
            Ok(_) => {
                attempt.done();
                sheet::close();
                chosen.set(Vec::new());
                app().say(t("message.sent"), false);
            }
            Err(problem) => errors::show(&problem, wrong),
        }
    });
}
