//! Sending messages: which gateway, when again, and never twice. Over ports, so that the tests
//! run all of it natively; the worker `dispatch` gives it its runtime.

pub mod express;
mod gateway;
mod ports;
mod push;
mod queue;
mod ready;
mod settings;
mod store;
mod sweep;

pub use ports::{Call, Http, Lost, Post, Reply, World};
pub use queue::send;
pub use settings::{MailApi, MailBinding, Raw, Settings, Sms, SmsKind, Vapid};
pub use sweep::{given_up, sweep};
