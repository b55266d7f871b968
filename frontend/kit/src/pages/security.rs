//! Where this account is signed in, and how to end that.

use crate::reactive::AnyView;
use domain::account::api::SessionRow;

use crate::{
    api, browser,
    dom::{div, el, live_text},
    nav::link,
    router::Route,
    state::app,
    text::{ago, moment, t},
    ui::{
        self,
        load::{Loading, load},
        page::page as frame,
        status::tag,
        table::table,
    },
};

const HEADS: &[&str] = &["security.device", "security.since", "security.seen", "security.what"];

/// The page.
pub fn page() -> AnyView {
    // Passwords and passkeys are one's own: their page is that of one's own things.
    let own = link(Route::My("security".to_owned())).class("button second").t("security.change");
    frame("nav.security", Some(own)).child(sessions()).done()
}

/// The sessions, for a page that shows more than them.
pub fn sessions() -> AnyView {
    let all = load::<Vec<SessionRow>>("sessions");
    div("sessions")
        .child(el("p").class("soft").t("security.lead"))
        .child(all.view(move |list| {
            table("nav.security", HEADS, list.into_iter().map(|row| cells(row, all))).done()
        }))
        .done()
}

fn cells(row: SessionRow, all: Loading<Vec<SessionRow>>) -> Vec<AnyView> {
    let SessionRow { id, created_at, seen_at, device, current } = row;
    let last = if current {
        tag("tag done", "security.current").done()
    } else {
        ui::button("button quiet", "security.end", move |_| end(id.clone(), all)).done()
    };
    vec![
        div("cell-title").child(device).done(),
        live_text(move || moment(created_at)),
        live_text(move || ago(seen_at, app().now())),
        last,
    ]
}

fn end(id: String, all: Loading<Vec<SessionRow>>) {
    api::run(async move {
        let call = api::call("DELETE", format!("sessions/{id}")).once(browser::uuid());
        match call.send().await {
            Ok(_) => {
                app().say(t("security.ended"), false);
                all.again();
            }
            Err(problem) => app().say(problem.words(), true),
        }
    });
}
