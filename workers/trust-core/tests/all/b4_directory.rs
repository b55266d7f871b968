use trust_core::{
    Error,
    directory::{Directory, Epoch, MAX_DAYS, Role},
    sign::{Signing, What},
};

use crate::world::{TODAY, boxes, directory, person, root, seed, sign_key};

fn open(file: &[u8]) -> Result<Directory, Error> {
    Directory::open(file, &root().public(), TODAY, 12)
}

#[test]
fn b4_a_signed_directory_opens_as_it_was() {
    let directory = directory();
    let file = directory.sign(&root()).unwrap();
    assert_eq!(open(&file), Ok(directory));
}

#[test]
fn b4_the_root_signs_which_questionnaires_may_be_asked() {
    let hash = |byte| [byte; 32];
    let asked = Directory { questions: vec![hash(1), hash(2)], ..directory() };
    let file = asked.sign(&root()).unwrap();
    assert_eq!(open(&file).unwrap().questions, [hash(1), hash(2)]);
    for questions in [vec![hash(2), hash(1)], vec![hash(1), hash(1)], (0..9).map(hash).collect()] {
        let wrong = Directory { questions, ..directory() };
        assert_eq!(wrong.sign(&root()).err(), Some(Error::Malformed));
    }
    // None is said by leaving it out, and in no other way.
    let plain = directory().sign(&root()).unwrap();
    let empty = [&[0x88], &plain[65..], &[0x80]].concat();
    let signed = [&root().sign(What::Directory, &empty)[..], &empty].concat();
    assert_eq!(open(&signed).err(), Some(Error::Malformed));
}

#[test]
fn b4_a_wrong_root_is_refused() {
    let other = Signing::from_seed(&seed("other root"));
    let file = directory().sign(&other).unwrap();
    assert_eq!(open(&file), Err(Error::Signature));
}

#[test]
fn b4_a_stale_a_future_and_a_rolled_back_directory_are_refused() {
    let file = directory().sign(&root()).unwrap();
    let on = |day, floor| Directory::open(&file, &root().public(), day, floor).err();
    assert_eq!(on(TODAY + 30, 12), None);
    assert_eq!(on(TODAY + 31, 12), Some(Error::Expired));
    assert_eq!(on(TODAY - 4, 12), None);
    assert_eq!(on(TODAY - 5, 12), Some(Error::Expired));
    assert_eq!(on(TODAY, 13), Some(Error::RolledBack));
    assert_eq!(on(TODAY, 0), None);
    let long = Directory { not_after: TODAY - 3 + MAX_DAYS + 1, ..directory() };
    assert_eq!(long.sign(&root()).err(), Some(Error::Malformed));
}

#[test]
fn b4_a_key_that_its_officer_did_not_sign_is_refused() {
    // The root alone cannot put a key of its own under an officer's name.
    let mut forged = directory();
    let planted = boxes(99)[0].public().unwrap();
    let days = (TODAY - 5, TODAY + 30);
    forged.people[0].epochs[0] = Epoch::new((1, Role::Officer), &sign_key(2), days, planted);
    assert_eq!(forged.sign(&root()).err(), Some(Error::Signature));
    // Nor can an officer's key of other days, another number or another role be used.
    for (number, role, days) in [
        (1, Role::Officer, (TODAY - 4, TODAY + 30)),
        (2, Role::Officer, (TODAY - 5, TODAY + 30)),
        (1, Role::Custodian, (TODAY - 5, TODAY + 30)),
    ] {
        let mut forged = directory();
        let key = boxes(1)[0].public().unwrap();
        let epoch = Epoch::new((number, role), &sign_key(1), days, key);
        forged.people[0].epochs[0] = Epoch { from: TODAY - 5, until: TODAY + 30, ..epoch };
        assert_eq!(
            forged.sign(&root()).err(),
            Some(Error::Signature),
            "{number} {role:?} {days:?}"
        );
    }
}

#[test]
fn b4_an_officer_added_to_a_signed_file_is_refused() {
    let file = directory().sign(&root()).unwrap();
    let mut more = directory();
    more.people.push(person(9, Role::Officer));
    more.channels[0].officers.push(9);
    let larger = more.sign(&Signing::from_seed(&seed("thief"))).unwrap();
    // The signature of the good file over the content of the larger one.
    let forged = [&file[..64], &larger[64..]].concat();
    assert_eq!(open(&forged), Err(Error::Signature));
}

#[test]
fn b4_every_changed_or_missing_byte_of_a_directory_is_refused() {
    let file = directory().sign(&root()).unwrap();
    for at in (0..file.len()).step_by(7).chain(0..200) {
        let mut changed = file.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(open(&changed).is_err(), "{at}");
    }
    for len in (0..file.len()).step_by(31) {
        assert!(open(&file[..len]).is_err(), "{len}");
    }
    assert!(open(&[&file[..], &[0]].concat()).is_err());
}

#[test]
fn b4_content_in_another_encoding_is_refused_though_the_root_signed_it() {
    let file = directory().sign(&root()).unwrap();
    // The head of the array of seven with its length in a byte of its own.
    let longer = [&[0x98, 0x07], &file[65..]].concat();
    let signed = [&root().sign(What::Directory, &longer)[..], &longer].concat();
    assert_eq!(open(&signed).err(), Some(Error::Malformed));
    let twice = [&file[64..], &[0xf6]].concat();
    let signed = [&root().sign(What::Directory, &twice)[..], &twice].concat();
    assert_eq!(open(&signed).err(), Some(Error::Malformed));
}

#[test]
fn b4_a_directory_that_contradicts_itself_is_refused() {
    type Spoil = fn(&mut Directory);
    let spoils: [Spoil; 9] = [
        |d| d.people.swap(0, 1),
        |d| d.people[1].id = 1,
        |d| d.people[1].sign = d.people[0].sign,
        |d| d.channels.swap(0, 1),
        |d| d.channels[0].officers.push(77),
        |d| d.channels[0].officers.push(7),
        |d| d.channels[0].custodians = vec![1],
        |d| d.channels[0].name = "Алматы".into(),
        |d| d.people[0].name.clear(),
    ];
    for (number, spoil) in spoils.iter().enumerate() {
        let mut directory = directory();
        spoil(&mut directory);
        assert!(directory.sign(&root()).is_err(), "{number}");
    }
}

#[test]
fn b4_a_channel_with_fewer_than_two_keys_is_closed() {
    let mut few = directory();
    few.channels[1].officers = vec![6];
    assert_eq!(few.sign(&root()).err(), Some(Error::TooFewOfficers));
    let directory = directory();
    assert_eq!(directory.channel("nowhere", TODAY).err(), Some(Error::UnknownChannel));
    assert_eq!(directory.channel("astana", TODAY).unwrap().officers.len(), 3);
    // The last keys end 60 days after the first began.
    assert_eq!(directory.channel("astana", TODAY + 60).unwrap().officers.len(), 3);
    assert_eq!(directory.channel("astana", TODAY + 61).err(), Some(Error::TooFewOfficers));
}
