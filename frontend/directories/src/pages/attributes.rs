//! The fields of what is known of an item beside its names, drawn from the table by which the
//! server checks them.

use std::rc::Rc;

use domain::directory::shape::{Attribute, Kind, attributes};

use crate::{
    dom::{El, div, el},
    form::{Form, codes},
    json::{self, Json},
    text::key,
    ui::field::{Bind, Options, field, from_directory},
};

/// The fields of a directory.
pub fn fields(directory: &'static str, form: Form) -> Vec<El> {
    attributes(directory).iter().map(|one| one_field(one, form)).collect()
}

fn one_field(one: &'static Attribute, form: Form) -> El {
    let path = key(format!("attrs.{}", one.name));
    let label = key(format!("attribute.{}", one.name));
    match one.kind {
        Kind::Flag => form.tick(path, label),
        Kind::Number => field(path, label, form.errors).short().input("text", form.number(path)),
        Kind::Code(list) => form.one_of(path, label, codes("attribute_code", list, true)),
        Kind::Codes(list) => form.several(path, label, codes("attribute_code", list, false)),
        Kind::Item(other) => form.one_of(path, label, from_directory(other)),
        Kind::Items(other) => form.several(path, label, all_of(other)),
        Kind::Name => texts(path, label, &["kk", "ru", "en"], form),
        Kind::Text => texts(path, label, &["kk", "ru"], form),
        Kind::Words => {
            field(path, label, form.errors).hint("directories.words_hint").area(words(path, form))
        }
    }
}

/// The items of a directory without the empty choice.
fn all_of(directory: &'static str) -> Options {
    let all = from_directory(directory);
    Rc::new(move || all().into_iter().skip(1).collect())
}

/// The same text in several languages.
fn texts(
    path: &'static str,
    label: &'static str,
    langs: &'static [&'static str],
    form: Form,
) -> El {
    let long = langs.len() == 2;
    el("fieldset").class("both").child(el("legend").class("label").t(label)).child(
        div("pair").children(langs.iter().map(|lang| {
            let name = key(format!("{path}.{lang}"));
            let one = field(name, key(format!("lang.{lang}")), form.errors);
            let control = form.text(name);
            if long { one.area(control) } else { one.input("text", control) }
        })),
    )
}

/// A list of words as lines. The line that is being written may still be empty.
fn words(path: &'static str, form: Form) -> Bind {
    Bind::new(
        move || form.whole.with(|all| all.texts(path).join("\n")),
        move |text| {
            let lines = text.split('\n').map(|line| Json::from(line.to_owned())).collect();
            form.whole.update(|all| all.put(path, Json::List(lines)));
        },
    )
}

/// The attributes as they are sent: without what was left empty. What the table does not name
/// stays.
pub fn sent(directory: &str, whole: &Json) -> Json {
    let mut out = json::map([]);
    for (name, value) in whole.at("attrs").fields() {
        let kind = attributes(directory).iter().find(|one| one.name == name).map(|one| one.kind);
        let value = match kind {
            Some(Kind::Words) => Json::List(filled(value)),
            _ => value.clone(),
        };
        let nothing = match &value {
            Json::Null => true,
            Json::Text(text) => text.trim().is_empty(),
            Json::Map(texts) => texts.iter().all(|(_, text)| text.text().trim().is_empty()),
            _ => false,
        };
        if !nothing {
            out.put(name, value);
        }
    }
    out
}

fn filled(value: &Json) -> Vec<Json> {
    let Json::List(all) = value else { return Vec::new() };
    let words = all.iter().map(|word| word.text().trim()).filter(|word| !word.is_empty());
    words.map(|word| Json::from(word.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_empty_is_not_sent() {
        let whole = json::read(
            r#"{"attrs":{"group":"","needs_subject":false,"aliases":["a"," ",""],"duties":{"kk":"","ru":" "},"made_up":7}}"#,
        )
        .unwrap_or_default();
        assert_eq!(
            json::write(&sent("position", &whole)),
            r#"{"needs_subject":false,"aliases":["a"],"made_up":7}"#
        );
    }
}
