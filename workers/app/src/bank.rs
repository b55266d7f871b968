//! The bank of test items: list and search, items with their versions, the commands of their way,
//! import, duplicates, the passport.

pub mod import;
mod index;
mod item;
mod list;
mod twins;

pub use index::{catch_up, index};

use domain::{
    account::{actor::Actor, permission::Permission},
    bank::life::Part,
};

use crate::{route, routes::Route};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/bank/items", May(ItemRead), Cabinet, list::list),
    route!(Post "/api/v1/cabinet/bank/items", May(ItemWrite), Cabinet, item::create),
    route!(Get "/api/v1/cabinet/bank/items/{id}", May(ItemRead), Cabinet, item::one),
    route!(Put "/api/v1/cabinet/bank/items/{id}", May(ItemWrite), Cabinet, item::write),
    route!(Post "/api/v1/cabinet/bank/items/{id}/commands", May(ItemRead), Cabinet, item::command),
    route!(Get "/api/v1/cabinet/bank/items/{id}/twins", May(ItemRead), Cabinet, twins::of_item),
    route!(Post "/api/v1/cabinet/bank/import", May(ItemImport), Cabinet, import::post),
    route!(Get "/api/v1/cabinet/bank/media/{hash}", May(ItemRead), Cabinet, item::media),
    route!(Get "/api/v1/cabinet/bank/passport", May(ItemRead), Cabinet, list::passport),
];

/// What somebody does for the bank.
fn parts(actor: &Actor) -> Vec<Part> {
    [
        (Permission::ItemWrite, Part::Author),
        (Permission::ItemReview, Part::Reviewer),
        (Permission::ItemLanguage, Part::Editor),
        (Permission::ItemCalibrate, Part::Psychometrician),
        (Permission::ItemManage, Part::Admin),
        (Permission::ItemGuard, Part::Security),
    ]
    .into_iter()
    .filter(|(permission, _)| actor.may_somewhere(*permission))
    .map(|(_, part)| part)
    .collect()
}

/// Whether somebody sees his own items alone: an author has no business with others' keys.
fn only_own(parts: &[Part]) -> bool {
    parts.iter().all(|part| *part == Part::Author)
}
