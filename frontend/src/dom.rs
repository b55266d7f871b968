//! Elements with erased types. `view!` makes a type of every fragment, and puts fragments without
//! expressions in by `innerHTML`, which Trusted Types forbid. Here an element is always the same
//! type: the program stays small, and the page is made of nodes only.

use leptos::{
    ev,
    prelude::*,
    svg,
    tachys::html::{
        attribute::{
            any_attribute::{AnyAttribute, IntoAnyAttribute},
            custom::custom_attribute,
        },
        event::on,
        property::prop,
    },
};
use web_sys::Event;

/// An element that is being put together.
pub struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element by its tag; `svg:` before the tag makes it an element of SVG.
pub fn el(tag: &'static str) -> El {
    El { tag, attributes: Vec::new(), children: Vec::new() }
}

/// A `div` with classes: the most frequent element.
pub fn div(class: &'static str) -> El {
    el("div").class(class)
}

/// Nothing.
pub fn nothing() -> AnyView {
    ().into_any()
}

/// A piece of the page that is made anew whenever a signal that it reads changes.
pub fn live(make: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let make: Box<dyn FnMut() -> AnyView + Send> = Box::new(make);
    make.into_any()
}

/// A text that follows the signals that it reads.
pub fn live_text(make: impl Fn() -> String + Send + 'static) -> AnyView {
    let make: Box<dyn FnMut() -> String + Send> = Box::new(make);
    make.into_any()
}

/// Does something now and whenever a signal that it reads changes. One type for all of them.
pub fn follow(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(act);
}

/// A text made of signals that changes only when it really does.
pub fn settled(make: impl Fn() -> String + Send + Sync + 'static) -> Memo<String> {
    let make: Box<dyn Fn() -> String + Send + Sync> = Box::new(make);
    Memo::new(move |_| make())
}

/// Draws something without following what it reads.
pub fn quietly(draw: &dyn Fn() -> AnyView) -> AnyView {
    untrack(draw)
}

/// Several pieces in a row.
pub fn many(pieces: impl IntoIterator<Item = AnyView>) -> AnyView {
    pieces.into_iter().collect::<Vec<_>>().into_any()
}

impl El {
    /// Classes.
    pub fn class(self, names: &'static str) -> El {
        self.attr("class", names)
    }

    /// An attribute.
    pub fn attr(mut self, name: &'static str, value: impl Into<String>) -> El {
        let value: String = value.into();
        self.attributes.push(custom_attribute(name, value).into_any_attr());
        self
    }

    /// The attribute `id`.
    pub fn id(self, value: impl Into<String>) -> El {
        self.attr("id", value)
    }

    /// An attribute that follows signals; `None` takes it away.
    pub fn attr_live(
        mut self,
        name: &'static str,
        value: impl Fn() -> Option<String> + Send + 'static,
    ) -> El {
        let value: Box<dyn FnMut() -> Option<String> + Send> = Box::new(value);
        self.attributes.push(custom_attribute(name, value).into_any_attr());
        self
    }

    /// An attribute without a value that is there or not, by signals.
    pub fn flag(self, name: &'static str, value: impl Fn() -> bool + Send + 'static) -> El {
        self.attr_live(name, move || value().then(String::new))
    }

    /// The property `value` of a form control.
    pub fn value(mut self, value: impl Fn() -> String + Send + 'static) -> El {
        let value: Box<dyn FnMut() -> String + Send> = Box::new(value);
        self.attributes.push(prop("value", value).into_any_attr());
        self
    }

    /// The property `checked` of a form control.
    pub fn checked(mut self, value: impl Fn() -> bool + Send + 'static) -> El {
        let value: Box<dyn FnMut() -> bool + Send> = Box::new(value);
        self.attributes.push(prop("checked", value).into_any_attr());
        self
    }

    /// The property `selected` of an option.
    pub fn selected(mut self, value: bool) -> El {
        self.attributes.push(prop("selected", value).into_any_attr());
        self
    }

    /// Listens to an event.
    pub fn on(self, name: &'static str, act: impl FnMut(Event) + 'static) -> El {
        self.on_boxed(name, Box::new(act))
    }

    fn on_boxed(mut self, name: &'static str, act: Box<dyn FnMut(Event)>) -> El {
        self.attributes.push(on(ev::Custom::<Event>::new(name), act).into_any_attr());
        self
    }

    /// A child.
    pub fn child(mut self, child: impl Into<Node>) -> El {
        self.children.push(child.into().0);
        self
    }

    /// Children.
    pub fn children(mut self, children: impl IntoIterator<Item = impl Into<Node>>) -> El {
        self.children.extend(children.into_iter().map(|child| child.into().0));
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
        macro_rules! finish {
            ($element:expr) => {
                $element.add_any_attr(self.attributes).child(self.children).into_any()
            };
        }
        match self.tag {
            "svg:svg" => finish!(svg::svg()),
            "svg:g" => finish!(svg::g()),
            "svg:path" => finish!(svg::path()),
            "svg:rect" => finish!(svg::rect()),
            "svg:line" => finish!(svg::line()),
            "svg:circle" => finish!(svg::circle()),
            "svg:text" => finish!(svg::text()),
            "svg:title" => finish!(svg::title()),
            tag => finish!(leptos::html::custom(tag)),
        }
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
        Node(text.to_owned().into_any())
    }
}
impl From<String> for Node {
    fn from(text: String) -> Node {
        Node(text.into_any())
    }
}
