//! What is done with a task, for every kind. The value of an answer is what the worker reads.

use std::rc::Rc;

use kit::{
    dom::{AnyView, El, div, el, live, nothing},
    json::{self, Json, map},
    reactive::RwSignal,
};

use crate::{
    browser,
    line::{self, act_soon, answer_now},
    rich,
    text::{fill, t},
};

mod places;

/// A task on the screen: its number, its body, the answer so far.
pub struct Shown {
    /// Number, from 0.
    pub slot: usize,
    /// `body.task`.
    pub task: Json,
    /// The answer as a JSON text; empty for none.
    pub held: String,
    /// Language of the test.
    pub lang: String,
}

/// The controls of a task.
pub fn controls(shown: Shown) -> AnyView {
    let held = json::read(&shown.held).unwrap_or_default();
    match shown.task.str("kind") {
        "single" => choice(&shown, &held, true),
        "multiple" => choice(&shown, &held, false),
        "number" => number(&shown, &held),
        "text" => gaps(&shown, &held),
        "matching" => matching(&shown, &held),
        "ordering" => ordering(&shown, &held),
        "hotspot" => places::places(&shown, &held),
        _ => el("p").class("notice late").t("task.unknown").done(),
    }
}

fn put(slot: usize, value: &Json) {
    answer_now(slot, &json::write(value));
}

fn texts(all: Vec<String>) -> Json {
    Json::List(all.into_iter().map(Json::from).collect())
}

fn pair(a: &str, b: &str) -> Json {
    Json::List(vec![a.into(), b.into()])
}

/// Options of which one or several are chosen.
#[derive(Clone, Copy)]
struct Choice {
    slot: usize,
    chosen: RwSignal<Vec<String>>,
    one: bool,
}

impl Choice {
    /// Chooses an option, or takes it back.
    fn turn(self, id: &str, on: bool) {
        self.chosen.update(|all| {
            if self.one {
                all.clear();
            }
            all.retain(|one| one != id);
            if on {
                all.push(id.to_owned());
            }
        });
        let now = self.chosen.get_untracked();
        if now.is_empty() {
            answer_now(self.slot, "");
        } else {
            put(self.slot, &map([("options", texts(now))]));
        }
    }

    fn option(self, id: &str, text: AnyView) -> El {
        let (mine, picked) = (id.to_owned(), id.to_owned());
        let act = move |event: web_sys::Event| {
            let on = event
                .target()
                .and_then(|target| js_sys::Reflect::get(&target, &"checked".into()).ok())
                .is_some_and(|value| value.is_truthy());
            self.turn(&picked, on);
        };
        let input = el("input")
            .attr("type", if self.one { "radio" } else { "checkbox" })
            .attr("name", "answer")
            .attr("value", id)
            .checked(move || self.chosen.with(|all| all.contains(&mine)))
            .flag("disabled", || !line::can_answer())
            .on("change", act);
        el("li").child(el("label").child(input).child(el("span").child(text)))
    }

    /// A radio button cannot be taken back by itself.
    fn clear(self) -> Option<El> {
        self.one.then(|| {
            el("button")
                .class("button quiet")
                .attr("type", "button")
                .t("task.clear")
                .flag("disabled", move || !line::can_answer() || self.chosen.with(Vec::is_empty))
                .on("click", move |_| {
                    self.chosen.set(Vec::new());
                    answer_now(self.slot, "");
                })
        })
    }
}

fn legend(words: String) -> El {
    el("legend").class("hint").child(words)
}

fn choice(shown: &Shown, held: &Json, one: bool) -> AnyView {
    let choice = Choice { slot: shown.slot, chosen: RwSignal::new(held.texts("options")), one };
    let most = shown.task.int("most").unwrap_or(0);
    let words = match (one, most) {
        (true, _) => t("task.one").to_owned(),
        (_, 0) => t("task.some").to_owned(),
        (_, n) => fill("task.some_most", &[("n", &n.to_string())]),
    };
    let options = shown.task.list("options").iter();
    let options = options.map(|one| choice.option(one.str("id"), rich::line(one.at("text"))));
    let list = rich::in_language(el("ul").class("checks options"), &shown.lang).children(options);
    el("fieldset").child(legend(words)).child(list).maybe(choice.clear()).done()
}

fn field(id: &str, label: AnyView, control: El) -> El {
    div("field").child(el("label").attr("for", id).child(label)).child(control)
}

