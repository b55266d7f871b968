//! Form fields: label, hint, what is wrong, the control. A field knows its name in the form, so
//! that the server's list of wrong fields finds it.

use std::rc::Rc;

use crate::reactive::{AnyView, RwSignal};
use domain::shared::lang::Text;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::errors::Errors;
use crate::{
    api::FieldProblem,
    browser,
    dom::{El, div, el, live, live_text, many},
    state::app,
    text::t,
};

/// A value that a control shows and changes.
#[derive(Clone)]
pub struct Bind {
    get: Rc<dyn Fn() -> String>,
    set: Rc<dyn Fn(String)>,
}

impl Bind {
    /// A value by how it is read and written.
    pub fn new(get: impl Fn() -> String + 'static, set: impl Fn(String) + 'static) -> Bind {
        Bind { get: Rc::new(get), set: Rc::new(set) }
    }

    /// A part of something larger.
    pub fn of<T: 'static>(
        whole: RwSignal<T>,
        get: fn(&T) -> String,
        set: fn(&mut T, String),
    ) -> Bind {
        Bind {
            get: Rc::new(move || whole.with(get)),
            set: Rc::new(move |value| whole.update(|whole| set(whole, value))),
        }
    }
}

impl From<RwSignal<String>> for Bind {
    fn from(signal: RwSignal<String>) -> Bind {
        Bind { get: Rc::new(move || signal.get()), set: Rc::new(move |v| signal.set(v)) }
    }
}

/// Only the digits: for sums and counts as people write them, `250 000`.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(12).collect()
}

/// A whole number as people write it: digits, with spaces between them and the sign of the tenge
/// after. `None` where it is something else.
pub fn whole(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '₸').collect();
    let number = plain.len() <= 12 && plain.bytes().all(|byte| byte.is_ascii_digit());
    number.then_some(plain)
}

/// What was typed into fields for numbers and is no number: name of the field and the text. It
/// stays in the field, and the form is not sent while there is any.
pub type Unread = RwSignal<Vec<(String, String)>>;

/// What is wrong with them, for the list on top of the form.
pub fn unread_problems(unread: Unread) -> Vec<FieldProblem> {
    let detail = || t("form.number").to_owned();
    let problem =
        |(field, _): &(String, String)| FieldProblem { field: field.clone(), detail: detail() };
    unread.with_untracked(|all| all.iter().map(problem).collect())
}

/// The items of a directory as options, the first one empty.
pub fn from_directory(name: &'static str) -> Options {
    Rc::new(move || {
        let lang = app().lang.get();
        let mut out = vec![(String::new(), t("form.choose").to_owned())];
        app().directories.with(|all| {
            out.extend(all.items(name).iter().map(|i| (i.code.clone(), i.name(lang).to_owned())));
        });
        out
    })
}

/// A day that may be missing.
pub fn day_of(text: &str) -> Option<chrono::NaiveDate> {
    crate::api::wire::day(text)
}

/// A day in the form of a date field.
pub fn day_text(day: Option<chrono::NaiveDate>) -> String {
    day.map(crate::text::iso).unwrap_or_default()
}

/// A field that is being put together.
pub struct Field {
    name: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    optional: Option<Rc<dyn Fn() -> bool>>,
    errors: Errors,
    short: bool,
}

/// A field with its name in the form and the key of its label.
pub fn field(name: &'static str, label: &'static str, errors: Errors) -> Field {
    Field { name, label, hint: None, optional: None, errors, short: false }
}

/// An option: code and what it says, made anew in every language.
pub type Options = Rc<dyn Fn() -> Vec<(String, String)>>;

/// Groups of options, each with its name.
pub type Groups = Rc<dyn Fn() -> Vec<(String, Vec<(String, String)>)>>;

impl Field {
    /// A hint under the label.
    pub fn hint(mut self, key: &'static str) -> Field {
        self.hint = Some(key);
        self
    }

    /// Says "optional" beside the hint while that holds.
    pub fn optional(mut self, when: impl Fn() -> bool + 'static) -> Field {
        self.optional = Some(Rc::new(when));
        self
    }

    /// A narrow control.
    pub fn short(mut self) -> Field {
        self.short = true;
        self
    }

