//! A small tree of elements, for XML and for fragments of HTML.

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    /// Local name in lower case, without `qti-` and hyphens: `choiceinteraction`.
    pub name: String,
    /// Local name as it was written, for messages and MathML.
    pub written: String,
    /// Attributes, names treated as the element's.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<Child>,
    /// Line where it begins, from 1.
    pub line: u32,
}

/// A part of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Child {
    /// An element.
    Node(Node),
    /// Text.
    Text(String),
}

/// A name by which elements of QTI 2 and 3 meet: `qti-choice-interaction` and
/// `choiceInteraction` are both `choiceinteraction`.
pub fn canon(name: &str) -> String {
    let local = name.rsplit(':').next().unwrap_or(name);
    let local = local.strip_prefix("qti-").unwrap_or(local);
    local.chars().filter(|c| *c != '-').flat_map(char::to_lowercase).collect()
}

impl Node {
    /// A new element.
    pub fn new(written: &str, line: u32) -> Node {
        let local = written.rsplit(':').next().unwrap_or(written);
        Node { name: canon(written), written: local.to_owned(), line, ..Node::default() }
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute, empty where there is none.
    pub fn attr(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The elements within.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|child| match child {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// The elements of a name directly within.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.nodes().filter(move |node| node.name == name)
    }

    /// The first element of a name directly within.
    pub fn one(&self, name: &str) -> Option<&Node> {
        self.nodes().find(|node| node.name == name)
    }

    /// The first element of a name anywhere within.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.nodes().find_map(|node| if node.name == name { Some(node) } else { node.find(name) })
    }

    /// All elements anywhere within for which `wanted` holds, in order; not within each other.
    pub fn select<'a>(&'a self, wanted: &impl Fn(&Node) -> bool, out: &mut Vec<&'a Node>) {
        for node in self.nodes() {
            if wanted(node) {
                out.push(node);
            } else {
                node.select(wanted, out);
            }
        }
    }

    /// All text within.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(text),
                Child::Node(node) => node.collect(out),
            }
        }
    }
}
