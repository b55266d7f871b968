//! No such page.

use crate::reactive::AnyView;

use crate::{
    nav::link,
    shell,
    ui::{load::empty, page::page as frame},
};

/// Says so and leads back.
pub fn page() -> AnyView {
    let home = link(shell::home()).class("button second").t("unknown.home");
    frame("unknown.title", None).child(empty("unknown.text", Some(home))).done()
}