    fn frame(&self, control: El) -> El {
        let (name, errors, short) = (self.name, self.errors, self.short);
        let wrong = move || errors.with(|all| all.iter().any(|one| one.field == name));
        el("div")
            .attr_live("class", move || {
                let short = if short { " short" } else { "" };
                Some(format!("field{short}{}", if wrong() { " wrong" } else { "" }))
            })
            .child(el("label").attr("for", format!("f-{name}")).t(self.label))
            .maybe(self.hint.map(|hint| el("p").class("hint").id(format!("h-{name}")).t(hint)))
            .maybe(self.optional.clone().map(|when| {
                el("p").class("hint").child(live_text(move || {
                    if when() { t("form.optional").to_owned() } else { String::new() }
                }))
            }))
            .child(what_is_wrong(name, errors))
            .child(
                control
                    .id(format!("f-{name}"))
                    .attr("name", name)
                    .attr_live("aria-invalid", move || wrong().then(|| "true".into()))
                    .attr_live("aria-describedby", move || {
                        Some(format!(
                            "h-{name} {}",
                            if wrong() { format!("e-{name}") } else { String::new() }
                        ))
                    }),
            )
    }

    /// One line.
    pub fn input(self, kind: &'static str, bind: impl Into<Bind>) -> El {
        let Bind { get, set } = bind.into();
        let control =
            el("input").attr("type", kind).value(move || get()).on("input", move |event| {
                // A day that is half typed has no value yet: it must not be wiped.
                let half = event
                    .target()
                    .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                    .is_some_and(|input| input.validity().bad_input());
                if !half {
                    set(browser::value_of(&event));
                }
            });
        self.frame(if kind == "text" { control.attr("autocomplete", "off") } else { control })
    }

    /// A password; `fill` is what the browser may fill in (`new-password`).
    pub fn secret(self, bind: impl Into<Bind>, fill: &'static str) -> El {
        let Bind { get, set } = bind.into();
        let control = el("input")
            .attr("type", "password")
            .attr("autocomplete", fill)
            .value(move || get())
            .on("input", move |event| set(browser::value_of(&event)));
        self.frame(control)
    }

    /// Several lines.
    pub fn area(self, bind: impl Into<Bind>) -> El {
        let Bind { get, set } = bind.into();
        let control = el("textarea")
            .attr("rows", "5")
            .value(move || get())
            .on("input", move |event| set(browser::value_of(&event)));
        self.frame(control)
    }

    /// A number that is a name (an IIN): whatever is typed stays, the server says what is wrong
    /// with it.
    pub fn code(self, bind: Bind) -> El {
        let Bind { get, set } = bind;
        let control = el("input")
            .attr("type", "text")
            .attr("inputmode", "numeric")
            .attr("autocomplete", "off")
            .value(move || get())
            .on("input", move |event| set(browser::value_of(&event)));
        self.frame(control)
    }

    /// A whole number. What is no number stays in the field as it was typed and is named; the
    /// value that is bound keeps what it had.
    pub fn whole(self, bind: Bind, unread: Unread) -> El {
        let (name, errors) = (self.name, self.errors);
        let Bind { get, set } = bind;
        let typed = move || {
            unread.with(|all| {
                all.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone())
            })
        };
        let control = el("input")
            .attr("type", "text")
            .attr("inputmode", "numeric")
            .attr("autocomplete", "off")
            .value(move || typed().unwrap_or_else(|| get()))
            .on("input", move |event| {
                let text = browser::value_of(&event);
                let number = whole(&text);
                let had = unread.with_untracked(|all| all.iter().any(|(field, _)| field == name));
                if had || number.is_none() {
                    unread.update(|all| {
                        all.retain(|(field, _)| field != name);
                        if number.is_none() {
                            all.push((name.to_owned(), text));
                        }
                    });
                }
                if let Some(number) = number {
                    if had {
                        errors.update(|all| all.retain(|one| one.field != name));
                    }
                    set(number);
                }
            })
            .on("change", move |_| {
                let mine: Vec<_> =
                    unread_problems(unread).into_iter().filter(|one| one.field == name).collect();
                if !mine.is_empty() {
                    errors.update(|all| {
                        all.retain(|one| one.field != name);
                        all.extend(mine);
                    });
                }
            });
        self.frame(control)
    }

    /// One of many; an empty code is "not chosen".
    pub fn select(self, options: Options, bind: impl Into<Bind>) -> El {
        let Bind { get, set } = bind.into();
        let control = el("select")
            .child(live(move || {
                let now = get();
                many(options().into_iter().map(|(code, name)| {
                    let on = code == now;
                    el("option").attr("value", code).selected(on).child(name).done()
                }))
            }))
            .on("change", move |event| set(browser::value_of(&event)));
        self.frame(control)
    }

    /// One of many in groups: the name of each group and its options. A group without a name stands
    /// by itself.
    pub fn select_grouped(self, groups: Groups, bind: impl Into<Bind>) -> El {
        let Bind { get, set } = bind.into();
        let control = el("select")
            .child(live(move || {
                let now = get();
                let one = |(code, name): (String, String)| {
                    let on = code == now;
                    el("option").attr("value", code).selected(on).child(name)
                };
                many(groups().into_iter().map(|(group, all)| {
                    let all = all.into_iter().map(one);
                    match group.is_empty() {
                        true => many(all.map(El::done)),
                        false => el("optgroup").attr("label", group).children(all).done(),
                    }
                }))
            }))
            .on("change", move |event| set(browser::value_of(&event)));
        self.frame(control)
    }

    /// Several of many, as boxes.
    pub fn checks(
        self,
        options: Options,
        has: impl Fn(&str) -> bool + Clone + 'static,
        turn: impl Fn(String) + Clone + 'static,
    ) -> El {
        let (name, errors) = (self.name, self.errors);
        let list = live(move || {
            many(options().into_iter().map(|(code, label)| {
                let (has, turn, this) = (has.clone(), turn.clone(), code.clone());
                let turned = code.clone();
                el("li")
                    .child(
                        el("label")
                            .child(
                                el("input")
                                    .attr("type", "checkbox")
                                    .attr("value", code)
                                    .checked(move || has(&this))
                                    .on("change", move |_| turn(turned.clone())),
                            )
                            .child(el("span").child(label)),
                    )
                    .done()
            }))
        });
        el("fieldset")
            .class("field")
            .id(format!("f-{name}"))
            .attr("tabindex", "-1")
            .child(el("legend").t(self.label))
            .maybe(self.hint.map(|hint| el("p").class("hint").t(hint)))
            .child(what_is_wrong(name, errors))
            .child(el("ul").class("checks").child(list))
    }
}