fn number(shown: &Shown, held: &Json) -> AnyView {
    let (slot, first) = (shown.slot, held.str("number").to_owned());
    let write = move |text: String, soon: bool| {
        let value = if text.trim().is_empty() {
            String::new()
        } else {
            json::write(&map([("number", text.trim().into())]))
        };
        if soon { act_soon(slot, value) } else { answer_now(slot, &value) }
    };
    let input = el("input")
        .id("answer")
        .attr("inputmode", "decimal")
        .attr("autocomplete", "off")
        .attr("maxlength", "40")
        .attr("aria-describedby", "answer-hint")
        .value(move || first.clone())
        .flag("disabled", || !line::can_answer())
        .on("input", move |event| write(browser::value_of(&event), true))
        .on("change", move |event| write(browser::value_of(&event), false));
    let unit = shown.task.str("unit").to_owned();
    div("field short")
        .child(el("label").attr("for", "answer").t("task.number"))
        .child(el("p").class("hint").id("answer-hint").t("task.number_hint"))
        .child(div("unit").child(input).maybe((!unit.is_empty()).then(|| el("span").child(unit))))
        .done()
}

fn select(id: &str, options: &[Json], now: &str, chose: impl Fn(String) + 'static) -> El {
    let first = el("option").attr("value", "").t("task.choose");
    let lettered = lettered(options);
    let all = options.iter().enumerate().map(|(at, option)| {
        let one = option.str("id");
        let said = if lettered { letter(at) } else { words(option.at("text")) };
        el("option").attr("value", one).selected(one == now).child(said)
    });
    el("select")
        .id(id)
        .flag("disabled", || !line::can_answer())
        .child(first)
        .children(all)
        .on("change", move |event| chose(browser::value_of(&event)))
}

/// Whether a list of the browser cannot say an option: a fraction would read as two digits, a power as
/// another number, an image as nothing. Such options stand beside the list under letters.
fn lettered(options: &[Json]) -> bool {
    fn more(value: &Json) -> bool {
        match value {
            Json::List(all) => all.iter().any(more),
            Json::Map(fields) => fields.iter().any(|(name, inner)| {
                matches!(name.as_str(), "math" | "image" | "sup" | "sub") || more(inner)
            }),
            _ => false,
        }
    }
    options.iter().any(|option| more(option.at("text")))
}

/// A, B, C …
fn letter(at: usize) -> String {
    let letter = u8::try_from(at % 26).unwrap_or(0) + b'A';
    let round = at / 26;
    if round == 0 {
        char::from(letter).to_string()
    } else {
        format!("{}{round}", char::from(letter))
    }
}

/// The options under their letters, where the list holds letters alone.
fn legends(options: &[Json], lang: &str) -> Option<El> {
    lettered(options).then(|| {
        let rows = options.iter().enumerate().map(|(at, option)| {
            el("li")
                .child(el("strong").child(format!("{}. ", letter(at))))
                .child(rich::line(option.at("text")))
        });
        rich::in_language(el("ul").class("lettered"), lang).children(rows)
    })
}

