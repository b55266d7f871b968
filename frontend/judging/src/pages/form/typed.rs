//! What is typed into a form, read from a draft and written for the server.

use crate::json::{Json, map};

/// Tasks of one sort, as they are typed.
#[derive(Clone, Default)]
pub struct Cell {
    pub topic: String,
    pub level: String,
    pub kind: String,
    pub count: String,
}

/// A part.
#[derive(Clone, Default)]
pub struct Part {
    pub code: String,
    pub kk: String,
    pub ru: String,
    pub cells: Vec<Cell>,
}

/// What is typed.
#[derive(Clone, Default)]
pub struct Typed {
    pub kk: String,
    pub ru: String,
    pub purpose: String,
    pub group: String,
    pub subject: String,
    pub parts: Vec<Part>,
    pub from: String,
    pub to: String,
    pub cap: String,
    pub shuffle: bool,
    pub forward: bool,
    pub calculator: bool,
}

/// Per mille as percent, nothing where there is none.
fn percent(all: &Json, path: &str) -> String {
    match all.int(path) {
        None | Some(0) => String::new(),
        Some(n) => (n / 10).to_string(),
    }
}

/// A whole number; what is none goes to the server as it is, which says what is wrong.
fn number(text: &str) -> Json {
    text.trim().parse::<i64>().map_or_else(|_| Json::from(0_i64), Json::from)
}

fn per_mille(text: &str) -> Json {
    text.trim().parse::<i64>().map_or_else(|_| Json::from(0_i64), |n| Json::from(n * 10))
}

impl Typed {
    /// What a draft says.
    pub fn read(draft: &Json) -> Typed {
        let text = |name: &str| draft.str(name).to_owned();
        let cell = |one: &Json| Cell {
            topic: one.str("topic").to_owned(),
            level: one.str("level").to_owned(),
            kind: one.str("kind").to_owned(),
            count: one.int("count").unwrap_or(0).to_string(),
        };
        let part = |one: &Json| Part {
            code: one.str("code").to_owned(),
            kk: one.str("title.kk").to_owned(),
            ru: one.str("title.ru").to_owned(),
            cells: one.list("cells").iter().map(cell).collect(),
        };
        let blueprint = draft.at("blueprint");
        Typed {
            kk: text("title.kk"),
            ru: text("title.ru"),
            purpose: text("purpose"),
            group: text("group"),
            subject: text("subject"),
            parts: blueprint.list("sections").iter().map(part).collect(),
            from: percent(blueprint, "difficulty.from"),
            to: percent(blueprint, "difficulty.to"),
            cap: percent(blueprint, "exposure_cap"),
            shuffle: blueprint.flag("shuffle"),
            forward: draft.flag("forward"),
            calculator: draft.flag("calculator"),
        }
    }

    /// As the server takes it.
    pub fn written(&self) -> Json {
        let both = |kk: &str, ru: &str| map([("kk", kk.into()), ("ru", ru.into())]);
        let cell = |one: &Cell| {
            let mut out =
                map([("topic", one.topic.as_str().into()), ("count", number(&one.count))]);
            for (name, value) in [("level", &one.level), ("kind", &one.kind)] {
                if !value.is_empty() {
                    out.put(name, value.as_str().into());
                }
            }
            out
        };
        let part = |one: &Part| {
            map([
                ("code", one.code.as_str().into()),
                ("title", both(&one.kk, &one.ru)),
                ("cells", Json::List(one.cells.iter().map(cell).collect())),
            ])
        };
        let mut blueprint = map([
            ("sections", Json::List(self.parts.iter().map(part).collect())),
            ("exposure_cap", per_mille(&self.cap)),
            ("shuffle", self.shuffle.into()),
        ]);
        if !self.from.trim().is_empty() || !self.to.trim().is_empty() {
            let window = map([("from", per_mille(&self.from)), ("to", per_mille(&self.to))]);
            blueprint.put("difficulty", window);
        }
        map([
            ("title", both(&self.kk, &self.ru)),
            ("purpose", self.purpose.as_str().into()),
            ("group", self.group.as_str().into()),
            ("subject", self.subject.as_str().into()),
            ("blueprint", blueprint),
            ("forward", self.forward.into()),
            ("calculator", self.calculator.into()),
        ])
    }
}

/// The parts of the rules for a group, each empty.
pub fn parts_of(terms: &Json, group: &str) -> Vec<Part> {
    let found = terms.list("groups").iter().find(|one| one.str("code") == group);
    let blocks = found.map(|group| group.list("blocks")).unwrap_or_default();
    let part = |block: &Json| Part {
        code: block.str("code").to_owned(),
        kk: block.str("title.kk").to_owned(),
        ru: block.str("title.ru").to_owned(),
        cells: vec![Cell { count: block.int("tasks").unwrap_or(0).to_string(), ..Cell::default() }],
    };
    blocks.iter().map(part).collect()
}
