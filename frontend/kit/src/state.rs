//! What the whole cabinet shares: signals that live as long as the page.

use std::{cell::OnceCell, rc::Rc};

use crate::reactive::RwSignal;
use domain::{
    account::{api::Me, permission::Permission},
    shared::{lang::Lang, time::Timestamp},
};

use crate::{
    api::{self, directory::Directories},
    browser,
    offline::{files::Chosen, queue::Row},
    router::{Area, Place},
};

/// The shared signals.
#[derive(Clone, Copy)]
pub struct App {
    /// Which cabinet this is.
    pub area: Area,
    /// The language of the interface.
    pub lang: RwSignal<Lang>,
    /// Where we are.
    pub place: RwSignal<Place>,
    /// Who is signed in; empty until the server has said it.
    pub me: RwSignal<Option<Me>>,
    /// Directories.
    pub directories: RwSignal<Rc<Directories>>,
    /// Whether there is a connection.
    pub online: RwSignal<bool>,
    /// Short messages about what was done.
    pub notices: RwSignal<Vec<Notice>>,
    /// Drafts with text that the server does not have yet.
    pub unsaved: RwSignal<usize>,
    /// Whether it is known who is here and what waits on this device: pages are drawn then.
    pub ready: RwSignal<bool>,
    /// Writes that wait on this device.
    pub waiting: RwSignal<Vec<Row>>,
    /// Whether their list is open.
    pub listed: RwSignal<bool>,
    /// Whether they are being sent.
    pub sending: RwSignal<bool>,
    /// Grows when something that waited has been sent: what is shown is asked for anew.
    pub sent: RwSignal<u32>,
    /// Files that were chosen on this page.
    pub files: RwSignal<Vec<Chosen>>,
    /// The last file that has arrived: its name on this device, its identifier.
    pub arrived: RwSignal<Option<(String, String)>>,
    /// What is shown was seen at this moment, because the server cannot be reached.
    pub as_of: RwSignal<Option<Timestamp>>,
    /// A newer version of the app is here.
    pub newer: RwSignal<bool>,
    /// How far the server's clock is ahead of ours, in milliseconds.
    pub clock: RwSignal<i64>,
}

/// A short message about what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Number, to take it away.
    pub id: u32,
    /// What it says.
    pub text: String,
    /// Whether it went wrong.
    pub bad: bool,
}

thread_local! {
    static APP: OnceCell<App> = const { OnceCell::new() };
}

/// The shared signals. The first call is made under the owner that lives for ever.
pub fn app() -> App {
    APP.with(|cell| {
        *cell.get_or_init(|| App {
            area: Place::parse(&browser::address()).route.area().unwrap_or(Area::Staff),
            lang: RwSignal::new(first_lang()),
            place: RwSignal::new(Place::parse(&browser::address())),
            me: RwSignal::new(None),
            directories: RwSignal::new(Rc::default()),
            online: RwSignal::new(browser::is_online()),
            notices: RwSignal::new(Vec::new()),
            unsaved: RwSignal::new(0),
            ready: RwSignal::new(false),
            waiting: RwSignal::new(Vec::new()),
            listed: RwSignal::new(false),
            sending: RwSignal::new(false),
            sent: RwSignal::new(0),
            files: RwSignal::new(Vec::new()),
            arrived: RwSignal::new(None),
            as_of: RwSignal::new(None),
            newer: RwSignal::new(false),
            clock: RwSignal::new(0),
        })
    })
}

/// Under this name the language is kept; the public pages read the same name.
const LANG: &str = "mansap.lang";

/// Under this name stands what is to be said by the next cabinet.
const SAID: &str = "mansap.said";

/// The language to begin in: the one that was chosen, or the page's.
pub fn first_lang() -> Lang {
    browser::kept(LANG)
        .or_else(|| browser::document().document_element()?.get_attribute("lang"))
        .and_then(|code| Lang::parse(&code))
        .unwrap_or_default()
}

impl App {
    /// Changes the language; the form that is open stays as it is.
    pub fn speak(self, lang: Lang) {
        api::run(async move {
            match crate::text::learn(lang).await {
                Ok(()) => {
                    browser::keep(LANG, lang.code());
                    self.lang.set(lang);
                }
                Err(problem) => self.say(problem.words(), true),
            }
        });
    }

    /// Whether the person may do something somewhere.
    pub fn may(self, permission: Permission) -> bool {
        self.me.with(|me| me.as_ref().is_some_and(|me| me.permissions.contains(&permission)))
    }

    /// The server's clock.
    pub fn now(self) -> Timestamp {
        Timestamp::from_millis(browser::now().millis() + self.clock.get_untracked())
    }

    /// Says shortly what was done. It goes away by itself, unless it went wrong.
    pub fn say(self, text: impl Into<String>, bad: bool) {
        let id = self.notices.with_untracked(|all| all.last().map_or(1, |last| last.id + 1));
        let text = text.into();
        self.notices.update(|all| {
            // What is said again is said once.
            all.retain(|one| one.text != text);
            all.push(Notice { id, text, bad });
        });
        if !bad {
            let gone = move || self.notices.update(|all| all.retain(|one| one.id != id));
            browser::after(6000, gone);
        }
    }

    /// Another cabinet is about to open: what has just been said is said there once more.
    pub fn carry(self) {
        let said =
            |all: &Vec<Notice>| all.last().filter(|one| !one.bad).map(|one| one.text.clone());
        if let Some(text) = self.notices.with_untracked(said) {
            browser::keep(SAID, &text);
        }
    }

    /// Says what was carried here from another cabinet.
    pub fn say_carried(self) {
        if let Some(text) = browser::kept(SAID) {
            browser::forget(SAID);
            self.say(text, false);
        }
    }

    /// The name of a code in a directory.
    pub fn name_of(self, directory: &str, code: &str) -> String {
        self.directories.with(|all| {
            all.find(directory, code)
                .map_or_else(|| code.to_owned(), |item| item.name(self.lang.get()).to_owned())
        })
    }
}
