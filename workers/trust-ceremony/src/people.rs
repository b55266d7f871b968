//! Keys of people: made and changed in files.

use std::path::{Path, PathBuf};

use trust_core::{Random, day::Day, sign::Signing};
pub use trust_officer::keyring::{Public, Secrets};

use crate::{Res, Words, hex, read_text, replace, said, write_new};

/// Reads a public half.
pub fn read_public(file: &Path) -> Res<Public> {
    let text = read_text(file)?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The file beside a vault that travels.
fn beside(vault: &Path) -> PathBuf {
    vault.with_extension("public.json")
}

fn put_public(vault: &Path, secrets: &Secrets, today: Day) -> Res<()> {
    let text = serde_json::to_string_pretty(&secrets.public(today)?).map_err(|e| e.to_string())?;
    let file = beside(vault);
    replace(&file, text.as_bytes())?;
    println!("{} goes to the ceremony; {} never leaves", file.display(), vault.display());
    Ok(())
}

/// `root FILE`.
pub fn root(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let file = Path::new(words.at(1, "the file")?);
    let root = Signing::new(random).map_err(said)?;
    words.keep(random, file, &root.seed())?;
    println!("ROOT = \"{}\"", hex(&root.public()));
    Ok(())
}

/// `person FILE --role … --id … --name … --today …`.
pub fn person(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let file = Path::new(words.at(1, "the file")?);
    let id = words.need("id")?.parse().map_err(|_| "--id: a number of 0 to 65535")?;
    let today = words.day("today")?;
    let who = (id, words.need("role")?, words.need("name")?);
    let secrets = Secrets::new(random, who, today)?;
    words.keep(random, file, &secrets.text()?)?;
    put_public(file, &secrets, today)
}

/// `month FILE --today …`: box keys until there are two ahead.
pub fn month(random: &mut Random<'_>, words: &Words) -> Res<()> {
    change(random, words, |random, secrets, today| Ok(secrets.up_to(random, today)?))
}

/// `forget FILE --until DAY --today …`: destroys box keys that ended by a day. What was sealed for
/// them can never be opened again, in no copy.
pub fn forget(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let until = words.day("until")?;
    change(random, words, |_, secrets, today| {
        if until >= today {
            return Err("only keys of days that are over are forgotten".into());
        }
        secrets.forget(until);
        Ok(())
    })
}

fn change(
    random: &mut Random<'_>,
    words: &Words,
    work: impl FnOnce(&mut Random<'_>, &mut Secrets, Day) -> Res<()>,
) -> Res<()> {
    let file = Path::new(words.at(1, "the file")?);
    let today = words.day("today")?;
    let passphrase = words.passphrase()?;
    let mut secrets = Secrets::read(&crate::open_vault(file, &passphrase)?)?;
    work(random, &mut secrets, today)?;
    let sealed = trust_core::vault::seal(random, &passphrase, &secrets.text()?).map_err(said)?;
    replace(file, &sealed)?;
    put_public(file, &secrets, today)
}

/// Writes a vault under a passphrase that is known: for the demonstration.
pub fn put_vault(
    random: &mut Random<'_>,
    file: &Path,
    passphrase: &str,
    text: &[u8],
    new: bool,
) -> Res<()> {
    let sealed = trust_core::vault::seal(random, passphrase, text).map_err(said)?;
    if new { write_new(file, &sealed) } else { replace(file, &sealed) }
}
