//! How the pages look to this person: size of letters, contrast, spacing. Kept on the device.

use crate::{
    browser,
    dom::{El, div, el},
    reactive::{AnyView, RwSignal},
    text::t_of,
    ui::sheet,
};

const KEPT: &str = "mansap.view";

/// The choices: name, values; the first value is the usual one.
const CHOICES: [(&str, &[&str]); 3] = [
    ("size", &["100", "125", "150", "200"]),
    ("contrast", &["usual", "high"]),
    ("spacing", &["usual", "wide"]),
];

fn chosen(name: &str) -> String {
    let usual = CHOICES.iter().find(|(one, _)| *one == name).map_or("", |(_, values)| values[0]);
    let kept = browser::kept(KEPT).unwrap_or_default();
    let value = kept.split(' ').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
    value.unwrap_or(usual).to_owned()
}

/// Puts the choices on the page.
pub fn apply() {
    let Some(root) = browser::document().document_element() else { return };
    for (name, values) in CHOICES {
        let value = chosen(name);
        let attribute = format!("data-{name}");
        let _ = match value == values[0] {
            true => root.remove_attribute(&attribute),
            false => root.set_attribute(&attribute, &value),
        };
    }
}

fn choose(name: &str, value: &str) {
    let all: Vec<String> = CHOICES
        .iter()
        .map(|(one, _)| {
            let value = if *one == name { value.to_owned() } else { chosen(one) };
            format!("{one}={value}")
        })
        .collect();
    browser::keep(KEPT, &all.join(" "));
    apply();
}

/// The button in the header and its sheet.
pub fn button() -> AnyView {
    let open = RwSignal::new(false);
    div("view")
        .child(crate::ui::button("button quiet", "view.title", move |_| open.set(true)))
        .child(sheet::sheet(open, "view.title", || {
            div("view-choices").children(CHOICES.map(|(name, values)| group(name, values))).done()
        }))
        .done()
}

fn group(name: &'static str, values: &'static [&'static str]) -> El {
    let now = chosen(name);
    el("fieldset")
        .class("field")
        .child(el("legend").child(crate::dom::live_text(move || t_of("view", name))))
        .child(el("ul").class("checks").children(values.iter().map(move |value| {
            let on = now == *value;
            let words = move || match value.parse::<u32>() {
                Ok(_) => format!("{value} %"),
                Err(_) => t_of("view", &format!("{name}_{value}")),
            };
            el("li").child(
                el("label")
                    .child(
                        el("input")
                            .attr("type", "radio")
                            .attr("name", format!("view-{name}"))
                            .attr("value", value)
                            .checked(move || on)
                            .on("change", move |_| choose(name, value)),
                    )
                    .child(el("span").child(crate::dom::live_text(words))),
            )
        })))
}
