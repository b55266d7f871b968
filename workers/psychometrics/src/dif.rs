//! Whether an item favours one of two groups of equally able people, such as those who read the
//! test in Kazakh and those who read it in Russian.

pub mod mantel_haenszel;
pub mod purify;

pub use mantel_haenszel::{Class, Dif, Limits, Table, mantel_haenszel};
pub use purify::{Matching, Purified, purify};

/// Which group a person belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Those with whom the others are compared.
    Reference,
    /// Those who are compared.
    Focal,
    /// Neither: the person is left out.
    Neither,
}
