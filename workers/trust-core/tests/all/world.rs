//! A root, officers, custodians and two channels, all from fixed seeds.

use std::sync::OnceLock;

use trust_core::{
    Random,
    day::Day,
    directory::{ChannelEntry, Directory, Epoch, Person, Role},
    keys::ReporterKeys,
    receipt::Receipt,
    report::{Answer, Content, Lang},
    sealed::BoxSecret,
    sign::Signing,
    symmetric::sha256,
};
use zeroize::Zeroizing;

/// 2026-11-22.
pub const TODAY: Day = 20_779;

/// Bytes that are the same in each run: SHA-256 of a name and a counter.
pub struct Stream {
    name: String,
    at: u64,
}

impl Stream {
    pub fn new(name: &str) -> Stream {
        Stream { name: name.to_owned(), at: 0 }
    }

    pub fn fill(&mut self, out: &mut [u8]) -> bool {
        for part in out.chunks_mut(32) {
            let block = sha256(&[self.name.as_bytes(), &self.at.to_be_bytes()]);
            part.copy_from_slice(&block[..part.len()]);
            self.at += 1;
        }
        true
    }
}

/// Runs something with the fixed stream of a name.
pub fn with<T>(name: &str, work: impl FnOnce(&mut Random<'_>) -> T) -> T {
    let mut stream = Stream::new(name);
    let mut fill = |out: &mut [u8]| stream.fill(out);
    work(&mut Random::new(&mut fill))
}

pub fn seed(name: &str) -> [u8; 32] {
    sha256(&[b"seed", name.as_bytes()])
}

pub fn root() -> Signing {
    Signing::from_seed(&seed("root"))
}

pub fn sign_key(id: u16) -> Signing {
    Signing::from_seed(&seed(&format!("sign {id}")))
}

/// The box keys of a person: of these days and of the next ones.
pub fn boxes(id: u16) -> Vec<BoxSecret> {
    (0..2).map(|epoch| BoxSecret::from_seed(seed(&format!("box {id} {epoch}")))).collect()
}

pub fn person(id: u16, role: Role) -> Person {
    let sign = sign_key(id);
    let epochs = (0_u32..).zip(boxes(id)).map(|(number, secret)| {
        let from = TODAY - 5 + number * 30;
        Epoch::new((id, role), &sign, (from, from + 35), secret.public().unwrap())
    });
    Person {
        id,
        role,
        name: format!("Officer {id}"),
        sign: sign.public(),
        epochs: epochs.collect(),
    }
}

/// Officers 1 to 5 read `almaty`, 4 to 6 read `astana`; custodians are 7 and 8.
pub fn directory() -> Directory {
    let role = |id| if id < 7 { Role::Officer } else { Role::Custodian };
    Directory {
        version: 12,
        issued: TODAY - 3,
        not_after: TODAY + 30,
        demo: true,
        people: (1..9).map(|id| person(id, role(id))).collect(),
        channels: vec![
            ChannelEntry {
                name: "almaty".into(),
                officers: vec![1, 2, 3, 4, 5],
                custodians: vec![7, 8],
            },
            ChannelEntry { name: "astana".into(), officers: vec![4, 5, 6], custodians: vec![7] },
        ],
        questions: Vec::new(),
    }
}

pub fn receipt(name: &str) -> Receipt {
    with(name, Receipt::new).unwrap()
}

/// The reporter's keys; derived once, because it costs.
pub fn reporter() -> ReporterKeys {
    static KEYS: OnceLock<([u8; 32], [u8; 32], [u8; 32])> = OnceLock::new();
    let (auth, letters, local) = KEYS.get_or_init(|| {
        let keys = ReporterKeys::derive(&receipt("receipt"), "almaty").unwrap();
        (keys.auth.seed(), *keys.letters.seed(), *keys.local)
    });
    ReporterKeys {
        auth: Signing::from_seed(auth),
        letters: BoxSecret::from_seed(*letters),
        local: Zeroizing::new(*local),
    }
}

pub fn content(text: &str) -> Content {
    Content {
        seq: 0,
        prev: [0; 32],
        day: TODAY,
        lang: Lang::Kk,
        questionnaire: sha256(&[b"questionnaire"]),
        answers: vec![
            Answer { question: "route".into(), values: vec!["hiring".into()] },
            Answer { question: "what".into(), values: vec![text.into()] },
        ],
        identity: None,
    }
}

pub fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
