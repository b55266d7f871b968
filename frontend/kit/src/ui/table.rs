//! Tables that become cards on a phone.

use crate::reactive::AnyView;

use crate::dom::{El, el};

/// A table: keys of its headings, then the rows. The first heading names it for screen readers.
pub fn table(
    name: &'static str,
    heads: &'static [&'static str],
    rows: impl IntoIterator<Item = Vec<AnyView>>,
) -> El {
    let head = el("tr").children(heads.iter().map(|key| el("th").attr("scope", "col").t(key)));
    let body = rows.into_iter().map(|cells| {
        el("tr").children(
            cells
                .into_iter()
                .zip(heads)
                .map(|(cell, key)| el("td").attr_t("data-label", key).child(cell)),
        )
    });
    // It may be wider than its place: the keyboard can move it too.
    let frame = el("div").class("table-wrap").attr("tabindex", "0").attr("role", "region");
    frame.attr_t("aria-label", name).child(
        el("table")
            .class("to-cards")
            .child(el("caption").class("vh").t(name))
            .child(el("thead").child(head))
            .child(el("tbody").children(body)),
    )
}
