//! What a report says, as canonical CBOR.

use zeroize::Zeroizing;

use crate::{
    Error,
    cbor::{Reader, Writer, canonical},
    day::Day,
    directory::CUSTODIANS,
    file::{FileNote, MAX_FILES},
    identity::{HALF, Identity, SEALED},
    sealed::BoxKey,
};

/// Most answers, and most values of one.
const MAX_ANSWERS: usize = 256;

/// The language in which the reporter wants the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Kazakh.
    Kk = 0,
    /// Russian.
    Ru = 1,
    /// English.
    En = 2,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question's code in the questionnaire.
    pub question: String,
    /// Text, or codes of what was chosen.
    pub values: Vec<String>,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Place in the dialogue: 0 for the report, then 1, 2 …
    pub seq: u32,
    /// SHA-256 of the envelope or letter before it in the dialogue; zeros for the first.
    pub prev: [u8; 32],
    /// The day on the reporter's device.
    pub day: Day,
    /// The language of the answer.
    pub lang: Lang,
    /// SHA-256 of the questionnaire that was filled in.
    pub questionnaire: [u8; 32],
    /// The answers.
    pub answers: Vec<Answer>,
    /// The name, if it is given.
    pub identity: Option<Identity>,
}

type Read = (Content, BoxKey, [u8; 32], Vec<FileNote>);

pub(super) fn write(
    content: &Content,
    letters: &BoxKey,
    mailbox: &[u8; 32],
    files: &[FileNote],
) -> Zeroizing<Vec<u8>> {
    let mut out = Writer::new();
    out.array(10).number(content.seq.into()).bytes(&content.prev).number(content.day.into());
    out.number(content.lang as u64).bytes(&content.questionnaire).array(content.answers.len());
    for answer in &content.answers {
        out.array(2).text(&answer.question).array(answer.values.len());
        for value in &answer.values {
            out.text(value);
        }
    }
    match &content.identity {
        None => out.none(),
        Some(identity) => {
            out.array(3).bytes(&identity.k1).bytes(&identity.sealed).array(identity.halves.len());
            for (custodian, half) in &identity.halves {
                out.array(2).number((*custodian).into()).bytes(half);
            }
            &mut out
        }
    };
    out.array(files.len());
    for file in files {
        out.array(2).number(file.bucket.into()).bytes(&file.salt);
    }
    out.bytes(letters.bytes()).bytes(mailbox);
    Zeroizing::new(out.done())
}

pub(super) fn read(bytes: &[u8]) -> Result<Read, Error> {
    let mut from = Reader::new(bytes);
    from.array(10)?;
    let content = Content {
        seq: from.u32()?,
        prev: from.fixed()?,
        day: from.u32()?,
        lang: match from.u8()? {
            0 => Lang::Kk,
            1 => Lang::Ru,
            2 => Lang::En,
            _ => return Err(Error::Malformed),
        },
        questionnaire: from.fixed()?,
        answers: (0..from.list(MAX_ANSWERS)?)
            .map(|_| answer(&mut from))
            .collect::<Result<_, _>>()?,
        identity: if from.none()? { None } else { Some(identity(&mut from)?) },
    };
    let files =
        (0..from.list(MAX_FILES)?).map(|_| file(&mut from)).collect::<Result<Vec<_>, _>>()?;
    let letters = BoxKey::read(from.bytes()?)?;
    let mailbox = from.fixed()?;
    canonical(bytes, &write(&content, &letters, &mailbox, &files))?;
    Ok((content, letters, mailbox, files))
}

fn answer(from: &mut Reader<'_>) -> Result<Answer, Error> {
    from.array(2)?;
    let question = from.text()?;
    let values = (0..from.list(MAX_ANSWERS)?).map(|_| from.text()).collect::<Result<_, _>>()?;
    Ok(Answer { question, values })
}

fn identity(from: &mut Reader<'_>) -> Result<Identity, Error> {
    from.array(3)?;
    let k1 = from.fixed()?;
    let sealed = from.fixed::<SEALED>()?.to_vec();
    let halves = (0..from.list(CUSTODIANS)?).map(|_| half(from)).collect::<Result<_, _>>()?;
    Ok(Identity { k1, sealed, halves })
}

fn half(from: &mut Reader<'_>) -> Result<(u16, Vec<u8>), Error> {
    from.array(2)?;
    Ok((from.u16()?, from.fixed::<HALF>()?.to_vec()))
}

fn file(from: &mut Reader<'_>) -> Result<FileNote, Error> {
    from.array(2)?;
    let note = FileNote { bucket: from.u8()?, salt: from.fixed()? };
    if note.chunks() == 0 { Err(Error::Malformed) } else { Ok(note) }
}
