//! What a candidate does: interactions in the body of an item.

use domain::bank::{
    body::{Body, Gap, Opt, Task},
    rich::Rich,
};

use super::{Kinds, Version, keys::coords, kind_of};
use crate::rich_out::{Style, escape, short};

pub(super) fn gap_xml(gap: &Gap, v: Version, body: &Body) -> String {
    let none = |_: &str| String::new();
    let style = Style { image: &none, gap: &none };
    if gap.options.is_empty() {
        let width = gap.width.to_string();
        let mut attributes = vec![("responseIdentifier", gap.id.as_str())];
        if gap.width > 0 {
            attributes.push(("expectedLength", &width));
        }
        return v.tag("textEntryInteraction", &attributes, "");
    }
    let options: String = gap
        .options
        .iter()
        .map(|one| {
            v.tag("inlineChoice", &[("identifier", &one.id)], &inline_text(&one.text, &style))
        })
        .collect();
    let shuffle = matches!(&body.task, Task::Text { shuffle: true, .. });
    let shuffle = if shuffle { "true" } else { "false" };
    v.tag(
        "inlineChoiceInteraction",
        &[("responseIdentifier", &gap.id), ("shuffle", shuffle)],
        &options,
    )
}

fn inline_text(text: &Rich, style: &Style<'_>) -> String {
    short(text, style)
}

fn options(
    list: &[Opt],
    element: &str,
    more: &[(&str, &str)],
    style: &Style<'_>,
    v: Version,
) -> String {
    list.iter()
        .map(|one| {
            let mut attributes = vec![("identifier", one.id.as_str())];
            attributes.extend_from_slice(more);
            if one.fixed {
                attributes.push(("fixed", "true"));
            }
            v.tag(element, &attributes, &short(&one.text, style))
        })
        .collect()
}

pub(super) fn interaction(body: &Body, style: &Style<'_>, kinds: &Kinds, v: Version) -> String {
    let flag = |on: bool| if on { "true" } else { "false" };
    let id = ("responseIdentifier", "RESPONSE");
    match &body.task {
        Task::Single { options: list, shuffle } => v.tag(
            "choiceInteraction",
            &[id, ("shuffle", flag(*shuffle)), ("maxChoices", "1")],
            &options(list, "simpleChoice", &[], style, v),
        ),
        Task::Multiple { options: list, shuffle, least, most } => v.tag(
            "choiceInteraction",
            &[
                id,
                ("shuffle", flag(*shuffle)),
                ("maxChoices", &most.to_string()),
                ("minChoices", &least.to_string()),
            ],
            &options(list, "simpleChoice", &[], style, v),
        ),
        Task::Ordering { options: list, shuffle } => v.tag(
            "orderInteraction",
            &[id, ("shuffle", flag(*shuffle))],
            &options(list, "simpleChoice", &[], style, v),
        ),
        Task::Matching { left, right, shuffle, reuse } => {
            let set = |list: &[Opt], most: &str| {
                let inner =
                    options(list, "simpleAssociableChoice", &[("matchMax", most)], style, v);
                v.tag("simpleMatchSet", &[], &inner)
            };
            let inner = format!("{}{}", set(left, "0"), set(right, &reuse.to_string()));
            v.tag(
                "matchInteraction",
                &[id, ("shuffle", flag(*shuffle)), ("maxAssociations", "0")],
                &inner,
            )
        }
        Task::Number { .. } => {
            format!("<p>{}</p>", v.tag("textEntryInteraction", &[id], ""))
        }
        Task::Hotspot { image, areas, most } => {
            let picture = crate::rich_out::img(image, style);
            let picture = if v == Version::V3 {
                picture
            } else {
                format!(
                    r#"<object data="{}" type="{}" width="{}" height="{}">{}</object>"#,
                    escape(&(style.image)(&image.hash)),
                    escape(kind_of(kinds, &image.hash)),
                    image.width,
                    image.height,
                    escape(&image.alt)
                )
            };
            let most = most.to_string();
            let choices: String = areas
                .iter()
                .map(|area| {
                    let (kind, coords) = coords(&area.shape);
                    let mut names = vec![
                        ("identifier", area.id.as_str()),
                        ("shape", kind),
                        ("coords", coords.as_str()),
                    ];
                    if !area.name.is_empty() {
                        names.push(("hotspotLabel", area.name.as_str()));
                    }
                    v.tag("hotspotChoice", &names, "")
                })
                .collect();
            let name =
                if areas.is_empty() { "selectPointInteraction" } else { "hotspotInteraction" };
            v.tag(name, &[id, ("maxChoices", &most)], &format!("{picture}{choices}"))
        }
        Task::Text { gaps, .. } => {
            let named = body.stem.gaps();
            let rest = gaps.iter().filter(|gap| !named.contains(&gap.id.as_str()));
            rest.map(|gap| format!("<p>{}</p>", gap_xml(gap, v, body))).collect()
        }
    }
}