/// What is wrong with a field, above its control.
pub fn what_is_wrong(name: &'static str, errors: Errors) -> AnyView {
    live(move || {
        many(
            errors
                .get()
                .into_iter()
                .filter(|one| one.field == name)
                .map(|one| el("p").class("error").id(format!("e-{name}")).child(one.detail).done()),
        )
    })
}

/// The same text in Kazakh and Russian, side by side.
pub struct Both<T: 'static> {
    /// Name in the form; the controls are `name.kk` and `name.ru`.
    pub names: [&'static str; 2],
    /// Key of the label.
    pub label: &'static str,
    /// Key of the hint.
    pub hint: Option<&'static str>,
    /// Lines; 1 = a single line.
    pub lines: u32,
    /// What it is a part of.
    pub whole: RwSignal<T>,
    /// The text of it.
    pub part: fn(&mut T) -> &mut Text,
    /// The text of it, for reading.
    pub read: fn(&T) -> &Text,
}

impl<T: 'static> Both<T> {
    /// Draws it, with something under the label (a button that inserts a standard text).
    pub fn view(self, errors: Errors, tool: Option<El>) -> El {
        let Both { names, label, hint, lines, whole, part, read } = self;
        let side =
            |index: usize| {
                let name = names[index];
                let (lang, key) = if index == 0 { ("kk", "lang.kk") } else { ("ru", "lang.ru") };
                let get = move || {
                    whole.with(|whole| {
                        let text = read(whole);
                        if index == 0 { text.kk.clone() } else { text.ru.clone() }
                    })
                };
                let set = move |event: Event| {
                    let value = browser::value_of(&event);
                    whole.update(|whole| {
                        let text = part(whole);
                        if index == 0 { text.kk = value } else { text.ru = value }
                    });
                };
                let control = if lines > 1 {
                    el("textarea").attr("rows", lines.to_string())
                } else {
                    el("input").attr("type", "text").attr("autocomplete", "off")
                };
                let empty = move || get().trim().is_empty();
                let wrong = move || errors.with(|all| all.iter().any(|one| one.field == name));
                el("div")
                    .attr_live("class", move || {
                        Some(if wrong() { "field wrong".into() } else { "field".into() })
                    })
                    .child(
                        el("label")
                            .attr("for", format!("f-{name}"))
                            .child(el("span").class("vh").t(label))
                            .child(live_text(move || format!(" {}", t(key))))
                            .child(live_text(move || {
                                if empty() { String::new() } else { " ✓".to_owned() }
                            })),
                    )
                    .child(what_is_wrong(name, errors))
                    .child(
                        control
                            .id(format!("f-{name}"))
                            .attr("name", name)
                            .attr("lang", lang)
                            .attr("spellcheck", "true")
                            .attr_live("aria-invalid", move || wrong().then(|| "true".into()))
                            .value(get)
                            .on("input", set),
                    )
            };
        el("fieldset")
            .class("both")
            .child(el("legend").class("label").t(label))
            .maybe(hint.map(|hint| el("p").class("hint").t(hint)))
            .maybe(tool)
            .child(div("pair").child(side(0)).child(side(1)))
    }
}
