//! Tests of knowledge: what the law counts ([`rules`]), which tasks a form takes ([`blueprint`],
//! [`pool`], [`draw`]) and where the chance comes from ([`seed`]), what leaves the server and how it
//! is sealed ([`deliver`], [`seal`]), how an attempt runs ([`attempt`]), and what comes out
//! ([`score`], [`appeal`], [`certificate`]); what a line that is long out leaves to paper ([`form`],
//! [`paper`]).
//!
//! Pure as the rest: the clock, the secret of the exam and the rows of the bank are arguments.

pub mod appeal;
pub mod attempt;
pub mod blueprint;
pub mod certificate;
pub mod deliver;
pub mod draw;
pub mod form;
pub mod paper;
pub mod pool;
pub mod rules;
pub mod score;
pub mod seal;
pub mod seed;
pub mod sql;
