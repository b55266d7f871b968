//! The context of one request.

use domain::shared::{lang::Lang, refusal::Refusal};

use crate::{
    http::decode,
    ports::{Ports, Rows},
};

/// Everything a handler knows beside the request itself.
pub struct Cx<'a> {
    /// The world.
    pub ports: &'a Ports<'a>,
    /// The language of the reader.
    pub lang: Lang,
    /// Who is signed in.
    pub actor: Option<domain::account::actor::Actor>,
    /// The answer that was given before to the request's idempotency key, if it has one: rows read
    /// together with the actor.
    pub given: Option<Rows>,
    /// Parameters of the address, decoded.
    pub params: Vec<(String, String)>,
    /// Identifier of the request, in every log line and error answer.
    pub request_id: String,
}

impl Cx<'_> {
    /// A parameter of the address. The route table guarantees that it is there; an unknown
    /// name gives an empty text.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value)
    }

    /// The person who is signed in; routes that need one never run without.
    pub fn actor(&self) -> Result<&domain::account::actor::Actor, Refusal> {
        self.actor
            .as_ref()
            .ok_or_else(|| Refusal::new(domain::shared::refusal::Kind::SignIn, "sign_in"))
    }
}

/// Decoded parameters of a match.
pub(crate) fn params(found: &matchit::Params<'_, '_>) -> Vec<(String, String)> {
    found.iter().map(|(name, value)| (name.to_owned(), decode(value, false))).collect()
}
