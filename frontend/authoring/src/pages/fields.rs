//! The controls of the editor: a text in both languages, what is put into it with a button.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlTextAreaElement};

use crate::{
    api, browser,
    dom::{El, div, el, live_text, many, nothing},
    form::Form,
    json::{self, Json, map},
    reactive::{AnyView, RwSignal},
    state::app,
    text::{key, t},
    ui::{self, errors, field::what_is_wrong},
};

/// What the palette puts in: what is seen on the button, what is typed, its name for readers.
const SNIPPETS: [(&str, &str, &str); 13] = [
    ("B", "**…**", "bank.put_strong"),
    ("I", "__…__", "bank.put_em"),
    ("x²", "^{2}", "bank.put_sup"),
    ("x₂", "_{2}", "bank.put_sub"),
    ("ƒ", "$…$", "bank.put_formula"),
    ("a/b", "$\\frac{a}{b}$", "bank.put_fraction"),
    ("√", "$\\sqrt{x}$", "bank.put_root"),
    ("×", "$\\times $", "bank.put_times"),
    ("≤", "$\\le $", "bank.put_le"),
    ("≥", "$\\ge $", "bank.put_ge"),
    ("≠", "$\\ne $", "bank.put_ne"),
    ("π", "$\\pi $", "bank.put_pi"),
    ("•", "\n- ", "bank.put_list"),
];

/// The editor: the form, and the field that was typed into last.
#[derive(Clone, Copy)]
pub struct Editor {
    /// The form.
    pub form: Form,
    /// The field that buttons put into.
    pub last: RwSignal<String>,
}

impl Editor {
    /// Reads a part of the state.
    pub fn read<R>(self, look: impl FnOnce(&Json) -> R) -> R {
        self.form.whole.with(look)
    }

    /// Changes the state.
    pub fn change(self, act: impl FnOnce(&mut Json)) {
        self.form.whole.update(act);
    }

    /// A text at a path in a language, as a field of several lines.
    pub fn area(self, at: At, lang: &'static str, label: &'static str, rows: u32) -> El {
        let id = at.id(lang);
        let (focused, shown, typed) = (id.clone(), at.clone(), at);
        let last = self.last;
        let problems = match &typed {
            At::Path(path) => what_is_wrong(key(format!("{lang}.{path}")), self.form.errors),
            _ => nothing(),
        };
        div("field")
            .child(
                el("label")
                    .attr("for", &id)
                    .child(el("span").class("vh").t(label))
                    .child(live_text(move || format!(" {}", t(key(format!("lang.{lang}")))))),
            )
            .child(problems)
            .child(
                el("textarea")
                    .id(&id)
                    .attr("rows", rows.to_string())
                    .attr("lang", lang)
                    .attr("spellcheck", "true")
                    .value(move || self.read(|all| shown.look(all).str(lang).to_owned()))
                    .on("focus", move |_| last.set(focused.clone()))
                    .on("input", move |event| {
                        let text = browser::value_of(&event);
                        self.change(|all| typed.act(all, |one| one.put(lang, text.into())));
                    }),
            )
    }

    /// Both languages beside each other.
    pub fn pair(self, at: &At, label: &'static str, rows: u32) -> El {
        let sides = crate::model::LANGS.map(|lang| self.area(at.clone(), lang, label, rows));
        div("pair").children(sides)
    }

    /// One line at a path of the state.
    pub fn line(self, at: At, name: &'static str, label: &'static str) -> El {
        let id = format!("{}-{name}", at.id(""));
        let (shown, typed) = (at.clone(), at);
        div("field short").child(el("label").attr("for", &id).t(label)).child(
            el("input")
                .id(&id)
                .attr("type", "text")
                .attr("autocomplete", "off")
                .value(move || self.read(|all| text_of(shown.look(all).at(name))))
                .on("input", move |event| {
                    let text = browser::value_of(&event);
                    self.change(|all| typed.act(all, |one| one.put(name, text.into())));
                }),
        )
    }

