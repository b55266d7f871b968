//! The calculator of a test that allows one. It stays as it is while one goes from task to task, and
//! nothing of it is sent anywhere.

use kit::{
    browser,
    dom::{AnyView, div, el, live_text, nothing},
    reactive::RwSignal,
};

use crate::{calc, line::model, text::t};

/// Keys in rows of five: what is shown and written. The last three do something.
const KEYS: [&str; 23] = [
    "7", "8", "9", "÷", "√", "4", "5", "6", "×", "^", "1", "2", "3", "−", "(", "0", ",", "%", "+",
    ")", "C", "⌫", "=",
];

/// Words for keys that a reader would not say, or not say well.
const NAMED: [(&str, &str); 12] = [
    ("÷", "calc.divide"),
    ("√", "calc.root"),
    ("×", "calc.times"),
    ("^", "calc.power"),
    ("−", "calc.minus"),
    ("(", "calc.open"),
    (")", "calc.close"),
    (",", "calc.comma"),
    ("%", "calc.percent"),
    ("+", "calc.plus"),
    ("C", "calc.clear"),
    ("⌫", "calc.back"),
];

/// The panel; nothing where the test has none.
pub fn panel() -> AnyView {
    if !model(|model| model.exam.flag("calculator")) {
        return nothing();
    }
    let typed = RwSignal::new(String::new());
    let result = RwSignal::new(String::new());
    let reckon = move || {
        let value = typed.with(|text| calc::value(text));
        result.set(value.map_or_else(|| t("calc.none").to_owned(), |value| format!("= {value}")));
    };
    let press = move |key: &'static str| match key {
        "=" => reckon(),
        "C" => {
            typed.set(String::new());
            result.set(String::new());
        }
        "⌫" => typed.update(|text| {
            text.pop();
        }),
        key => typed.update(|text| text.push_str(key)),
    };
    let keys = KEYS.map(|key| {
        let name = NAMED.iter().find(|(have, _)| *have == key).map(|(_, name)| *name);
        let one = el("button").class("button second").attr("type", "button").child(key);
        let one = match name {
            Some(name) => one.attr_t("aria-label", name),
            None if key == "=" => one.class("button").attr_t("aria-label", "calc.equals"),
            None => one,
        };
        one.on("click", move |_| press(key))
    });
    el("details")
        .class("calculator")
        .child(el("summary").t("calc.title"))
        .child(
            el("form")
                .attr("autocomplete", "off")
                .on("submit", move |event| {
                    event.prevent_default();
                    reckon();
                })
                .child(
                    el("input")
                        .attr("type", "text")
                        .attr("inputmode", "none")
                        .attr("maxlength", "100")
                        .attr_t("aria-label", "calc.input")
                        .value(move || typed.get())
                        .on("input", move |event| typed.set(browser::value_of(&event))),
                )
                .child(el("output").attr("role", "status").child(live_text(move || result.get())))
                .child(div("keys").children(keys)),
        )
        .done()
}
