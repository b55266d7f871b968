//! The bank of test items: what an item is, what a candidate is given of it, its key, its way from
//! a draft to use, and what holds between its two languages.
//!
//! What is delivered ([`body::Body`]) and what is kept back ([`key::Key`]) are different types in
//! different columns: whoever loads a body has loaded no key.

pub mod answer;
pub mod api;
pub mod body;
pub mod complaint;
pub mod index;
pub mod key;
pub mod life;
pub mod likeness;
pub mod mark;
pub mod math;
pub mod meta;
pub mod parity;
pub mod release;
pub mod rich;
pub mod rule;
pub mod sql;
pub mod topic;

/// Enumerations that are stored by their codes.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$item_doc])* #[serde(rename = $code)] $item,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$item,)+];

            /// The code, as stored.
            pub const fn code(self) -> &'static str {
                match self { $($name::$item => $code,)+ }
            }

            /// From the code.
            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}
pub(crate) use codes;
