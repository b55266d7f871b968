//! What a candidate is given of an item in one language. There is no field for a key here, and
//! there never will be: the types of keys are in [`super::key`] and nothing here names them.

use serde::{Deserialize, Serialize};

use super::{
    codes,
    rich::{Image, Rich},
};

codes! {
    /// What is asked of the candidate.
    Kind {
        /// One of several options.
        Single = "single",
        /// Some of several options.
        Multiple = "multiple",
        /// Pairs of two lists.
        Matching = "matching",
        /// Things in their order.
        Ordering = "ordering",
        /// A number.
        Number = "number",
        /// Places in an image.
        Hotspot = "hotspot",
        /// Words: one text, or gaps in a text that are written or chosen.
        Text = "text",
    }
}

/// An item in one language as it is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The question.
    pub stem: Rich,
    /// What is to be done.
    pub task: Task,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Choose one.
    Single {
        /// The options.
        options: Vec<Opt>,
        /// Whether their order may change.
        #[serde(default)]
        shuffle: bool,
    },
    /// Choose some.
    Multiple {
        /// The options.
        options: Vec<Opt>,
        /// Whether their order may change.
        #[serde(default)]
        shuffle: bool,
        /// Least number of chosen options.
        #[serde(default)]
        least: u32,
        /// Largest number of chosen options; 0 = no limit.
        #[serde(default)]
        most: u32,
    },
    /// Find for each of the left the one of the right.
    Matching {
        /// What is matched.
        left: Vec<Opt>,
        /// With what.
        right: Vec<Opt>,
        /// Whether their order may change.
        #[serde(default)]
        shuffle: bool,
        /// Largest number of pairs that one of the right may be in; 0 = no limit.
        #[serde(default)]
        reuse: u32,
    },
    /// Put them in order.
    Ordering {
        /// The things, in the order in which they are shown.
        options: Vec<Opt>,
        /// Whether the shown order may change.
        #[serde(default)]
        shuffle: bool,
    },
    /// Write a number.
    Number {
        /// Unit that is shown behind the field.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        unit: String,
    },
    /// Show places in an image.
    Hotspot {
        /// The image.
        image: Image,
        /// Areas to choose from; empty = any point may be shown.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        areas: Vec<Area>,
        /// Largest number of places; 0 = no limit.
        #[serde(default)]
        most: u32,
    },
    /// Fill the gaps. A gap that the stem does not name stands below it.
    Text {
        /// The gaps.
        gaps: Vec<Gap>,
        /// Whether the order of what can be chosen may change.
        #[serde(default)]
        shuffle: bool,
    },
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opt {
    /// Identifier within the item, the same in both languages.
    pub id: String,
    /// What is read.
    pub text: Rich,
    /// Whether it keeps its place when the others change theirs ("all of these").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fixed: bool,
}

/// A gap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Gap {
    /// Identifier within the item.
    pub id: String,
    /// What can be chosen; empty = it is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Opt>,
    /// About how many characters are expected; 0 = unknown.
    #[serde(default)]
    pub width: u32,
}

/// An area of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Identifier within the item.
    pub id: String,
    /// Where.
    pub shape: Shape,
    /// What is there, in words, for who does not see the image. It is delivered, so it describes
    /// the place and does not answer the question; empty = the number alone names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// A shape in pixels of the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Left, top, right, bottom.
    Rect([i32; 4]),
    /// Centre and radius.
    Circle([i32; 3]),
    /// Corners.
    Poly(Vec<(i32, i32)>),
    /// Centre, horizontal and vertical radius.
    Ellipse([i32; 4]),
    /// The whole image.
    All,
}

