//! A ceremony for development: all keys in one folder under a known passphrase. The directory
//! itself says that it is a demonstration, and the page tells its reader.

use std::{fs, path::Path};

use trust_core::{
    Random,
    day::Day,
    directory::{ChannelEntry, Directory},
    sign::Signing,
    symmetric::sha256,
};

use crate::{
    Res, Words,
    directory::{signed, tell},
    fixed, hex, open_vault,
    people::{Secrets, put_vault},
    read, read_text, replace, said,
};

/// The passphrase of every demonstration.
pub const PASSPHRASE: &str = "demonstration";

/// Number, role, name.
const PEOPLE: [(u16, &str, &str); 4] = [
    (1, "officer", "Демо: 1-тексеруші · проверяющий 1"),
    (2, "officer", "Демо: 2-тексеруші · проверяющий 2"),
    (3, "officer", "Демо: 3-тексеруші · проверяющий 3"),
    (7, "custodian", "Демо: қадағалау органы · надзорный орган"),
];

/// What the page of this checkout asks.
const QUESTIONS: &[u8] = include_bytes!("../../../schemas/trust/questionnaire.json");

/// Days before its end at which a directory is made anew.
const EARLY: Day = 10;

/// `demo FOLDER --today DAY`: makes what is missing and renews what is about to end.
pub fn make(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let folder = Path::new(words.at(1, "the folder")?);
    let today = words.day("today")?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let root = root(random, folder)?;
    replace(&folder.join("root.txt"), hex(&root.public()).as_bytes())?;
    let file = folder.join("keys.cbor");
    let have =
        if file.exists() { Directory::verify(&read(&file)?, &root.public()).ok() } else { None };
    let questions = vec![sha256(&[QUESTIONS])];
    let good = |one: &Directory| {
        one.issued <= today && one.not_after >= today + EARLY && one.questions == questions
    };
    if let Some(have) = have.as_ref().filter(|have| good(have)) {
        tell(have);
        return Ok(());
    }
    let mut people = Vec::new();
    for who in PEOPLE {
        people.push(person(random, folder, who, today)?);
    }
    let channel =
        ChannelEntry { name: "main".into(), officers: vec![1, 2, 3], custodians: vec![7] };
    let version = have.map_or(1, |have| have.version + 1);
    // The demonstration's secrets lie in the open, so this is not for `sign` to set.
    let made = Directory {
        version,
        issued: today,
        not_after: today + 40,
        demo: true,
        people,
        channels: vec![channel],
        questions,
    };
    replace(&file, &signed(&made, &root)?)?;
    tell(&made);
    Ok(())
}

fn root(random: &mut Random<'_>, folder: &Path) -> Res<Signing> {
    let file = folder.join("root.demo");
    if file.exists() {
        return Ok(Signing::from_seed(&fixed(&read_text(&file)?)?));
    }
    let root = Signing::new(random).map_err(said)?;
    replace(&file, hex(&root.seed()).as_bytes())?;
    Ok(root)
}

fn person(
    random: &mut Random<'_>,
    folder: &Path,
    who: (u16, &str, &str),
    today: Day,
) -> Res<trust_core::directory::Person> {
    let file = folder.join(format!("{}-{}.vault", who.1, who.0));
    let there = file.exists();
    let secrets = if there {
        let mut secrets = Secrets::read(&open_vault(&file, PASSPHRASE)?)?;
        secrets.up_to(random, today)?;
        secrets
    } else {
        Secrets::new(random, who, today)?
    };
    put_vault(random, &file, PASSPHRASE, &secrets.text()?, !there)?;
    Ok(secrets.public(today)?.person()?)
}
