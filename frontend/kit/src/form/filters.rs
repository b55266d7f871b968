//! Filters of a list. The address is their state: sending them goes to the list that they name.
//! On a narrow screen what is more than the words to look for is folded, so that the list is seen.

use crate::{
    dom::{El, div, el, live_text},
    nav,
    reactive::RwSignal,
    router::Place,
    state::app,
    ui::{
        self,
        errors::{self, Errors},
        field::{Options, field},
    },
};

/// Filters that are being put together.
pub struct Filters {
    to: Place,
    form: El,
    rest: Vec<El>,
    chosen: Vec<(&'static str, RwSignal<String>)>,
    wrong: Errors,
}

/// Begins the filters of the list at `to`.
pub fn filters(to: impl Into<Place>) -> Filters {
    let form = el("form").class("filters").attr("role", "search");
    Filters { to: to.into(), form, rest: Vec::new(), chosen: Vec::new(), wrong: errors::errors() }
}

impl Filters {
    /// The value of a name in the address, to be changed.
    fn value(&mut self, name: &'static str) -> RwSignal<String> {
        let value = app().place.with_untracked(|place| place.get(name).to_owned());
        let signal = RwSignal::new(value);
        self.chosen.push((name, signal));
        signal
    }

    /// Words to look for.
    #[must_use]
    pub fn words(mut self, name: &'static str, label: &'static str) -> Filters {
        let value = self.value(name);
        self.form = self.form.child(field(name, label, self.wrong).input("search", value));
        self
    }

    /// One of a list.
    #[must_use]
    pub fn one_of(mut self, name: &'static str, label: &'static str, options: Options) -> Filters {
        let value = self.value(name);
        self.rest.push(field(name, label, self.wrong).select(options, value));
        self
    }

    /// What the address says already and this form does not ask stays as it is.
    #[must_use]
    pub fn keep(mut self, name: &'static str) -> Filters {
        self.value(name);
        self
    }

    /// The form with its button.
    pub fn done(self, label: &'static str) -> El {
        let (to, chosen) = (self.to, self.chosen);
        let set = chosen.iter().filter(|(name, value)| {
            *name != "q" && value.with_untracked(|value| !value.is_empty())
        });
        let set = set.count();
        let open = RwSignal::new(set > 0);
        let fold =
            ui::button("button quiet fold", "filters.more", move |_| open.update(|on| *on = !*on))
                .child(live_text(move || if set > 0 { format!(" ({set})") } else { String::new() }))
                .attr_live("aria-expanded", move || Some(open.get().to_string()));
        let rest = div("rest").attr_live("class", move || {
            Some(if open.get() { "rest" } else { "rest folded" }.to_owned())
        });
        let more = !self.rest.is_empty();
        self.form
            .on("submit", move |event| {
                event.prevent_default();
                let place = chosen.iter().fold(to.clone(), |place, (name, value)| {
                    place.with(name, value.get_untracked().trim())
                });
                nav::go(place);
            })
            .maybe(more.then_some(fold))
            .maybe(more.then(|| rest.children(self.rest)))
            .child(el("button").attr("type", "submit").class("button second").t(label))
    }
}
