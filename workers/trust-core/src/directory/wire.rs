//! The directory as canonical CBOR.

use super::{ChannelEntry, Directory, Epoch, MAX_ENTRIES, MAX_EPOCHS, MAX_QUESTIONS, Person, Role};
use crate::{
    Error,
    cbor::{Reader, Writer, canonical},
    sealed::BoxKey,
};

/// The first element, so that no other signed array is taken for a directory.
const TITLE: &str = "TRUST-1 keys";

/// Elements of a directory without questionnaires.
const PARTS: usize = 7;

pub(super) fn write(directory: &Directory) -> Vec<u8> {
    let mut out = Writer::new();
    // Directories of before there were signed questionnaires stay as they were.
    out.array(if directory.questions.is_empty() { PARTS } else { PARTS + 1 })
        .text(TITLE)
        .number(directory.version.into());
    out.number(directory.issued.into()).number(directory.not_after.into()).boolean(directory.demo);
    out.array(directory.people.len());
    for person in &directory.people {
        out.array(5).number(person.id.into()).number(person.role as u64);
        out.text(&person.name).bytes(&person.sign).array(person.epochs.len());
        for epoch in &person.epochs {
            out.array(4).number(epoch.from.into()).number(epoch.until.into());
            out.bytes(epoch.key.bytes()).bytes(&epoch.signature);
        }
    }
    out.array(directory.channels.len());
    for channel in &directory.channels {
        out.array(3).text(&channel.name);
        for ids in [&channel.officers, &channel.custodians] {
            out.array(ids.len());
            for id in ids {
                out.number((*id).into());
            }
        }
    }
    if !directory.questions.is_empty() {
        out.array(directory.questions.len());
        for hash in &directory.questions {
            out.bytes(hash);
        }
    }
    out.done()
}

pub(super) fn read(bytes: &[u8]) -> Result<Directory, Error> {
    let mut from = Reader::new(bytes);
    let parts = from.list(PARTS + 1)?;
    if parts < PARTS || from.text()? != TITLE {
        return Err(Error::Malformed);
    }
    let directory = Directory {
        version: from.u32()?,
        issued: from.u32()?,
        not_after: from.u32()?,
        demo: from.boolean()?,
        people: list(&mut from, MAX_ENTRIES, person)?,
        channels: list(&mut from, MAX_ENTRIES, channel)?,
        questions: match parts {
            PARTS => Vec::new(),
            _ => list(&mut from, MAX_QUESTIONS, |from| from.fixed())?,
        },
    };
    canonical(bytes, &write(&directory))?;
    Ok(directory)
}

fn list<T>(
    from: &mut Reader<'_>,
    most: usize,
    one: impl Fn(&mut Reader<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    (0..from.list(most)?).map(|_| one(from)).collect()
}

fn person(from: &mut Reader<'_>) -> Result<Person, Error> {
    from.array(5)?;
    Ok(Person {
        id: from.u16()?,
        role: match from.u8()? {
            0 => Role::Officer,
            1 => Role::Custodian,
            _ => return Err(Error::Malformed),
        },
        name: from.text()?,
        sign: from.fixed()?,
        epochs: list(from, MAX_EPOCHS, epoch)?,
    })
}

fn epoch(from: &mut Reader<'_>) -> Result<Epoch, Error> {
    from.array(4)?;
    Ok(Epoch {
        from: from.u32()?,
        until: from.u32()?,
        key: BoxKey::read(from.bytes()?)?,
        signature: from.fixed()?,
    })
}

fn channel(from: &mut Reader<'_>) -> Result<ChannelEntry, Error> {
    from.array(3)?;
    Ok(ChannelEntry {
        name: from.text()?,
        officers: list(from, MAX_ENTRIES, |from| from.u16())?,
        custodians: list(from, MAX_ENTRIES, |from| from.u16())?,
    })
}
