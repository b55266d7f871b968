//! The frame around every page: header, navigation by what the person may do, the page itself.

use crate::reactive::{AnyView, RwSignal};
use domain::{
    account::{api::Me, permission::Permission},
    shared::lang::Lang,
};
use wasm_bindgen::JsCast;

use crate::{
    api::{self, directory::Directories},
    browser,
    dom::{div, el, live, live_text, many, nothing},
    kept, nav,
    offline::{self, outbox, store},
    router::{Area, Route},
    state::{app, first_lang},
    text::t,
    ui::{
        load::{Loading, load},
        notices, sheet, waiting,
    },
};

/// One of the cabinets.
#[derive(Clone, Copy)]
pub struct Cabinet {
    /// Which one: its pages are those of this area.
    pub owns: Area,
    /// Draws a page.
    pub draw: fn(Route) -> AnyView,
    /// What is in its navigation, with a sign each: [`own_places`] or [`work_places`]. A cabinet of
    /// one's own things does not carry those of work.
    pub places: fn() -> Vec<(Route, &'static str)>,
    /// What it asks for beside: [`with_directories`] or [`without_directories`].
    pub asks: fn(),
}

/// The first page of the cabinet that is open.
pub fn home() -> Route {
    match app().area {
        area if area.is_mine() => Route::My(String::new()),
        _ => Route::Home,
    }
}

/// Draws the frame, asks who is signed in, draws the page.
pub fn start(cabinet: Cabinet) {
    api::run(async move {
        match crate::text::learn(first_lang()).await {
            Ok(()) => mount(cabinet),
            Err(_) => boot("data-failed"),
        }
    });
}

/// Asks for the directories, from which forms choose: without a connection for those last seen.
pub fn with_directories() {
    let all = load::<Directories>("directories");
    crate::dom::follow(move || {
        if let Some(all) = all.get() {
            app().directories.set(all);
        }
    });
}

/// Asks for nothing: no form chooses from them.
pub fn without_directories() {}

fn mount(cabinet: Cabinet) {
    let Some(root) = browser::document().get_element_by_id("app") else { return };
    let Ok(place) = root.clone().dyn_into() else { return };
    leptos::mount::mount_to(place, move || {
        let me = load::<Me>("me");
        begin(me);
        (cabinet.asks)();
        let _ = root.append_child(&frame(me, cabinet));
    })
    .forget();
    if let Some(boot) = browser::document().get_element_by_id("boot") {
        boot.remove();
    }
}

/// Says in the page of the server why nothing comes.
fn boot(words: &str) {
    if let Some(boot) = browser::document().get_element_by_id("boot-says") {
        boot.set_text_content(boot.get_attribute(words).as_deref());
    }
}

fn begin(me: Loading<Me>) {
    let app = app();
    nav::follow_history();
    offline::view::apply();
    offline::build::keep(app.area);
    browser::listen("online", move |_| {
        app.online.set(true);
        app.sent.update(|n| *n += 1);
        outbox::send_all();
    });
    browser::listen("offline", move |_| app.online.set(false));
    kept::count_unsaved();
    app.say_carried();
    store::hear(move |what| match what.as_str() {
        "send" => outbox::send_all(),
        "queue" | "sent" => api::run(outbox::recount()),
        // Somebody has signed out or in, in another tab: nothing of this page may stay.
        "signed-out" | "person" => {
            browser::leave_to(if app.area.is_mine() { "/app/my/" } else { "/app/" });
        }
        _ => {}
    });
    crate::dom::follow(move || {
        if let Some(root) = browser::document().document_element() {
            let _ = root.set_attribute("lang", app.lang.get().code());
        }
    });
    crate::dom::follow(move || {
        let key = app.place.with(|place| place.route.title_key());
        browser::document().set_title(&format!("{} · Mansap", t(key)));
    });
    crate::dom::follow(move || {
        if let Some(me) = me.get() {
            // Who has no role here is a person with things of their own.
            if me.roles.is_empty() && !app.area.is_mine() {
                browser::leave_to(&Route::My(String::new()).path());
                return;
            }
            app.clock.set(me.now.millis() - browser::now().millis());
            app.me.set(Some((*me).clone()));
            api::run(async move {
                outbox::recount().await;
                app.ready.set(true);
                offline::person_is(&outbox::owner()).await;
                outbox::signed_in().await;
            });
        }
    });
}

fn frame(me: Loading<Me>, cabinet: Cabinet) -> AnyView {
    let route = crate::dom::settled(|| app().place.with(|place| place.route.path_or_unknown()));
    // Whether it is known who this is; that it is said again draws nothing anew.
    let here =
        crate::dom::settled(|| if app().ready.get() { "known".to_owned() } else { String::new() });
    many([
        el("a")
            .class("skip")
            .attr("href", "#page-title")
            .t("shell.skip")
            .on("click", |event| {
                event.prevent_default();
                browser::focus("page-title");
            })
            .done(),
        header(),
        waiting::bar(),
        div("cabinet wrap")
            .child(side(cabinet.places))
            .child(el("main").id("main").child(live(move || match here.get().is_empty() {
                true => me.view(|_| nothing()),
                false => {
                    let route = Route::parse(&route.get());
                    // A page is drawn once: a language or a filter changes its texts, not its forms.
                    crate::dom::quietly(|| (cabinet.draw)(route.clone()))
                }
            })))
            .done(),
        footer(),
        notices::notices(),
    ])
}

fn header() -> AnyView {
    let leaving = RwSignal::new(false);
    // Who has just come has no name yet, and a link needs words.
    let who = live_text(|| {
        let name = app().me.with(|me| me.as_ref().map(|me| me.name.trim().to_owned()));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| t("nav.security").to_owned())
    });
    el("header")
        .class("header")
        .child(
            div("wrap")
                .child(nav::link(home()).class("brand").child("Mansap"))
                .child(el("span").class("area").t("app.area"))
                .child(el("nav").class("langs").attr_t("aria-label", "shell.langs").children(
                    [(Lang::Kk, "Қаз"), (Lang::Ru, "Рус"), (Lang::En, "Eng")].map(
                        |(lang, name)| {
                            el("a")
                                .attr("href", "#")
                                .attr("lang", lang.code())
                                .attr("hreflang", lang.code())
                                .attr_live("aria-current", move || {
                                    (app().lang.get() == lang).then(|| "true".into())
                                })
                                .child(name)
                                .on("click", move |event| {
                                    event.prevent_default();
                                    app().speak(lang);
                                })
                        },
                    ),
                ))
                .child(div("who").child(nav::link(Route::Security).class("name").child(who)).child(
                    crate::ui::button("button quiet", "shell.sign_out", move |_| {
                        sign_out(leaving);
                    }),
                ))
                .child(offline::view::button())
                .child(sign_out_sheet(leaving)),
        )
        .child(div("ornament").attr("aria-hidden", "true"))
        .done()
}

