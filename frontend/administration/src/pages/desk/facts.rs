//! What is known about a ticket beside its messages, and what is set there: how bad it is, which
//! ticket it is a part of.

use std::rc::Rc;

use crate::reactive::{AnyView, RwSignal};
use domain::ticket::{
    api::{DeskCommand, TicketView},
    rules::{Severity, State},
};

use super::{reply, send::Desk, severity_tag, shown};
use crate::{
    api::{self, FieldProblem},
    browser,
    dom::{El, div, el, live_text, nothing},
    json::Json,
    state::app,
    text::{fill, moment, t, t_of},
    ui::{
        self,
        errors::summary,
        field::{Bind, Options, field},
        page::{facts, section},
        sheet,
    },
};

/// The column of facts.
pub fn view(desk: Desk, ticket: &Rc<TicketView>) -> El {
    let row = &ticket.row;
    let (topic, created, lang) = (row.topic, row.created_at, ticket.lang.clone());
    let assigned = row.assigned.clone();
    let nobody = move || t("desk.nobody").to_owned();
    let mut known: Vec<(&'static str, AnyView)> = vec![
        ("desk.severity", severity_tag(row.severity).done()),
        ("desk.topic", live_text(move || t_of("desk.topic", topic.code()))),
        (
            "desk.assigned",
            live_text(move || if assigned.is_empty() { nobody() } else { assigned.clone() }),
        ),
        ("desk.written", live_text(move || moment(created))),
        ("desk.lang", live_text(move || t_of("lang", &lang))),
        ("desk.role", role(ticket.role.clone())),
    ];
    if !ticket.screen.is_empty() {
        known.push(("desk.screen", screen(&ticket.screen)));
    }
    if !ticket.device.is_empty() {
        known.push(("desk.device", el("span").child(ticket.device.clone()).done()));
    }
    if let Some(file) = ticket.file.clone() {
        let open = ui::button("button second", "desk.file_open", move |_| download(file.clone()));
        known.push(("desk.file", open.done()));
    }
    if !ticket.article.is_empty() {
        let slug = ticket.article.clone();
        known.push(("desk.article", live_text(move || reply::article_given(&slug))));
    }
    if let Some(score) = ticket.score {
        let words = ticket.score_text.clone();
        let given = move || fill("desk.score_given", &[("n", &score.to_string())]);
        let said = (!words.is_empty()).then(|| div("text small").child(words));
        known.push(("desk.score", div("score").child(live_text(given)).maybe(said).done()));
    }
    div("side").child(section("desk.about").child(facts(known))).child(set(desk, ticket))
}

fn role(codes: String) -> AnyView {
    live_text(move || {
        let names: Vec<String> = codes.split_whitespace().map(|one| t_of("role", one)).collect();
        if names.is_empty() { t("desk.role_none").to_owned() } else { names.join(", ") }
    })
}

/// Whether an address that somebody sent leads to a page of ours and nowhere else.
fn is_ours(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains('\\')
}

fn screen(address: &str) -> AnyView {
    let shown = el("code").child(address.to_owned());
    if !is_ours(address) {
        return shown.done();
    }
    el("a")
        .attr("href", address)
        .attr("target", "_blank")
        .attr("rel", "noopener")
        .child(shown)
        .child(el("span").class("vh").child(" ").t("shell.beside"))
        .done()
}

fn download(file: String) {
    api::run(async move {
        let call = api::call("POST", format!("files/{file}/link")).once(browser::uuid());
        match call.json::<Json>().await {
            // It comes as a file to keep: this page stays.
            Ok(link) => browser::leave_to(link.get("url").map_or("", Json::text)),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

/// Setting how bad it is, and making it a part of another.
fn set(desk: Desk, ticket: &Rc<TicketView>) -> AnyView {
    if ticket.row.state == State::Merged {
        return nothing();
    }
    let chosen = RwSignal::new(ticket.row.severity.code().to_owned());
    let severities: Options = Rc::new(|| {
        let name = |one: &Severity| (one.code().to_owned(), t_of("desk.severity", one.code()));
        Severity::ALL.iter().map(name).collect()
    });
    let (now, for_set) = (ticket.row.severity, Rc::clone(ticket));
    let asked = RwSignal::new(false);
    let ticket = Rc::clone(ticket);
    section("desk.set")
        .child(
            el("form")
                .attr("novalidate", "")
                .on("submit", move |event| {
                    event.prevent_default();
                    let Some(severity) = Severity::parse(&chosen.get_untracked()) else { return };
                    let command = DeskCommand::Severity { severity };
                    desk.send(&for_set, command, "desk.done.severity", || {});
                })
                .child(
                    field("severity", "desk.severity", desk.wrong)
                        .hint("desk.severity_hint")
                        .select(severities, chosen),
                )
                .child(
                    el("button")
                        .attr("type", "submit")
                        .class("button second")
                        .flag("disabled", move || {
                            desk.busy.get() || chosen.with(|code| code == now.code())
                        })
                        .t("desk.severity_set"),
                ),
        )
        .child(div("buttons").child(ui::button("button quiet", "desk.merge", move |_| {
            desk.wrong.set(Vec::new());
            asked.set(true);
        })))
        .child(sheet::sheet(asked, "desk.merge", move || merge(desk, &ticket)))
        .done()
}

fn merge(desk: Desk, ticket: &Rc<TicketView>) -> AnyView {
    let into = RwSignal::new(String::new());
    let own = ticket.row.number;
    let ticket = Rc::clone(ticket);
    let act = move |event: web_sys::Event| {
        event.prevent_default();
        // As it stands everywhere: "T-1002".
        let typed = into.get_untracked();
        let digits = typed.trim().trim_start_matches(['T', 't', 'Т', 'т', '-', '№', ' ']);
        let number = digits.parse::<i64>().ok().filter(|n| *n != own);
        let Some(number) = number else {
            let detail = t("desk.need_number").to_owned();
            desk.wrong.set(vec![FieldProblem { field: "into".into(), detail }]);
            crate::nav::focus_soon("errors");
            return;
        };
        let command = DeskCommand::Merge { into: number };
        desk.send(&ticket, command, "desk.done.merge", sheet::close);
    };
    el("form")
        .attr("novalidate", "")
        .on("submit", act)
        .child(el("p").child(el("strong").child(shown(own))))
        .child(el("p").t("desk.merge_text"))
        .child(summary(desk.wrong))
        .child(
            field("into", "desk.merge_into", desk.wrong)
                .hint("desk.merge_hint")
                .short()
                .code(Bind::from(into)),
        )
        .child(
            div("buttons").child(
                el("button")
                    .attr("type", "submit")
                    .class("button danger")
                    .flag("disabled", move || desk.busy.get())
                    .t("desk.merge_do"),
            ),
        )
        .done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_become_links() {
        for ours in ["/kk/vacancies?q=1", "/app/vacancies/1"] {
            assert!(is_ours(ours), "{ours}");
        }
        for strange in ["//evil.kz/a", "/\\evil.kz", "https://evil.kz", "javascript:alert(1)", ""] {
            assert!(!is_ours(strange), "{strange}");
        }
    }
}
