//! The bank of test items: list and search, items with their versions, the commands of their way,
//! import, exports, duplicates, topics, complaints, the passport.

pub mod import;
mod index;
mod item;
mod keeping;
mod list;
mod media;
mod release;
mod sign;
mod twins;

pub use index::{catch_up, index};
pub(crate) use media::inline;

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
    route!(Get "/api/v1/cabinet/bank/items/{id}/sign", May(ItemRead), Cabinet, sign::all),
    route!(Post "/api/v1/cabinet/bank/items/{id}/sign", May(ItemWrite), Cabinet, sign::put),
    route!(Post "/api/v1/cabinet/bank/items/{id}/sign/remove", May(ItemWrite), Cabinet, sign::remove),
    route!(Get "/api/v1/cabinet/bank/items/{id}/twins", May(ItemRead), Cabinet, twins::of_item),
    route!(Get "/api/v1/cabinet/bank/items/{id}/file", May(ItemWrite), Cabinet, release::own),
    route!(Post "/api/v1/cabinet/bank/items/{id}/complaints", May(ItemRead), Cabinet, keeping::complain),
    route!(Get "/api/v1/cabinet/bank/complaints", May(ItemRead), Cabinet, keeping::complaints),
    route!(Post "/api/v1/cabinet/bank/complaints/{id}/decision", May(ItemManage), Cabinet, keeping::decide),
    route!(Post "/api/v1/cabinet/bank/import", May(ItemImport), Cabinet, import::post),
    route!(Get "/api/v1/cabinet/bank/exports", May(ItemRead), Cabinet, release::all),
    route!(Post "/api/v1/cabinet/bank/exports", May(ItemExport), Cabinet, release::ask),
    route!(Post "/api/v1/cabinet/bank/exports/{id}/decision", May(ItemGuard), Cabinet, release::decision),
    route!(Post "/api/v1/cabinet/bank/exports/{id}/file", May(ItemExport), Cabinet, release::file),
    route!(Post "/api/v1/cabinet/bank/marks", May(ItemGuard), Cabinet, release::marks),
    route!(Post "/api/v1/cabinet/bank/media", May(ItemWrite), Cabinet, media::post),
    route!(Get "/api/v1/cabinet/bank/media/{hash}", May(ItemRead), Cabinet, media::get),
    route!(Get "/api/v1/cabinet/bank/topics", May(ItemRead), Cabinet, keeping::topics),
    route!(Put "/api/v1/cabinet/bank/topics", May(ItemManage), Cabinet, keeping::write_topic),
    route!(Post "/api/v1/cabinet/bank/topics/remove", May(ItemManage), Cabinet, keeping::remove_topic),
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
