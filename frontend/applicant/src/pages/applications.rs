//! My applications, and the door through which a new one begins.

use super::{my, overview};
use crate::{
    api::{self, wire},
    browser,
    dom::{div, el},
    json::{self, Json},
    nav::{self, link},
    reactive::AnyView,
    state::app,
    text::t,
    ui::{
        load::{empty, load, skeleton},
        page::page_with,
    },
};

/// The page.
pub fn page() -> AnyView {
    let list = load::<Json>("my/applications");
    crate::dom::follow(move || {
        if app().sent.get() > 0 {
            list.again();
        }
    });
    page_with(|| t("nav.my_applications").to_owned(), None, None)
        .child(list.view(|all| {
            if all.list("items").is_empty() {
                let find = el("a")
                    .class("button")
                    .attr_live("href", || {
                        Some(format!("/{}/vacancies", crate::text::lang().code()))
                    })
                    .t("home.find");
                return empty("home.no_applications", Some(find));
            }
            let now = wire::moment(all.str("server_time"));
            div("panel")
                .child(
                    el("ul")
                        .class("rows")
                        .children(all.list("items").iter().map(|one| overview::row(one, now))),
                )
                .done()
        }))
        .done()
}

/// `/app/my/apply/1001` and `/app/my/applications/new?vacancy=…`: opens the draft for a vacancy (by
/// its number or identifier), or the one that is there already.
pub fn begin(vacancy: String) -> AnyView {
    let failed = crate::reactive::RwSignal::new(None::<api::Problem>);
    let start = move |vacancy: String| {
        let body = json::map([("vacancy", vacancy.into())]);
        api::run(async move {
            // Asked twice, the server answers with the draft that is there.
            let call = api::call("POST", "my/applications").body(&body).once(browser::uuid());
            match call.json::<Json>().await {
                Ok(new) => nav::replace(my(format!("applications/{}", new.str("id")))),
                Err(problem) => failed.set(Some(problem)),
            }
        });
    };
    start(vacancy.clone());
    page_with(|| t("apply.title").to_owned(), Some(my("applications")), None)
        .child(crate::dom::live(move || match failed.get() {
            None => skeleton(4),
            Some(problem) => {
                let (again, vacancy) = (start, vacancy.clone());
                let passes = problem.may_pass();
                div("notice late")
                    .attr("role", "alert")
                    .child(el("p").child(problem.words()))
                    .maybe(passes.then(|| {
                        crate::ui::button("button second", "load.again", move |_| {
                            failed.set(None);
                            again(vacancy.clone());
                        })
                    }))
                    .maybe((!passes).then(|| link(my("")).class("button second").t("unknown.home")))
                    .done()
            }
        }))
        .done()
}
