//! What is handed to the second implementation (`tests/trust/peer`) and taken from it: one JSON
//! with a directory, a report with a name and an attachment, a letter, a vault and frames.

use serde_json::{Value, json};
use trust_core::{
    Error, Random,
    directory::Directory,
    file::File,
    identity::{Identity, open_half},
    keys::ReporterKeys,
    letter::{Letter, Purpose},
    receipt::Receipt,
    report::{Content, Draft, Envelope, Kind},
    sealed::BoxSecret,
    sign::Signing,
    symmetric::sha256,
    vault,
    wire::{self, News, Once, Request, Status},
    work,
};
use zeroize::Zeroizing;

use crate::world::{TODAY, boxes, content, directory, root, sign_key};

const CHANNEL: &str = "almaty";
const TEXT: &str = "Мұғалім орнына ақша сұрады. Director asked for money: «200 000».";
const NAME: &str = "Әлия Қ., +7 700 000 00 00";
const READER: u16 = 2;
const CUSTODIAN: u16 = 8;
const EXCLUDED: u16 = 3;

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn file(length: usize) -> File {
    let bytes = (0..length).map(|at| (at * at % 253) as u8).collect();
    File { name: "бұйрық № 5.pdf".into(), media: "application/pdf".into(), bytes }
}

/// Seals one of everything.
pub fn make(random: &mut Random<'_>) -> Result<Value, Error> {
    let directory = directory();
    let channel = directory.channel(CHANNEL, TODAY)?;
    let receipt = Receipt::new(random)?;
    let keys = ReporterKeys::derive(&receipt, CHANNEL)?;
    let mailbox = keys.mailbox();

    let identity = Identity::seal(random, &channel, &mailbox, NAME)?;
    let mut draft = Draft::new(random, Kind::Report)?;
    let attached = file(300_000);
    let sealed = draft.attach(random, &attached)?;
    let mut chunks = Vec::new();
    for at in 0..sealed.note().chunks() {
        let (id, bytes) = sealed.chunk(at)?;
        chunks.push(json!([hex(&id), hex(&sha256(&[&bytes]))]));
    }
    let said = Content { identity: Some(identity), ..content(TEXT) };
    let envelope = draft.seal(random, &channel, &[EXCLUDED], &keys, &said)?;

    let letter = Letter {
        purpose: Purpose::Answer,
        from: READER,
        case: mailbox,
        seq: 1,
        prev: sha256(&[&envelope]),
        status: "confirmed".into(),
        text: Zeroizing::new("Хабарламаңыз қабылданды.".as_bytes().to_vec()),
    };
    let to = keys.letters.public()?;
    let letter = letter.seal(random, &sign_key(READER), CHANNEL, &mailbox, &to)?;

    let mut challenge: [u8; 32] = random.bytes()?;
    challenge[..2].copy_from_slice(&[10, 8]);
    let once = Once { reply: random.bytes()?, challenge };
    let frame = once.poll(&keys.auth, 1, &[0; 16]);
    let (task, bits) = frame.task();
    let poll = frame.bytes(work::search(&task, bits, 0, 1 << 20).ok_or(Error::Refused)?);
    let news = News {
        count: 1,
        released: true,
        letter: Some(([5; 16], letter.clone())),
        ..News::default()
    };
    let answer = Request::read(&poll)?.answer(Status::Done, &news.write())?;
    let people: Vec<Value> = (1..9)
        .map(|id| {
            let seeds: Vec<String> = boxes(id).iter().map(|secret| hex(secret.seed())).collect();
            json!({"id": id, "sign_seed": hex(&sign_key(id).seed()), "box_seeds": seeds})
        })
        .collect();
    Ok(json!({
        "protocol": "TRUST-1",
        "today": TODAY,
        "channel": CHANNEL,
        "root_seed": hex(&root().seed()),
        "directory": hex(&directory.sign(&root())?),
        "people": people,
        "receipt": {
            "digits": String::from_utf8_lossy(&receipt.ascii()),
            "auth_seed": hex(&keys.auth.seed()),
            "box_seed": hex(keys.letters.seed()),
            "local": hex(&keys.local[..]),
            "mailbox": hex(&mailbox),
        },
        "report": {
            "envelope": hex(&envelope),
            "id": hex(&Envelope::id(&envelope)),
            "reader": READER,
            "excluded": EXCLUDED,
            "text": TEXT,
            "name": NAME,
            "custodian": CUSTODIAN,
            "file": {"name": attached.name, "media": attached.media, "length": attached.bytes.len()},
            "chunks": chunks,
        },
        "letter": {"bytes": hex(&letter), "from": READER, "seq": 1, "status": "confirmed",
            "text": "Хабарламаңыз қабылданды."},
        "vault": {"passphrase": "ұзын сөз", "bytes": hex(&vault::seal(random, "ұзын сөз", b"seed")?),
            "text": "seed"},
        "poll": hex(&poll),
        "answer": hex(&answer),
    }))
}

