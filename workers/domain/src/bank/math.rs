//! Formulas: Presentation MathML (MathML Core) as a tree of allowed names. What is not allowed
//! cannot be held, so no formula can carry a script, a link or a style.

use serde::{Deserialize, Serialize};

/// Elements that a formula may have (MathML Core; `semantics` is unwrapped by the readers).
pub const ELEMENTS: [&str; 29] = [
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "merror",
    "mpadded",
    "mphantom",
    "mfenced",
    "menclose",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "none",
    "mtable",
    "mtr",
    "mtd",
];

/// Attributes that a formula may have; none of them holds an address or a style.
pub const ATTRIBUTES: [&str; 25] = [
    "accent",
    "accentunder",
    "close",
    "columnalign",
    "columnspan",
    "depth",
    "dir",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "movablelimits",
    "notation",
    "open",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separators",
    "stretchy",
    "width",
];

/// An element of a formula. Its name and attributes are those of the lists above
/// ([`Math::is_safe`]).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Math {
    /// Name of the element.
    #[serde(rename = "e")]
    pub name: String,
    /// Attributes.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    /// Text of a leaf (`mi`, `mn`, `mo`, `ms`, `mtext`).
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub leaf: String,
    /// Elements within.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Math>,
}

impl Math {
    /// Whether every name of the tree is allowed, and no value could break out of its place.
    pub fn is_safe(&self) -> bool {
        ELEMENTS.contains(&self.name.as_str())
            && self.attributes.iter().all(|(name, value)| {
                ATTRIBUTES.contains(&name.as_str())
                    && value.chars().count() <= 40
                    && !value.contains([':', '<', '>', '"', '\\'])
            })
            && self.children.iter().all(Math::is_safe)
    }

    /// Its letters and numbers one after another.
    pub fn text(&self) -> String {
        let mut out = self.leaf.clone();
        for child in &self.children {
            out.push_str(&child.text());
        }
        out
    }

    /// How many elements there are, and how deep.
    pub fn size(&self) -> (usize, usize) {
        self.children
            .iter()
            .map(Math::size)
            .fold((1, 1), |(n, deep), (m, d)| (n + m, deep.max(d + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_formulas_are_safe() {
        let leaf = |name: &str| Math { name: name.into(), leaf: "x".into(), ..Math::default() };
        let root = |child| Math { name: "math".into(), children: vec![child], ..Math::default() };
        assert!(root(leaf("mi")).is_safe());
        assert!(!root(leaf("script")).is_safe());
        assert!(!root(leaf("annotation-xml")).is_safe());
        let mut linked = leaf("mi");
        linked.attributes.push(("href".into(), "javascript:1".into()));
        assert!(!root(linked).is_safe());
        assert_eq!(root(leaf("mi")).text(), "x");
    }
}
