//! The files of an application: every file is a button, and what is pressed is shown beside the
//! answers. Each look asks for a link of its own, which is in the journal.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Url};

use crate::{
    api, browser,
    dom::{El, div, el, live, live_text, nothing},
    json::Json,
    reactive::{AnyView, RwSignal},
    state::app,
    text::{fill, t_of},
    ui::page::section,
};

/// How a file can be shown beside the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Picture,
    Paper,
    /// Only by opening it.
    Elsewhere,
}

/// The files and the one that is looked at (its identifier).
#[derive(Clone)]
pub struct Desk {
    files: Rc<Vec<Json>>,
    shown: RwSignal<Option<String>>,
    /// What the browser shows: the address of the file, as long as it is looked at.
    address: RwSignal<String>,
}

impl Desk {
    /// The files of an application; none is looked at yet.
    pub fn new(now: &Json) -> Desk {
        Desk {
            files: Rc::new(now.list("files").to_vec()),
            shown: RwSignal::new(None),
            address: RwSignal::new(String::new()),
        }
    }

    fn file(&self, id: &str) -> Json {
        self.files.iter().find(|file| file.str("id") == id).cloned().unwrap_or_default()
    }

    /// Buttons for some files.
    pub fn buttons(&self, ids: &[String]) -> El {
        el("ul").class("plain file-buttons").children(ids.iter().map(|id| {
            let name = name_of(&self.file(id));
            let (chosen, here, desk) = (id.clone(), id.clone(), self.clone());
            let shown = self.shown;
            el("li").child(
                el("button")
                    .attr("type", "button")
                    .class("chip")
                    .attr_live("aria-pressed", move || {
                        Some(shown.with(|now| now.as_deref() == Some(&*here)).to_string())
                    })
                    .child(name)
                    .on("click", move |_| desk.look(&chosen)),
            )
        }))
    }

    fn look(&self, id: &str) {
        let old = self.address.get_untracked();
        if old.starts_with("blob:") {
            let _ = Url::revoke_object_url(old.split('#').next().unwrap_or_default());
        }
        self.address.set(String::new());
        self.shown.set(Some(id.to_owned()));
        // On a narrow screen it is far below the button.
        browser::soon(|| {
            if let Some(viewer) = browser::document().get_element_by_id("viewer") {
                let narrow = browser::window().inner_width().ok().and_then(|width| width.as_f64());
                if narrow.is_some_and(|width| width < NARROW) {
                    viewer.scroll_into_view();
                }
            }
        });
        let way = way_of(&self.file(id));
        if way == Way::Elsewhere {
            return;
        }
        let (path, desk, id) = (format!("files/{id}/link"), self.clone(), id.to_owned());
        api::run(async move {
            let call = api::call("POST", path).once(browser::uuid());
            let url = match call.json::<Json>().await {
                Ok(link) => link.str("url").to_owned(),
                Err(problem) => return app().say(problem.words(), true),
            };
            let address = match way {
                Way::Paper => paper(&url).await.unwrap_or_default(),
                _ => url,
            };
            // Another one may have been chosen meanwhile.
            if desk.shown.try_get_untracked().flatten().as_ref() == Some(&id) {
                let _ = desk.address.try_set(address);
            }
        });
    }

    /// The place beside the answers.
    pub fn viewer(&self) -> AnyView {
        let desk = self.clone();
        section("application.evidence")
            .class("panel viewer")
            .id("viewer")
            .child(live(move || match desk.shown.get() {
                None => el("p").class("soft").t("application.choose_file").done(),
                Some(id) => desk.card(&id),
            }))
            .done()
    }

    fn card(&self, id: &str) -> AnyView {
        let file = self.file(id);
        let (name, state) = (name_of(&file), file.str("state").to_owned());
        let (way, address, title) = (way_of(&file), self.address, name.clone());
        let size = file.int("size").unwrap_or_default();
        let there = !matches!(&*state, "missing" | "infected" | "refused");
        let opened = id.to_owned();
        div("group")
            .child(el("p").child(el("strong").child(name)))
            .child(el("p").class("small soft").child(live_text(move || {
                let state = t_of("file_state", &state);
                match size {
                    0 => state,
                    size => format!("{state} · {}", size_text(size)),
                }
            })))
            .child(live(move || match (way, address.get()) {
                (_, url) if url.is_empty() => nothing(),
                (Way::Picture, url) => el("img").attr("src", url).attr("alt", title.clone()).done(),
                (_, url) => {
                    el("iframe").attr("src", url).attr("title", title.clone()).class("paper").done()
                }
            }))
            .maybe(there.then(|| {
                crate::ui::button("button second", "application.open_file", move |_| open(&opened))
            }))
            .done()
    }
}

/// Below this width, CSS pixels, the viewer stands under the answers.
const NARROW: f64 = 960.0;

fn name_of(file: &Json) -> String {
    match file.str("name") {
        "" => t_of("file_state", "missing"),
        name => name.to_owned(),
    }
}

fn way_of(file: &Json) -> Way {
    match (file.str("state"), file.str("kind")) {
        ("missing" | "infected" | "refused", _) => Way::Elsewhere,
        (_, "jpeg" | "png") => Way::Picture,
        // A browser that cannot show it would save it instead.
        (_, "pdf") if shows_papers() => Way::Paper,
        _ => Way::Elsewhere,
    }
}

fn shows_papers() -> bool {
    let shows = js_sys::Reflect::get(&browser::window().navigator(), &"pdfViewerEnabled".into());
    shows.ok().and_then(|shows| shows.as_bool()).unwrap_or_default()
}

/// The bytes of a PDF under an address that only this page knows. Whatever the file says of
/// itself, it is shown as a PDF and as nothing else.
async fn paper(url: &str) -> Option<String> {
    let asked = JsFuture::from(browser::window().fetch_with_str(url)).await.ok()?;
    let answer: Response = asked.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    let blob: web_sys::Blob = JsFuture::from(answer.blob().ok()?).await.ok()?.dyn_into().ok()?;
    let whole =
        blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), "application/pdf").ok()?;
    // Without the column of small pages: the place beside the answers is narrow.
    Some(format!("{}#navpanes=0&view=FitH", Url::create_object_url_with_blob(&whole).ok()?))
}

/// Opens a file by a link that is good for some minutes, in a tab of its own.
fn open(id: &str) {
    let path = format!("files/{id}/link");
    api::run(async move {
        match api::call("POST", path).once(browser::uuid()).json::<Json>().await {
            Ok(link) => browser::leave_to(link.str("url")),
            Err(problem) => app().say(problem.words(), true),
        }
    });
}

/// A size as people say it.
fn size_text(bytes: i64) -> String {
    match bytes {
        0..1_048_576 => fill("size.kb", &[("n", &(bytes / 1024).max(1).to_string())]),
        _ => fill("size.mb", &[("n", &((bytes + 524_288) / 1_048_576).to_string())]),
    }
}