fn bytes(value: &Value) -> Vec<u8> {
    crate::world::unhex(value.as_str().unwrap())
}

fn fixed<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}

/// Opens one of everything, whoever sealed it. Panics where something is not as said.
pub fn open(made: &Value) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let person = |id: &Value| {
        let of = made["people"].as_array().unwrap().iter().find(|one| one["id"] == *id).unwrap();
        let boxes = of["box_seeds"].as_array().unwrap();
        let boxes: Vec<_> = boxes.iter().map(|seed| BoxSecret::from_seed(fixed(seed))).collect();
        (Signing::from_seed(&fixed(&of["sign_seed"])), boxes)
    };
    let channel = text(&made["channel"]);
    let today = made["today"].as_u64().unwrap() as u32;
    let root = Signing::from_seed(&fixed(&made["root_seed"])).public();
    let directory = Directory::open(&bytes(&made["directory"]), &root, today, 0).unwrap();

    let receipt = Receipt::parse(made["receipt"]["digits"].as_str().unwrap()).unwrap();
    let keys = ReporterKeys::derive(&receipt, &channel).unwrap();
    let mailbox = keys.mailbox();
    assert_eq!(keys.auth.seed(), fixed(&made["receipt"]["auth_seed"]));
    assert_eq!(keys.letters.seed(), &fixed(&made["receipt"]["box_seed"]));
    assert_eq!(keys.local[..], fixed::<32>(&made["receipt"]["local"]));
    assert_eq!(mailbox, fixed(&made["receipt"]["mailbox"]));

    let report = &made["report"];
    let sealed = bytes(&report["envelope"]);
    assert_eq!(Envelope::id(&sealed), fixed(&report["id"]));
    let envelope = Envelope::read(&sealed).unwrap();
    assert!(envelope.open(&channel, &person(&report["excluded"]).1).is_err());
    assert!(envelope.open("astana", &person(&report["reader"]).1).is_err());
    let opened = envelope.open(&channel, &person(&report["reader"]).1).unwrap();
    assert_eq!(opened.mailbox, mailbox);
    assert_eq!(opened.content.answers[1].values, [text(&report["text"])]);
    assert!(opened.letters == keys.letters.public().unwrap());

    let identity = opened.content.identity.unwrap();
    let custodian = report["custodian"].as_u64().unwrap() as u16;
    let half = &identity.halves.iter().find(|(id, _)| *id == custodian).unwrap().1;
    let k2 = open_half(&person(&report["custodian"]).1, &channel, &mailbox, half).unwrap();
    assert_eq!(identity.open(&channel, &mailbox, &k2).unwrap().as_str(), text(&report["name"]));

    // Attachments: sealed anew from what the report says, chunk by chunk.
    let key = &opened.files[0];
    let chunks = report["chunks"].as_array().unwrap();
    assert_eq!(key.note().chunks() as usize, chunks.len());
    for (at, chunk) in (0..).zip(chunks) {
        assert_eq!(key.id(at), fixed(&chunk[0]));
    }
    let length = report["file"]["length"].as_u64().unwrap() as usize;
    let file = File {
        name: text(&report["file"]["name"]),
        media: text(&report["file"]["media"]),
        ..file(length)
    };
    let again = key.clone().seal(&file).unwrap();
    for (at, chunk) in (0..).zip(chunks) {
        assert_eq!(sha256(&[&again.chunk(at).unwrap().1]), fixed(&chunk[1]));
    }

    let said = &made["letter"];
    let secrets = [keys.letters.clone()];
    let letter =
        Letter::open(&bytes(&said["bytes"]), &secrets, &channel, &mailbox, &directory).unwrap();
    assert_eq!(u64::from(letter.from), said["from"]);
    assert_eq!(u64::from(letter.seq), said["seq"]);
    assert_eq!(letter.status, text(&said["status"]));
    assert_eq!(letter.text[..], *text(&said["text"]).as_bytes());
    assert_eq!(letter.prev, sha256(&[&sealed]));

    let vault = &made["vault"];
    let kept = vault::open(vault["passphrase"].as_str().unwrap(), &bytes(&vault["bytes"])).unwrap();
    assert_eq!(kept[..], *text(&vault["text"]).as_bytes());

    let poll = bytes(&made["poll"]);
    let request = Request::read(&poll).unwrap();
    assert!(request.worked);
    assert_eq!(request.ask(), Ok(wire::Ask::Poll { mailbox, page: 1, drop: [0; 16] }));
    let answer = bytes(&made["answer"]);
    let (status, payload) = wire::open(wire::Kind::Poll, &request.once.reply, &answer).unwrap();
    assert_eq!(status, Status::Done);
    let news = News::read(&payload).unwrap();
    assert_eq!((news.count, news.released), (1, true));
    assert_eq!(news.letter.unwrap().1, bytes(&said["bytes"]));
}