/// What everybody may need on any screen. The page for writing to the desk opens beside this one:
/// what is typed here stays.
fn footer() -> AnyView {
    let at = |rest: &'static str| move || format!("/{}/{rest}", app().lang.get().code());
    let (feedback, help) = (at("feedback"), at("help"));
    let feedback = move || {
        // The path without the query: names that were searched for stay here.
        let screen = app().place.with(|place| place.route.path());
        Some(format!("{}?from={}", feedback(), crate::router::encode(&screen)))
    };
    let beside = |key: &'static str| {
        let link = el("a").attr("target", "_blank").attr("rel", "noopener").t(key);
        link.child(el("span").class("vh").child(" ").t("shell.beside"))
    };
    el("footer")
        .class("footer")
        .child(
            div("wrap").child(
                el("ul")
                    .child(el("li").child(beside("shell.feedback").attr_live("href", feedback)))
                    .child(
                        el("li")
                            .child(beside("shell.help").attr_live("href", move || Some(help()))),
                    ),
            ),
        )
        .done()
}

/// Signs out. What has not been sent is said first: it would be gone.
fn sign_out(asked: RwSignal<bool>) {
    if app().waiting.with_untracked(|all| !all.is_empty()) {
        asked.set(true);
    } else {
        leave();
    }
}

fn leave() {
    api::run(async {
        let sent = api::call("POST", "sign-out").once(browser::uuid()).answer().await;
        match sent.0 {
            200..300 | 401 => {
                offline::leave().await;
                browser::leave_to(&format!("/{}/", app().lang.get_untracked().code()));
            }
            // The session would go on: it has to be ended where it is known.
            status => app().say(api::Problem::read(status, &sent.1).words(), true),
        }
    });
}