/// The words of a text alone: an option of a list holds nothing else.
pub fn words(rich: &Json) -> String {
    fn walk(value: &Json, out: &mut String) {
        match value {
            Json::List(all) => all.iter().for_each(|one| walk(one, out)),
            Json::Map(fields) => {
                for (name, inner) in fields {
                    match (name.as_str(), inner) {
                        ("t" | "code" | "pre", Json::Text(text)) => out.push_str(text),
                        ("e" | "a" | "hash", _) => {}
                        _ => walk(inner, out),
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = String::new();
    walk(rich, &mut out);
    out
}

/// Pairs of a list in what was answered: a gap and its text, a left one and its right one.
fn pairs_of(held: &Json, name: &str) -> Vec<(String, String)> {
    let pair = |one: &Json| match one {
        Json::List(pair) => Some((pair.first()?.text().into(), pair.get(1)?.text().into())),
        _ => None,
    };
    held.list(name).iter().filter_map(pair).collect()
}

fn gaps(shown: &Shown, held: &Json) -> AnyView {
    let slot = shown.slot;
    let values = RwSignal::new(pairs_of(held, "gaps"));
    let write: Rc<dyn Fn(String, String, bool)> = Rc::new(move |gap, text, soon| {
        values.update(|all| {
            all.retain(|(have, _)| *have != gap);
            if !text.trim().is_empty() {
                all.push((gap, text));
            }
        });
        let pairs =
            values.with_untracked(|all| all.iter().map(|(a, b)| pair(a, b)).collect::<Vec<_>>());
        let value = if pairs.is_empty() {
            String::new()
        } else {
            json::write(&map([("gaps", Json::List(pairs))]))
        };
        if soon { act_soon(slot, value) } else { answer_now(slot, &value) }
    });
    let all = shown.task.list("gaps");
    let several = all.len() > 1;
    let fields = all.iter().map(|gap| {
        let id = gap.str("id").to_owned();
        let now = values.with_untracked(|all| {
            all.iter().find(|(have, _)| *have == id).map(|(_, text)| text.clone())
        });
        let now = now.unwrap_or_default();
        let control = if gap.list("options").is_empty() {
            let (soon, settled) = (Rc::clone(&write), Rc::clone(&write));
            let (a, b) = (id.clone(), id.clone());
            el("input")
                .id(format!("gap-{id}"))
                .attr("autocomplete", "off")
                .attr("autocapitalize", "off")
                .attr("spellcheck", "false")
                .attr("maxlength", "400")
                .value(move || now.clone())
                .flag("disabled", || !line::can_answer())
                .on("input", move |event| soon(a.clone(), browser::value_of(&event), true))
                .on("change", move |event| settled(b.clone(), browser::value_of(&event), false))
        } else {
            let (write, own) = (Rc::clone(&write), id.clone());
            select(&format!("gap-{id}"), gap.list("options"), &now, move |value| {
                write(own.clone(), value, false);
            })
        };
        let label =
            if several { fill("task.gap", &[("gap", &id)]) } else { t("task.answer").to_owned() };
        let field = field(&format!("gap-{id}"), el("span").child(label).done(), control);
        match legends(gap.list("options"), &shown.lang) {
            Some(options) => el("div").child(options).child(field),
            None => field,
        }
    });
    rich::in_language(div("gaps"), &shown.lang).children(fields).done()
}

fn matching(shown: &Shown, held: &Json) -> AnyView {
    let slot = shown.slot;
    let values = RwSignal::new(pairs_of(held, "pairs"));
    let right = shown.task.list("right").to_vec();
    let right_shown = right.clone();
    let rows = shown.task.list("left").iter().map(|left| {
        let id = left.str("id").to_owned();
        let now = values.with_untracked(|all| {
            all.iter().find(|(have, _)| *have == id).map(|(_, right)| right.clone())
        });
        let own = id.clone();
        let control =
            select(&format!("left-{id}"), &right, &now.unwrap_or_default(), move |value| {
                values.update(|all| {
                    all.retain(|(have, _)| *have != own);
                    if !value.is_empty() {
                        all.push((own.clone(), value.clone()));
                    }
                });
                let pairs: Vec<Json> =
                    values.with_untracked(|all| all.iter().map(|(a, b)| pair(a, b)).collect());
                if pairs.is_empty() {
                    answer_now(slot, "");
                } else {
                    put(slot, &map([("pairs", Json::List(pairs))]));
                }
            });
        field(&format!("left-{id}"), rich::line(left.at("text")), control)
    });
    let list = rich::in_language(div("pairs"), &shown.lang).children(rows);
    let options = legends(&right_shown, &shown.lang);
    el("fieldset")
        .child(el("legend").class("hint").t("task.match"))
        .maybe(options)
        .child(list)
        .done()
}

/// One below another with buttons: what is dragged on a screen is no use to a keyboard.
fn ordering(shown: &Shown, held: &Json) -> AnyView {
    let slot = shown.slot;
    let options = shown.task.list("options").to_vec();
    let all: Vec<String> = options.iter().map(|option| option.str("id").to_owned()).collect();
    let given = held.texts("order");
    let first = if given.len() == all.len() { given } else { all };
    let order = RwSignal::new(first);
    let touched = RwSignal::new(!shown.held.is_empty());
    let formulas = lettered(&options);
    let lang = shown.lang.clone();
    let send = move || {
        touched.set(true);
        put(slot, &map([("order", texts(order.get_untracked()))]));
    };
    let list = live(move || {
        let now = order.get();
        let last = now.len().saturating_sub(1);
        let rows = now.iter().enumerate().filter_map(|(place, id)| {
            let option = options.iter().find(|option| option.str("id") == id)?;
            let step = |to: usize, key: &'static str, sign: &'static str, off: bool| {
                let said =
                    if formulas { (place + 1).to_string() } else { words(option.at("text")) };
                let name = format!("{}: {said}", t(key));
                let id = format!("{}-{id}", if to < place { "up" } else { "down" });
                let again = id.clone();
                el("button")
                    .class("button second move")
                    .attr("type", "button")
                    .id(id)
                    .attr("aria-label", name)
                    .flag("disabled", move || off || !line::can_answer())
                    .child(sign)
                    .on("click", move |_| {
                        order.update(|all| all.swap(place, to));
                        send();
                        let again = again.clone();
                        browser::soon(move || browser::focus(&again));
                    })
            };
            let up = step(place.saturating_sub(1), "task.up", "↑", place == 0);
            let down = step((place + 1).min(last), "task.down", "↓", place == last);
            let text = el("span").class("what").child(rich::line(option.at("text")));
            Some(el("li").child(text).child(el("span").class("moves").child(up).child(down)))
        });
        rich::in_language(el("ol").class("order"), &lang).children(rows.collect::<Vec<_>>()).done()
    });
    let keep = live(move || {
        if touched.get() {
            return nothing();
        }
        el("button")
            .class("button second")
            .attr("type", "button")
            .t("task.order_right")
            .flag("disabled", || !line::can_answer())
            .on("click", move |_| send())
            .done()
    });
    el("fieldset").child(el("legend").class("hint").t("task.order")).child(list).child(keep).done()
}
