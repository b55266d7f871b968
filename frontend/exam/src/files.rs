//! Pictures and videos of tasks. They come sealed, as the tasks do, are kept on the device, and open
//! with the key of their block: what is on the screen needs no line.

use std::cell::{Cell, RefCell};

use domain::exam::seal;
use js_sys::Uint8Array;
use kit::{
    api::run,
    dom::{AnyView, El, el, live},
    json::Json,
};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    line::{page, whose},
    store,
    text::t,
};

/// A file of a block that is open.
struct Known {
    hash: String,
    n: u32,
    key: [u8; 32],
    state: State,
}

#[derive(Clone, PartialEq)]
enum State {
    /// Nobody has asked for it.
    Closed,
    /// It is on its way.
    Comes,
    /// It could not be had.
    Missing,
    /// Its address within the page.
    Open(String),
}

/// In the place of an address.
const MISSING: &str = "!";

thread_local! {
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
    static FETCHING: Cell<bool> = const { Cell::new(false) };
}

/// A task was opened: its files can be opened too.
pub fn learn(task: &Json, key: &[u8; 32]) {
    KNOWN.with_borrow_mut(|known| {
        for pair in task.list("files") {
            let Json::List(pair) = pair else { continue };
            let [hash, Json::Number(n)] = pair.as_slice() else { continue };
            let Ok(n) = n.parse() else { continue };
            if !known.iter().any(|one| one.n == n) {
                let hash = hash.text().to_owned();
                known.push(Known { hash, n, key: *key, state: State::Closed });
            }
        }
    });
}

/// Fetches what is not on the device yet, one after another: the line is not theirs alone.
pub fn prefetch(all: u32) {
    if all == 0 || FETCHING.replace(true) {
        return;
    }
    run(async move {
        let (attempt, token) = whose();
        let mut here = 0;
        for n in 0..all {
            let kept = store::done(&store::has_file(&attempt, n).await);
            if kept || store::done(&store::fetch_file(&attempt, &token, n).await) {
                here += 1;
                page().files_here.set(here);
            }
        }
        FETCHING.set(false);
        // What could not be had before can be now.
        KNOWN.with_borrow_mut(|known| {
            for one in known.iter_mut().filter(|one| one.state == State::Missing) {
                one.state = State::Closed;
            }
        });
        page().files.update(|rev| *rev += 1);
    });
}

/// The address of a file; whoever draws follows it.
fn address(hash: &str) -> State {
    page().files.get();
    let found = KNOWN.with_borrow(|known| {
        known.iter().find(|one| one.hash == hash).map(|one| (one.n, one.key, one.state.clone()))
    });
    match found {
        Some((n, key, State::Closed)) => {
            put(n, State::Comes);
            run(async move {
                put(n, bring(n, &key).await.map_or(State::Missing, State::Open));
                page().files.update(|rev| *rev += 1);
            });
            State::Comes
        }
        Some((_, _, state)) => state,
        None => State::Missing,
    }
}

fn put(n: u32, state: State) {
    KNOWN.with_borrow_mut(|known| {
        if let Some(one) = known.iter_mut().find(|one| one.n == n) {
            one.state = state;
        }
    });
}

async fn bring(n: u32, key: &[u8; 32]) -> Option<String> {
    let (attempt, token) = whose();
    if !store::done(&store::has_file(&attempt, n).await) {
        store::fetch_file(&attempt, &token, n).await;
    }
    let sealed: JsValue = store::recall_file(&attempt, n).await;
    let sealed: Uint8Array = sealed.dyn_into().ok()?;
    let bytes = seal::open_file(key, &attempt, u16::try_from(n).ok()?, &sealed.to_vec())?;
    let kind = kind_of(&bytes)?;
    Some(store::address_of(&Uint8Array::from(bytes.as_slice()), kind))
}

