//! Tests of knowledge in the cabinet: forms and what they commit to, sessions and who sits, results,
//! appeals and what is decided on them, certificates. An attempt itself runs in the worker `exam`;
//! what joins the two are rows and a token of which the database has the SHA-256.

pub mod acts;
pub mod appeals;
pub mod applicants;
pub mod certificate;
pub mod doors;
pub mod draws;
pub mod forms;
pub mod left;
pub mod mine;
pub mod mine_page;
pub mod paper;
pub mod people;
pub mod protocols;
pub mod publish;
pub mod rescore;
pub mod room;
pub mod rulings;
pub mod sessions;
pub mod terms;
pub mod told;

use domain::{
    account::permission::Permission,
    shared::{id::is_ulid, refusal::Refusal},
};

use crate::{cx::Cx, error::Fault, ports::Ports};

/// The topic of the outbox: a decision was signed, attempts are to be scored anew.
pub const RULED: &str = "exam.ruled";

/// An identifier of the address; what has not its shape is not found.
fn id<'a>(cx: &'a Cx<'_>, name: &str) -> Result<&'a str, Refusal> {
    let id = cx.param(name);
    if is_ulid(id) { Ok(id) } else { Err(Refusal::not_found()) }
}

/// Refuses whoever has none of some rights; what they may not even see is "not found".
fn any_of(cx: &Cx<'_>, rights: &[Permission]) -> Result<(), crate::error::Error> {
    let actor = cx.actor()?;
    let has = rights.iter().any(|right| actor.may_somewhere(*right));
    if has { Ok(()) } else { Err(Refusal::not_found().into()) }
}

/// 32 random bytes.
fn random32(ports: &Ports<'_>) -> [u8; 32] {
    let mut bytes = [0; 32];
    (ports.random)(&mut bytes);
    bytes
}

/// The key under which secrets of forms lie in the database; the worker `exam` has the same.
fn key(ports: &Ports<'_>) -> Result<[u8; 32], Fault> {
    let key = ports.config.exam_key.as_slice();
    key.try_into().map_err(|_| Fault::new("EXAM_KEY must have 32 bytes"))
}
