//! Elements. `view!` makes a type, and the code for it, of every fragment, and puts fragments
//! without expressions in by `innerHTML`, which Trusted Types forbid. Here the nodes are made at
//! once, and Leptos keeps the pieces up to date that follow signals.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Comment, Element, Event, Node as DomNode};

use crate::reactive::Make;
pub use crate::reactive::{follow, quietly, settled};

/// A piece of the page: a node, or a fragment of several.
pub type AnyView = DomNode;

/// An element that is being put together.
pub struct El(Element);

/// An element by its tag; `svg:` before the tag makes it an element of SVG.
pub fn el(tag: &'static str) -> El {
    let made = match tag.strip_prefix("svg:") {
        Some(tag) => document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag),
        None => document().create_element(tag),
    };
    match made {
        Ok(element) => El(element),
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

/// An element of a formula (MathML).
pub fn math(name: &str) -> El {
    match document().create_element_ns(Some("http://www.w3.org/1998/Math/MathML"), name) {
        Ok(element) => El(element),
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

/// A `div` with classes: the most frequent element.
pub fn div(class: &'static str) -> El {
    el("div").class(class)
}

fn fragment() -> AnyView {
    document().create_document_fragment().unchecked_into()
}

fn text_node(text: &str) -> web_sys::Text {
    document().create_text_node(text)
}

fn add(to: &DomNode, what: &DomNode) {
    let _ = to.append_child(what);
}

/// Nothing.
pub fn nothing() -> AnyView {
    fragment()
}

/// A piece of the page that is made anew whenever a signal that it reads changes.
pub fn live(make: impl Fn() -> AnyView + 'static) -> AnyView {
    live_boxed(Box::new(make))
}

fn live_boxed(make: Box<dyn Make<AnyView>>) -> AnyView {
    // It stands between two marks, wherever its parent is moved to.
    let (begin, end) = (mark(), mark());
    let piece = fragment();
    add(&piece, &begin);
    add(&piece, &end);
    follow(move || {
        let made = make.make();
        while let Some(old) = begin.next_sibling().filter(|node| !node.is_same_node(Some(&end))) {
            if let Some(parent) = old.parent_node() {
                let _ = parent.remove_child(&old);
            }
        }
        if let Some(parent) = end.parent_node() {
            let _ = parent.insert_before(&made, Some(&end));
        }
    });
    piece
}

fn mark() -> Comment {
    document().create_comment("")
}

/// A text that follows the signals that it reads.
pub fn live_text(make: impl Fn() -> String + 'static) -> AnyView {
    live_text_boxed(Box::new(make))
}

fn live_text_boxed(make: Box<dyn Make<String>>) -> AnyView {
    let node = text_node("");
    let shown = node.clone();
    follow(move || shown.set_data(&make.make()));
    node.into()
}

/// Several pieces in a row.
pub fn many(pieces: impl IntoIterator<Item = AnyView>) -> AnyView {
    let all = fragment();
    for piece in pieces {
        add(&all, &piece);
    }
    all
}

fn set_property(element: &Element, name: &str, value: &JsValue) {
    let _ = js_sys::Reflect::set(element, &JsValue::from_str(name), value);
}

impl El {
    /// Classes.
    pub fn class(self, names: &'static str) -> El {
        self.attr("class", names)
    }

    /// An attribute.
    pub fn attr(self, name: &'static str, value: impl AsRef<str>) -> El {
        let _ = self.0.set_attribute(name, value.as_ref());
        self
    }

    /// The attribute `id`.
    pub fn id(self, value: impl AsRef<str>) -> El {
        self.attr("id", value)
    }

    /// An attribute that follows signals; `None` takes it away.
    pub fn attr_live(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> El {
        self.attr_boxed(name, Box::new(value))
    }

    fn attr_boxed(self, name: &'static str, value: Box<dyn Make<Option<String>>>) -> El {
        let element = self.0.clone();
        follow(move || {
            let _ = match value.make() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            };
        });
        self
    }

    /// An attribute without a value that is there or not, by signals.
    pub fn flag(self, name: &'static str, value: impl Fn() -> bool + 'static) -> El {
        self.attr_live(name, move || value().then(String::new))
    }

    fn property(self, name: &'static str, value: Box<dyn Make<JsValue>>) -> El {
        let element = self.0.clone();
        follow(move || set_property(&element, name, &value.make()));
        self
    }

    /// The property `value` of a form control.
    pub fn value(self, value: impl Fn() -> String + 'static) -> El {
        self.property("value", Box::new(move || JsValue::from_str(&value())))
    }

    /// The property `checked` of a form control.
    pub fn checked(self, value: impl Fn() -> bool + 'static) -> El {
        self.property("checked", Box::new(move || JsValue::from_bool(value())))
    }

    /// The property `selected` of an option.
    pub fn selected(self, value: bool) -> El {
        set_property(&self.0, "selected", &JsValue::from_bool(value));
        self
    }

    /// Listens to an event.
    pub fn on(self, name: &'static str, act: impl FnMut(Event) + 'static) -> El {
        self.on_boxed(name, Box::new(act))
    }

    fn on_boxed(self, name: &'static str, act: Box<dyn FnMut(Event)>) -> El {
        // It lives as long as the element does: the browser collects both.
        let act = Closure::wrap(act).into_js_value();
        let _ = self.0.add_event_listener_with_callback(name, act.unchecked_ref());
        self
    }

    /// A child.
    pub fn child(self, child: impl Into<Node>) -> El {
        add(&self.0, &child.into().0);
        self
    }

    /// Children.
    pub fn children(mut self, children: impl IntoIterator<Item = impl Into<Node>>) -> El {
        for child in children {
            self = self.child(child);
        }
        self
    }

    /// A child where there is one.
    pub fn maybe(self, child: Option<impl Into<Node>>) -> El {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// A text of the interface, in the language of the moment.
    pub fn t(self, key: &'static str) -> El {
        self.child(live_text(move || crate::text::t(key).to_owned()))
    }

    /// An attribute with a text of the interface (`aria-label`, `title`, `placeholder`).
    pub fn attr_t(self, name: &'static str, key: &'static str) -> El {
        self.attr_live(name, move || Some(crate::text::t(key).to_owned()))
    }

    /// Done.
    pub fn done(self) -> AnyView {
        self.0.into()
    }
}

/// Anything that can stand inside an element.
pub struct Node(AnyView);

impl From<AnyView> for Node {
    fn from(view: AnyView) -> Node {
        Node(view)
    }
}
impl From<El> for Node {
    fn from(element: El) -> Node {
        Node(element.done())
    }
}
impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node(text_node(text).into())
    }
}
impl From<String> for Node {
    fn from(text: String) -> Node {
        Node(text_node(&text).into())
    }
}
