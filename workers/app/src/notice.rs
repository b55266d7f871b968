//! Telling people: what a feature calls, and what becomes of a notice afterwards.

use domain::notice::{Letter, Notice, StaffNotice};

use crate::{
    ports::Ports,
    save::{Change, Event},
};

/// Tells one person, in the batch of the change that is told.
pub fn tell(ports: &Ports<'_>, change: &mut Change, notice: &Notice) {
    let id = ports.new_id();
    change.statements.extend(notice.statements(ports.now, &id));
    change.events.push(Event { topic: "notice.created", key: id });
}

/// Tells everybody who holds a permission for an organisation, in the batch of the change.
pub fn tell_staff(ports: &Ports<'_>, change: &mut Change, notice: &StaffNotice) {
    let id = ports.new_id();
    change.statements.extend(notice.statements(ports.now, &id));
    change.events.push(Event { topic: "notice.created", key: id });
}

/// Writes to an address without an account, in the batch of the change.
pub fn write(ports: &Ports<'_>, change: &mut Change, letter: &Letter) {
    let id = ports.new_id();
    change.statements.extend(letter.statements(ports.now, &id));
    change.events.push(Event { topic: "message.created", key: id });
}