    /// A box to tick, at a path of the state.
    pub fn tick(self, at: At, name: &'static str, label: &'static str) -> El {
        let (shown, turned) = (at.clone(), at);
        el("label")
            .class("tick")
            .child(
                el("input")
                    .attr("type", "checkbox")
                    .checked(move || self.read(|all| shown.look(all).flag(name)))
                    .on("change", move |_| {
                        self.change(|all| {
                            turned.act(all, |one| one.put(name, (!one.flag(name)).into()));
                        });
                    }),
            )
            .child(el("span").t(label))
    }

    /// How many things are in a list, followed.
    pub fn count(self, list: &'static str) -> usize {
        self.read(|all| all.list(list).len())
    }

    /// Takes a thing out of a list.
    pub fn remove(self, list: &'static str, at: usize) {
        self.change(|all| {
            let items = all.items(list);
            if at < items.len() {
                items.remove(at);
            }
        });
    }

    /// Moves a thing of a list by one.
    pub fn shift(self, list: &'static str, at: usize, down: bool) {
        self.change(|all| {
            let items = all.items(list);
            let to = if down { at + 1 } else { at.wrapping_sub(1) };
            if at < items.len() && to < items.len() {
                items.swap(at, to);
            }
        });
    }
}

/// A number that is typed or comes from the server, as text.
pub fn text_of(value: &Json) -> String {
    match value {
        Json::Number(digits) => digits.clone(),
        other => other.text().to_owned(),
    }
}

/// A place in the state: a path, or the n-th thing of a list.
#[derive(Clone)]
pub enum At {
    /// A path.
    Path(&'static str),
    /// A thing of a list.
    Item(&'static str, usize),
    /// A thing of a list within a thing of a list.
    Inner(&'static str, usize, &'static str, usize),
}

static NONE: Json = Json::Null;

impl At {
    fn id(&self, lang: &str) -> String {
        match self {
            At::Path(path) => format!("f-{lang}.{path}"),
            At::Item(list, at) => format!("f-{list}-{at}-{lang}"),
            At::Inner(list, at, inner, n) => format!("f-{list}-{at}-{inner}-{n}-{lang}"),
        }
    }

    /// What is there.
    pub fn look<'a>(&self, all: &'a Json) -> &'a Json {
        match self {
            At::Path("") => all,
            At::Path(path) => all.at(path),
            At::Item(list, at) => all.list(list).get(*at).unwrap_or(&NONE),
            At::Inner(list, at, inner, n) => {
                let outer = all.list(list).get(*at).unwrap_or(&NONE);
                outer.list(inner).get(*n).unwrap_or(&NONE)
            }
        }
    }

    /// Changes what is there.
    pub fn act(&self, all: &mut Json, act: impl FnOnce(&mut Json)) {
        match self {
            At::Path("") => act(all),
            At::Path(path) => {
                let mut value = all.at(path).clone();
                act(&mut value);
                all.put(path, value);
            }
            At::Item(list, at) => {
                if let Some(one) = all.items(list).get_mut(*at) {
                    act(one);
                }
            }
            At::Inner(list, at, inner, n) => {
                let outer = all.items(list).get_mut(*at);
                if let Some(one) = outer.and_then(|outer| outer.items(inner).get_mut(*n)) {
                    act(one);
                }
            }
        }
    }
}

/// Buttons that put something into the field that was typed into last.
pub fn palette(editor: Editor) -> El {
    let last = editor.last;
    let buttons = SNIPPETS.map(|(sign, text, name)| {
        el("button")
            .attr("type", "button")
            .class("chip")
            .attr_t("title", name)
            .child(sign)
            .child(el("span").class("vh").child(" ").t(name))
            .on("click", move |_| insert(&last.get_untracked(), text))
    });
    let gap = el("button")
        .attr("type", "button")
        .class("chip")
        .child("[[…]]")
        .child(el("span").class("vh").child(" ").t("bank.put_gap"))
        .attr_t("title", "bank.put_gap")
        .on("click", move |_| insert(&last.get_untracked(), "[[g1]]"));
    div("palette")
        .attr("role", "toolbar")
        .attr_t("aria-label", "bank.palette")
        .children(buttons)
        .child(gap)
        .child(upload(editor))
        .child(
            el("details")
                .class("small")
                .child(el("summary").t("bank.markup"))
                .child(el("p").t("bank.markup_text")),
        )
}

