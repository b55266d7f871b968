//! An item in sign language: a video a language with a poster and captions. Only candidates who asked for
//! it are sent it.

use kit::{bank::show, form::form};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::{
    api, browser,
    dom::{El, div, el, many},
    json::{self, Json, map},
    reactive::{AnyView, RwSignal},
    state::app,
    text::t,
    ui::{
        self,
        errors::{self, Errors, summary},
        field::field,
        load::{Loading, load},
        page::section,
    },
};

/// The section of an item's page.
pub fn section_of(item: &Json) -> AnyView {
    let id = item.str("id").to_owned();
    let mine = item.flag("mine");
    let all = load::<Json>(format!("bank/items/{id}/sign"));
    section("sign.title")
        .child(el("p").class("small soft").t("sign.about"))
        .child(all.view(move |found| {
            let of = |lang: &'static str| {
                let one = found.list("items").iter().find(|one| one.str("lang") == lang);
                side(&id, lang, one, mine, all)
            };
            div("pair").child(of("kk")).child(of("ru")).done()
        }))
        .done()
}

fn side(id: &str, lang: &'static str, one: Option<&Json>, mine: bool, all: Loading<Json>) -> El {
    let heading = if lang == "kk" { "lang.kk" } else { "lang.ru" };
    let shown = match one {
        Some(one) => player(one, lang).done(),
        None => el("p").class("soft").t("sign.none").done(),
    };
    let whole = div("card").child(el("h3").t(heading)).child(shown);
    if !mine {
        return whole;
    }
    let path = format!("bank/items/{id}/sign/remove");
    whole.child(write(id, lang, all)).maybe(one.map(|_| {
        div("buttons").child(ui::button("button quiet", "sign.remove", move |_| {
            let body = map([("lang", lang.into())]);
            let call = api::call("POST", path.clone()).body(&body).once(browser::uuid());
            api::run(async move {
                match call.send().await {
                    Ok(_) => all.again(),
                    Err(problem) => app().say(problem.words(), true),
                }
            });
        }))
    }))
}

fn player(one: &Json, lang: &str) -> El {
    let made = el("video")
        .attr("controls", "")
        .attr("playsinline", "")
        .attr("preload", "metadata")
        .attr("lang", lang)
        .attr_t("aria-label", "sign.title")
        .attr("src", show::address(one.str("video")));
    match one.str("poster") {
        "" => made,
        poster => made.attr("poster", show::address(poster)),
    }
}

/// Sends a file to the bank and puts its hash into a signal.
fn send(event: &Event, to: RwSignal<String>, errors: Errors) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(file) = input.and_then(|input| input.files()).and_then(|all| all.get(0)) else {
        return;
    };
    api::run(async move {
        match api::call("POST", "bank/media").file(&file).send().await {
            Ok(text) => {
                let said = json::read(&text).unwrap_or_default();
                let _ = to.try_set(said.str("hash").to_owned());
                app().say(t("sign.sent"), false);
            }
            Err(problem) => errors::show(&problem, errors),
        }
    });
}

fn write(id: &str, lang: &'static str, all: Loading<Json>) -> El {
    let form = form(Json::Null);
    let errors = form.errors;
    let (video, poster) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let captions = RwSignal::new(String::new());
    let path = format!("bank/items/{id}/sign");
    let put = move || {
        let body = map([
            ("lang", lang.into()),
            ("video", video.get_untracked().into()),
            ("poster", poster.get_untracked().into()),
            ("captions", captions.get_untracked().into()),
        ]);
        form.ask(api::call("POST", path.clone()).body(&body), move |_| {
            app().say(t("sign.written"), false);
            all.again();
        });
    };
    let file = |name: &str, label: &'static str, accept: &'static str, to: RwSignal<String>| {
        let id = format!("f-{name}-{lang}");
        div("field").child(el("label").attr("for", &id).t(label)).child(
            el("input")
                .attr("type", "file")
                .id(&id)
                .attr("accept", accept)
                .on("change", move |event| send(&event, to, errors)),
        )
    };
    el("details").child(el("summary").t("sign.put")).child(form.element("", put).child(many([
        summary(errors),
        file("video", "sign.video", "video/mp4,video/webm", video).done(),
        file("poster", "sign.poster", "image/png,image/jpeg,image/webp", poster).done(),
        field("captions", "sign.captions", errors).hint("sign.captions_hint").area(captions).done(),
        div("buttons").child(form.submit("sign.write")).done(),
    ])))
}
