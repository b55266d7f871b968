//! Telling a person that somebody signed in from a device that was not seen before.

use domain::{
    notice::{Arg, Event, Notice, args},
    sql,
};
use serde::Deserialize;

use super::tell;
use crate::{
    error::Fault,
    ports::{Ports, read},
    save::Change,
};

#[derive(Deserialize)]
struct Known {
    sessions: i64,
    here: i64,
}

/// Puts the notice into the batch of a sign-in: `session` is the one that begins, `device` browser
/// and system in words. Sessions are remembered for a month after their end; the first of an
/// account tells nobody, because there is nothing to compare it with.
pub async fn noticed(
    ports: &Ports<'_>,
    change: &mut Change,
    (account, session, device): (&str, &str, &str),
) -> Result<(), Fault> {
    let known: Option<Known> = read(
        ports.db,
        sql!(
            "SELECT count(*) AS sessions, count(*) FILTER (WHERE device = ?2) AS here
             FROM session WHERE account = ?1",
            account,
            device
        ),
    )
    .await?
    .first()?;
    if known.is_some_and(|known| known.sessions > 0 && known.here == 0) {
        let notice = Notice {
            account: account.to_owned(),
            event: Event::AccountNewDevice,
            object: ("session", session.to_owned()),
            key: session.to_owned(),
            args: args([
                ("device", Arg::Text(device.to_owned())),
                ("moment", Arg::Moment(ports.now)),
            ]),
        };
        tell(ports, change, &notice);
    }
    Ok(())
}
