//! People with accounts and their roles: grant, end, a new link.

use crate::reactive::{AnyView, RwSignal};
use domain::account::{
    api::{AccountRow, AssignmentRow, Invitation},
    permission::Permission,
};

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text},
    nav::link,
    router::Route,
    state::app,
    text::{day, fill, pick, t, t_of},
    ui::{
        self, errors,
        field::field,
        load::{Loading, empty, load},
        page::page as frame,
        sheet,
        status::tag,
        table::table,
    },
};

mod grant;
pub mod link_shown;
pub mod role_form;

const HEADS: &[&str] = &["account.who", "account.status", "account.roles", "security.what"];

/// What a sheet is about.
#[derive(Clone)]
enum About {
    Nothing,
    Grant(AccountRow),
    End(AssignmentRow),
    Link(String),
}

/// The page.
pub fn page() -> AnyView {
    let all = load::<Vec<AccountRow>>("accounts");
    let (open, about) = (RwSignal::new(false), RwSignal::new(About::Nothing));
    let text = RwSignal::new(String::new());
    let manage = app().may(Permission::AccountManage);
    let new = manage.then(|| link(Route::NewAccount).class("button").t("account.new"));
    let show = move |what: About| {
        about.set(what);
        open.set(true);
    };
    frame("nav.accounts", new)
        .child(
            div("filters")
                .child(field("q", "account.search", errors::errors()).input("search", text)),
        )
        .child(all.view(move |list| {
            live(move || {
                let wanted = browser::lower(&text.get());
                let fits = |row: &&AccountRow| {
                    browser::lower(&row.name).contains(&wanted) || row.login.contains(&wanted)
                };
                let found: Vec<_> = list.iter().filter(fits).cloned().collect();
                if found.is_empty() {
                    return empty("account.none", None);
                }
                let rows = found.into_iter().map(|row| cells(row, manage, show));
                table("nav.accounts", HEADS, rows).done()
            })
        }))
        .child(live(move || {
            let now = about.get();
            let title = match &now {
                About::Grant(_) => "account.grant",
                About::End(_) => "account.end",
                _ => "account.link_title",
            };
            sheet::sheet(open, title, move || body(now.clone(), all))
        }))
        .done()
}

fn body(about: About, all: Loading<Vec<AccountRow>>) -> AnyView {
    match about {
        About::Nothing => crate::dom::nothing(),
        About::Grant(row) => grant::view(&row, all),
        About::End(role) => end(role, all),
        About::Link(link) => link_shown::view(&link),
    }
}

fn cells(row: AccountRow, manage: bool, show: impl Fn(About) + Copy + 'static) -> Vec<AnyView> {
    let (status, for_grant, id) = (row.status.clone(), row.clone(), row.id.clone());
    let class = match status.as_str() {
        "active" => "tag done",
        "invited" => "tag wait",
        _ => "tag late",
    };
    let reissue = row.status == "invited";
    let buttons = div("buttons-more")
        .child(ui::button("button quiet", "account.grant", move |_| {
            show(About::Grant(for_grant.clone()));
        }))
        .maybe(reissue.then(|| {
            ui::button("button quiet", "account.reissue", move |_| {
                let path = format!("accounts/{id}/invitation");
                api::run(async move {
                    let call = api::call("POST", path).once(browser::uuid());
                    match call.json::<Invitation>().await {
                        Ok(new) => show(About::Link(new.link)),
                        Err(problem) => app().say(problem.words(), true),
                    }
                });
            })
        }));
    vec![
        div("cell-title")
            .child(el("strong").child(row.name))
            .child(el("div").class("small soft").child(row.login))
            .done(),
        el("span").class(class).child(live_text(move || t_of("account.status", &status))).done(),
        el("ul")
            .class("roles-list small")
            .children(row.roles.into_iter().map(|one| role(one, manage, show)))
            .done(),
        if manage { buttons.done() } else { crate::dom::nothing() },
    ]
}

fn role(one: AssignmentRow, manage: bool, show: impl Fn(About) + Copy + 'static) -> El {
    let past = one.to_day.is_some_and(|to| to < app().now().day());
    let (what, name, to, for_end) = (one.grant.role, one.name.clone(), one.to_day, one.clone());
    el("li")
        .child(live_text(move || {
            let until = to.map_or_else(String::new, |to| {
                format!(" · {}", fill("account.until", &[("day", &day(to))]))
            });
            format!("{} — {}{until}", t_of("role", what.code()), pick(&name))
        }))
        .child(" ")
        .child(match (past, manage) {
            (true, _) => tag("tag mute", "account.past").done(),
            (false, true) => ui::button("button quiet", "account.end", move |_| {
                show(About::End(for_end.clone()));
            })
            .done(),
            (false, false) => crate::dom::nothing(),
        })
}

fn end(role: AssignmentRow, all: Loading<Vec<AccountRow>>) -> AnyView {
    let (id, what, name) = (role.id, role.grant.role, role.name);
    let act = move |_| {
        let path = format!("roles/{id}");
        api::run(async move {
            match api::call("DELETE", path).once(browser::uuid()).send().await {
                Ok(_) => {
                    sheet::close();
                    app().say(t("account.ended"), false);
                    all.again();
                }
                Err(problem) => app().say(problem.words(), true),
            }
        });
    };
    div("form")
        .child(el("p").child(
            el("strong").child(live_text(move || {
                format!("{} — {}", t_of("role", what.code()), pick(&name))
            })),
        ))
        .child(el("p").t("account.end_text"))
        .child(div("buttons").child(ui::button("button danger", "account.end", act)))
        .done()
}