fn sign_out_sheet(asked: RwSignal<bool>) -> AnyView {
    sheet::sheet(asked, "leave.title", || {
        div("waits")
            .child(el("p").t("leave.text"))
            .child(
                div("buttons")
                    .child(crate::ui::button("button", "offline.send", |_| outbox::send_all()))
                    .child(crate::ui::button("button danger", "leave.yes", |_| leave())),
            )
            .child(waiting::list())
            .done()
    })
}

/// What is in the navigation of those who work here, and what a person must be allowed for it.
fn of_work() -> [(Route, &'static str, Option<Permission>); 19] {
    [
        (Route::Home, "⌂", None),
        (Route::Vacancies, "▤", Some(Permission::VacancyRead)),
        (Route::Applications, "✉", Some(Permission::ApplicationRead)),
        (Route::Templates, "❏", Some(Permission::VacancyEdit)),
        (Route::Import, "⇪", Some(Permission::VacancyImport)),
        (Route::Desk, "☏", Some(Permission::TicketProcess)),
        (Route::Messages(String::new()), "➤", Some(Permission::MessageManage)),
        (Route::Directories(String::new()), "☷", Some(Permission::DirectoryEdit)),
        (Route::Bank(String::new()), "▦", Some(Permission::ItemRead)),
        // One door for all who have to do with tests.
        (testing(), "◷", Some(Permission::TestManage)),
        (testing(), "◷", Some(Permission::TestWatch)),
        (testing(), "◷", Some(Permission::TestAppeal)),
        (testing(), "◷", Some(Permission::ItemGuard)),
        (testing(), "◷", Some(Permission::ItemCalibrate)),
        (Route::Organisations, "⌗", Some(Permission::OrganisationEdit)),
        (Route::Accounts, "☺", Some(Permission::AccountRead)),
        (Route::Permissions, "✓", Some(Permission::PermissionRead)),
        (Route::Journal, "≡", Some(Permission::JournalRead)),
        (Route::Security, "⚿", None),
    ]
}

fn testing() -> Route {
    Route::Testing(String::new())
}

/// What is in the navigation of one's own things.
pub fn own_places() -> Vec<(Route, &'static str)> {
    [
        ("", "⌂"),
        ("applications", "▤"),
        ("profile", "☺"),
        ("tests", "✓"),
        ("saved", "☆"),
        ("inbox", "✉"),
        ("privacy", "◐"),
        ("security", "⚿"),
        ("feedback", "✎"),
    ]
    .map(|(rest, sign)| (Route::My(rest.to_owned()), sign))
    .into()
}

/// What is in the navigation of this person's work.
pub fn work_places() -> Vec<(Route, &'static str)> {
    let allowed =
        of_work().into_iter().filter(|(_, _, need)| need.is_none_or(|need| app().may(need)));
    let mut all: Vec<(Route, &'static str)> = Vec::new();
    for (route, sign, _) in allowed {
        if all.last().is_none_or(|(last, _)| *last != route) {
            all.push((route, sign));
        }
    }
    all
}

fn side(places: fn() -> Vec<(Route, &'static str)>) -> AnyView {
    let area = |route: &Route| match route {
        Route::Vacancy(_) | Route::Edit(..) | Route::NewVacancy => Route::Vacancies,
        Route::Application(_) | Route::Records(_) => Route::Applications,
        Route::Organisation(_) => Route::Organisations,
        Route::NewAccount => Route::Accounts,
        Route::Ticket(_) => Route::Desk,
        Route::Messages(_) => Route::Messages(String::new()),
        Route::Directories(_) => Route::Directories(String::new()),
        Route::Bank(_) => Route::Bank(String::new()),
        Route::Testing(_) => testing(),
        Route::My(rest) => match rest.split('/').next().unwrap_or_default() {
            "apply" => Route::My("applications".to_owned()),
            first => Route::My(first.to_owned()),
        },
        other => other.clone(),
    };
    let here =
        crate::dom::settled(move || app().place.with(|place| area(&place.route).path_or_unknown()));
    el("nav")
        .class("side-nav")
        .attr_t("aria-label", "shell.nav")
        .child(live(move || {
            el("ul")
                .children(places().into_iter().map(|(route, sign)| {
                    let this = route.path();
                    el("li").child(
                        nav::link(route.clone())
                            .attr_live("aria-current", move || {
                                (here.get() == this).then(|| "page".into())
                            })
                            .child(el("span").class("sign").attr("aria-hidden", "true").child(sign))
                            .child(el("span").t(route.title_key())),
                    )
                }))
                .done()
        }))
        .done()
}