/// Puts a text where the cursor of a field is; `…` in it is what was chosen there.
pub fn insert(id: &str, text: &str) {
    let found = browser::document().get_element_by_id(id);
    let Some(area) = found.and_then(|found| found.dyn_into::<HtmlTextAreaElement>().ok()) else {
        app().say(t("bank.choose_field"), true);
        return;
    };
    let value: Vec<u16> = area.value().encode_utf16().collect();
    let at = |place: Result<Option<u32>, _>| {
        let place = place.ok().flatten().map_or(value.len(), |place| place as usize);
        place.min(value.len())
    };
    let (from, to) = (at(area.selection_start()), at(area.selection_end()));
    let part =
        |from: usize, to: usize| String::from_utf16_lossy(value.get(from..to).unwrap_or_default());
    let put = text.replace('…', &part(from, to));
    area.set_value(&format!("{}{put}{}", part(0, from), part(to, value.len())));
    let cursor = from + put.encode_utf16().count();
    let cursor = u32::try_from(cursor).unwrap_or(u32::MAX);
    let _ = area.focus();
    let _ = area.set_selection_range(cursor, cursor);
    if let Ok(event) = Event::new("input") {
        let _ = area.dispatch_event(&event);
    }
}

/// An image from the device: it is sent, and then stands in the text.
fn upload(editor: Editor) -> El {
    el("label").class("chip").child(el("span").t("bank.put_image")).child(
        el("input")
            .attr("type", "file")
            .class("vh")
            .id("f-image-file")
            .attr("accept", "image/png,image/jpeg,image/gif,image/webp")
            .on("change", move |event| {
                send_image(&event, editor, move |image| {
                    let short: String = image.str("hash").chars().take(12).collect();
                    insert(&editor.last.get_untracked(), &format!("![…]({short})"));
                });
            }),
    )
}

/// Sends the chosen image and notes it among the item's.
pub fn send_image(event: &Event, editor: Editor, then: impl FnOnce(Json) + 'static) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(file) = input.as_ref().and_then(|input| input.files()).and_then(|all| all.get(0))
    else {
        return;
    };
    api::run(async move {
        let sent = api::call("POST", "bank/media").file(&file).send().await;
        if let Some(input) = input {
            input.set_value("");
        }
        match sent {
            Ok(text) => {
                let hash = json::read(&text).unwrap_or_default();
                let image = map([("hash", hash.at("hash").clone())]);
                let noted = image.clone();
                editor.change(|all| all.items("images").push(noted));
                then(image);
            }
            Err(problem) => errors::show(&problem, editor.form.errors),
        }
    });
}

/// Up, down, away: the buttons of a thing of a list.
pub fn order_buttons(editor: Editor, list: &'static str, at: usize, least: usize) -> AnyView {
    let button = |sign: &'static str, name: &'static str, act: Box<dyn Fn()>| {
        el("button")
            .attr("type", "button")
            .class("chip")
            .child(sign)
            .attr_live("aria-label", move || Some(format!("{} {}", t(name), at + 1)))
            .on("click", move |_| act())
    };
    let count = editor.form.whole.with_untracked(|all| all.list(list).len());
    many([
        button("↑", "bank.up", Box::new(move || editor.shift(list, at, false)))
            .flag("disabled", move || at == 0)
            .done(),
        button("↓", "bank.down", Box::new(move || editor.shift(list, at, true)))
            .flag("disabled", move || at + 1 >= count)
            .done(),
        button("✕", "bank.remove", Box::new(move || editor.remove(list, at)))
            .flag("disabled", move || count <= least)
            .done(),
    ])
}

/// A button that adds a thing to a list.
pub fn add_button(label: &'static str, act: impl Fn() + 'static) -> El {
    ui::button("button second", label, move |_| act())
}