impl Shape {
    /// Whether a point lies in it, its edge included.
    pub fn has(&self, x: i32, y: i32) -> bool {
        let (fx, fy) = (f64::from(x), f64::from(y));
        match self {
            Shape::Rect([left, top, right, bottom]) => {
                (left.min(right)..=left.max(right)).contains(&&x)
                    && (top.min(bottom)..=top.max(bottom)).contains(&&y)
            }
            Shape::Circle([cx, cy, r]) => {
                let (dx, dy) = (fx - f64::from(*cx), fy - f64::from(*cy));
                dx * dx + dy * dy <= f64::from(*r) * f64::from(*r)
            }
            Shape::Ellipse([cx, cy, rx, ry]) => {
                let (rx, ry) = (f64::from(*rx), f64::from(*ry));
                let (dx, dy) = (fx - f64::from(*cx), fy - f64::from(*cy));
                rx > 0.0 && ry > 0.0 && (dx / rx).powi(2) + (dy / ry).powi(2) <= 1.0
            }
            Shape::Poly(corners) => within(corners, fx, fy),
            Shape::All => true,
        }
    }
}

/// Even-odd rule; the edge itself counts as within.
fn within(corners: &[(i32, i32)], x: f64, y: f64) -> bool {
    let mut inside = false;
    for (at, &(bx, by)) in corners.iter().enumerate() {
        let (ax, ay) = corners[(at + corners.len() - 1) % corners.len()];
        let (ax, ay, bx, by) = (f64::from(ax), f64::from(ay), f64::from(bx), f64::from(by));
        let cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        if cross == 0.0 && x >= ax.min(bx) && x <= ax.max(bx) && y >= ay.min(by) && y <= ay.max(by)
        {
            return true;
        }
        if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            inside = !inside;
        }
    }
    inside
}

impl Task {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Task::Single { .. } => Kind::Single,
            Task::Multiple { .. } => Kind::Multiple,
            Task::Matching { .. } => Kind::Matching,
            Task::Ordering { .. } => Kind::Ordering,
            Task::Number { .. } => Kind::Number,
            Task::Hotspot { .. } => Kind::Hotspot,
            Task::Text { .. } => Kind::Text,
        }
    }

    /// The lists of options with the place that each has in the item (`options`, `left`, `right`,
    /// or the identifier of a gap).
    pub fn lists(&self) -> Vec<(&str, &[Opt])> {
        match self {
            Task::Single { options, .. }
            | Task::Multiple { options, .. }
            | Task::Ordering { options, .. } => vec![("options", options)],
            Task::Matching { left, right, .. } => vec![("left", left), ("right", right)],
            Task::Text { gaps, .. } => {
                gaps.iter().map(|gap| (gap.id.as_str(), gap.options.as_slice())).collect()
            }
            Task::Number { .. } | Task::Hotspot { .. } => Vec::new(),
        }
    }
}

impl Body {
    /// Everything that is read, stem first.
    pub fn texts(&self) -> impl Iterator<Item = &Rich> {
        let options = self.task.lists().into_iter().flat_map(|(_, list)| list.iter());
        std::iter::once(&self.stem).chain(options.map(|option| &option.text))
    }

    /// Hashes of all images, each once.
    pub fn images(&self) -> Vec<&str> {
        let mut found: Vec<&str> =
            self.texts().flat_map(Rich::images).map(|image| image.hash.as_str()).collect();
        if let Task::Hotspot { image, .. } = &self.task {
            found.push(&image.hash);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// All words, for searching and comparing.
    pub fn words(&self) -> String {
        let texts: Vec<String> = self.texts().map(Rich::text).collect();
        texts.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_within_shapes_or_not() {
        let poly = Shape::Poly(vec![(0, 0), (10, 0), (10, 10), (0, 10)]);
        for (shape, x, y, within) in [
            (Shape::Rect([0, 0, 10, 5]), 10, 5, true),
            (Shape::Rect([10, 5, 0, 0]), 3, 3, true),
            (Shape::Rect([0, 0, 10, 5]), 11, 5, false),
            (Shape::Circle([5, 5, 5]), 5, 10, true),
            (Shape::Circle([5, 5, 5]), 9, 9, false),
            (Shape::Ellipse([5, 5, 5, 2]), 5, 8, false),
            (Shape::Ellipse([0, 0, 0, 0]), 0, 0, false),
            (poly.clone(), 5, 5, true),
            (poly.clone(), 0, 5, true),
            (poly, 11, 5, false),
            (Shape::Poly(Vec::new()), 0, 0, false),
            (Shape::All, 999, -1, true),
        ] {
            assert_eq!(shape.has(x, y), within, "{shape:?} {x} {y}");
        }
    }
}