/// What the bytes are, by how they begin: nothing else is shown.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let at = |place: usize, sign: &[u8]| bytes.get(place..).is_some_and(|b| b.starts_with(sign));
    [
        (0, &b"\x89PNG"[..], "image/png"),
        (0, b"\xff\xd8\xff", "image/jpeg"),
        (0, b"GIF8", "image/gif"),
        (8, b"WEBP", "image/webp"),
        (4, b"ftyp", "video/mp4"),
        (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    ]
    .into_iter()
    .find(|(place, sign, _)| at(*place, sign))
    .map(|(_, _, kind)| kind)
}

/// Draws with the address of a file once it is here; before that, words about it.
pub fn with(hash: &str, alt: &str, draw: impl Fn(&str) -> El + 'static) -> AnyView {
    let (hash, alt) = (hash.to_owned(), alt.to_owned());
    let asked = hash.clone();
    // Another picture that has come is no reason to draw this one anew.
    let state = kit::reactive::settled(move || match address(&asked) {
        State::Open(address) => address,
        State::Missing => MISSING.to_owned(),
        _ => String::new(),
    });
    live(move || match state.get().as_str() {
        "" => el("span").class("no-file").child(said("file.comes", &alt)).done(),
        MISSING => {
            let again = hash.clone();
            el("span")
                .class("no-file")
                .child(el("span").child(said("file.missing", &alt)))
                .child(
                    el("button")
                        .class("button second")
                        .attr("type", "button")
                        .t("file.again")
                        .on("click", move |_| retry(&again)),
                )
                .done()
        }
        address => kit::dom::quietly(|| draw(address).done()),
    })
}

fn said(key: &'static str, alt: &str) -> String {
    if alt.is_empty() { t(key).to_owned() } else { format!("{} ({alt})", t(key)) }
}

fn retry(hash: &str) {
    KNOWN.with_borrow_mut(|known| {
        if let Some(one) = known.iter_mut().find(|one| one.hash == hash) {
            one.state = State::Closed;
        }
    });
    page().files.update(|rev| *rev += 1);
}

/// An image of a task.
pub fn image(image: &Json) -> AnyView {
    let alt = image.str("alt").to_owned();
    let sizes = ["width", "height"].map(|name| (name, image.int(name).unwrap_or(0)));
    with(image.str("hash"), image.str("alt"), move |address| {
        let made = el("img").class("picture").attr("src", address).attr("alt", &alt);
        sizes
            .iter()
            .filter(|(_, n)| *n > 0)
            .fold(made, |made, (name, n)| made.attr(name, n.to_string()))
    })
}

/// The task in sign language, for whoever was put down for it. Nobody else is sent the video.
pub fn sign(sign: &Json, lang: &str) -> AnyView {
    let video = sign.str("video").to_owned();
    if video.is_empty() {
        return kit::dom::nothing();
    }
    let (poster, captions) = (sign.str("poster").to_owned(), sign.str("captions").to_owned());
    let lang = lang.to_owned();
    let first = kit::reactive::settled(move || match poster.is_empty() {
        true => String::new(),
        false => match address(&poster) {
            State::Open(address) => address,
            _ => String::new(),
        },
    });
    let shown = with(&video, "", move |address| {
        let made = el("video")
            .attr("controls", "")
            .attr("playsinline", "")
            .attr("preload", "metadata")
            .attr("src", address)
            .attr_t("aria-label", "sign.video")
            .attr_live("poster", move || Some(first.get()).filter(|one| !one.is_empty()));
        if captions.is_empty() {
            return made;
        }
        let bytes = Uint8Array::from(captions.as_bytes());
        made.child(
            el("track")
                .attr("kind", "captions")
                .attr("srclang", &lang)
                .attr("src", store::address_of(&bytes, "text/vtt"))
                .attr_t("label", "sign.captions")
                .attr("default", ""),
        )
    });
    el("section").class("sign").child(el("h2").t("sign.title")).child(shown).done()
}
