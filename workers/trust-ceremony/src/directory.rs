//! The directory: put together from a plan and public halves, signed by the root.

use std::path::Path;

use serde::Deserialize;
use trust_core::{
    day::{self, Day},
    directory::{ChannelEntry, Directory, FEWEST, MAX_DAYS, Role},
    sign::Signing,
    symmetric::sha256,
};

use crate::{Res, Words, fixed, hex, people::read_public, read, read_text, said, write_new};

/// What the ceremony decided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    version: u32,
    /// Files of public halves, beside the plan.
    people: Vec<String>,
    /// Numbers whose keys are withdrawn: no report is sealed for them, their old letters stay
    /// readable.
    #[serde(default)]
    revoked: Vec<u16>,
    channels: Vec<PlanChannel>,
    /// Files of questionnaires that the page may ask, beside the plan.
    #[serde(default)]
    questions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanChannel {
    name: String,
    officers: Vec<u16>,
    #[serde(default)]
    custodians: Vec<u16>,
}

/// `sign PLAN --root-key FILE --today DAY [--days N] [--previous FILE] --out FILE`.
pub fn sign(words: &Words) -> Res<()> {
    let plan_file = Path::new(words.at(1, "the plan")?);
    let plan: Plan = serde_json::from_str(&read_text(plan_file)?)
        .map_err(|error| format!("{}: {error}", plan_file.display()))?;
    let today = words.day("today")?;
    let days: Day = words.option("days").unwrap_or("40").parse().map_err(|_| "--days: a number")?;
    if days > MAX_DAYS {
        return Err(format!("a directory is good for {MAX_DAYS} days at most"));
    }
    let folder = plan_file.parent().unwrap_or(Path::new("."));
    let mut people = Vec::new();
    for name in &plan.people {
        let mut person = read_public(&folder.join(name))?.person()?;
        person.epochs.retain(|epoch| epoch.until >= today);
        if plan.revoked.contains(&person.id) {
            person.epochs.clear();
        }
        people.push(person);
    }
    people.sort_by_key(|person| person.id);
    let channel = |one: PlanChannel| {
        let kept = |mut ids: Vec<u16>| {
            ids.retain(|id| !plan.revoked.contains(id));
            ids.sort_unstable();
            ids
        };
        let (officers, custodians) = (kept(one.officers), kept(one.custodians));
        ChannelEntry { name: one.name, officers, custodians }
    };
    let mut channels: Vec<_> = plan.channels.into_iter().map(channel).collect();
    channels.sort_by(|a, b| a.name.cmp(&b.name));
    let mut questions = Vec::new();
    for name in &plan.questions {
        questions.push(sha256(&[&read(&folder.join(name))?]));
    }
    questions.sort_unstable();
    questions.dedup();
    let not_after = today + days;
    let made = Directory {
        version: plan.version,
        issued: today,
        not_after,
        demo: false,
        people,
        channels,
        questions,
    };
    let root_file = Path::new(words.need("root-key")?);
    let seed: [u8; 32] = words.unlock(root_file)?[..]
        .try_into()
        .map_err(|_| format!("{}: not a root key", root_file.display()))?;
    let root = Signing::from_seed(&seed);
    if let Some(previous) = words.option("previous") {
        follows(
            &made,
            &Directory::verify(&read(Path::new(previous))?, &root.public()).map_err(said)?,
        )?;
    }
    let file = signed(&made, &root)?;
    write_new(Path::new(words.need("out")?), &file)?;
    tell(&made);
    Ok(())
}

/// Signs, and says which channel is in the way.
pub fn signed(made: &Directory, root: &Signing) -> Res<Vec<u8>> {
    // Through the whole life of the directory, not on its first day alone.
    for channel in &made.channels {
        for day in made.issued..=made.not_after {
            made.channel(&channel.name, day).map_err(|error| {
                let (name, day) = (&channel.name, day::text(day));
                format!(
                    "channel {name} on {day}: {} (at least {FEWEST} officers with a valid key)",
                    said(error)
                )
            })?;
        }
    }
    made.sign(root).map_err(said)
}

/// Versions grow, and a number is never given to somebody else.
fn follows(made: &Directory, before: &Directory) -> Res<()> {
    if made.version <= before.version {
        return Err(format!("the version must be more than {}", before.version));
    }
    for person in &before.people {
        match made.person(person.id) {
            None => {
                return Err(format!(
                    "{} ({}) is gone: withdraw keys with \"revoked\", so that old letters stay readable",
                    person.id, person.name
                ));
            }
            Some(now) if now.sign != person.sign => {
                return Err(format!(
                    "{} is the number of {}; give a new number",
                    person.id, person.name
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// `show FILE --root HEX`.
pub fn show(words: &Words) -> Res<()> {
    let file = read(Path::new(words.at(1, "the file")?))?;
    let directory = Directory::verify(&file, &fixed(words.need("root")?)?).map_err(said)?;
    tell(&directory);
    Ok(())
}

/// What a directory says.
pub fn tell(directory: &Directory) {
    let demo = if directory.demo { ", DEMONSTRATION: no secret is safe with it" } else { "" };
    let days = (day::text(directory.issued), day::text(directory.not_after));
    println!("version {}, {} to {}{demo}", directory.version, days.0, days.1);
    for person in &directory.people {
        let role = if person.role == Role::Officer { "officer" } else { "custodian" };
        let until = person.epochs.iter().map(|epoch| epoch.until).max();
        let until = until
            .map_or_else(|| "keys withdrawn".into(), |day| format!("keys to {}", day::text(day)));
        println!("  {} {role} {}: {until}", person.id, person.name);
    }
    for channel in &directory.channels {
        println!(
            "  channel {}: officers {:?}, custodians {:?}",
            channel.name, channel.officers, channel.custodians
        );
    }
    if directory.questions.is_empty() {
        println!("  no questionnaire: no page takes a report (\"questions\" of the plan)");
    }
    for hash in &directory.questions {
        println!("  questionnaire {}", hex(hash));
    }
}
