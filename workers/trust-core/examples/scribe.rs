//! A reporter, officers and custodians for tests of the worker: reads one JSON a line, does what
//! its `op` says with this crate, prints one JSON a line. The people are those of the crate's own
//! tests; it knows no network.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[path = "../tests/all/world.rs"]
mod world;

use std::io::{BufRead, Write};

use serde_json::{Value, json};
use trust_core::{
    Random, day,
    directory::{ChannelEntry, Directory},
    file::File,
    identity::{Identity, open_half},
    keys::ReporterKeys,
    letter::{Letter, Purpose},
    note,
    receipt::Receipt,
    report::{Content, Draft, Envelope, Kind as Kinds},
    sealed::{BoxKey, BoxSecret},
    sign::Signing,
    symmetric::{self, sha256},
    wire::{self, CaseStep, Frame, Heads, Kind, News, Once, Signer, ask},
    work,
};
use world::{TODAY, boxes, directory, root, seed, sign_key, unhex};
use zeroize::Zeroizing;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(ask: &Value, key: &str) -> String {
    ask[key].as_str().unwrap_or_else(|| panic!("{key} is missing in {ask}")).to_owned()
}

fn bytes(ask: &Value, key: &str) -> Vec<u8> {
    unhex(&text(ask, key))
}

fn fixed<const N: usize>(ask: &Value, key: &str) -> [u8; N] {
    bytes(ask, key).try_into().unwrap()
}

fn number(ask: &Value, key: &str) -> u32 {
    ask[key].as_u64().unwrap_or_default() as u32
}

/// A reporter: of a receipt, or of seeds, which costs nothing.
fn reporter(ask: &Value) -> ReporterKeys {
    if let Some(receipt) = ask["receipt"].as_str() {
        return ReporterKeys::derive(&Receipt::parse(receipt).unwrap(), "almaty").unwrap();
    }
    let who = text(ask, "who");
    ReporterKeys {
        auth: Signing::from_seed(&seed(&format!("auth {who}"))),
        letters: BoxSecret::from_seed(seed(&format!("letters {who}"))),
        local: Zeroizing::new(seed(&format!("local {who}"))),
    }
}

/// The key of a mailbox: a reporter's or a person's.
fn signer(ask: &Value) -> Signing {
    match ask["person"].as_u64() {
        Some(id) => sign_key(id as u16),
        None => reporter(ask).auth,
    }
}

fn signed_directory(ask: &Value) -> Vec<u8> {
    let version = ask["version"].as_u64().map_or(12, |version| version as u32);
    // The questionnaire of the page, as the root has signed it; none with `unasked`.
    let asked = include_bytes!("../../../schemas/trust/questionnaire.json");
    let signed = !ask["unasked"].as_bool().unwrap_or_default();
    let questions = signed.then(|| sha256(&[asked])).into_iter().collect();
    let mut directory = Directory { version, questions, ..directory() };
    // With `channels` there are so many: the others have long names and the officers of the second.
    for number in 3..=ask["channels"].as_u64().unwrap_or_default() {
        let name = format!("ongtustik-qazaqstan-mektepter-{number}");
        directory.channels.push(ChannelEntry { name, ..directory.channels[1].clone() });
    }
    if ask["without"].as_u64() == Some(6) {
        directory.people.retain(|person| person.id != 6);
        directory.channels[1].officers.retain(|id| *id != 6);
    }
    let root = if ask["thief"] == true { Signing::from_seed(&seed("thief")) } else { root() };
    directory.sign(&root).unwrap()
}

fn report(random: &mut Random<'_>, ask: &Value) -> Value {
    let directory = directory();
    let name = ask["channel"].as_str().unwrap_or("almaty").to_owned();
    let channel = directory.channel(&name, TODAY).unwrap();
    let keys = reporter(ask);
    let kind = if ask["follow"] == true { Kinds::FollowUp } else { Kinds::Report };
    let mut draft = Draft::new(random, kind).unwrap();
    let mut chunks = Vec::new();
    for file in ask["files"].as_array().into_iter().flatten() {
        let (name, media) = (text(file, "name"), text(file, "media"));
        let sealed =
            draft.attach(random, &File { name, media, bytes: bytes(file, "bytes") }).unwrap();
        for at in 0..sealed.note().chunks() {
            let (id, sealed) = sealed.chunk(at).unwrap();
            chunks.push(json!({"id": hex(&id), "sealed": hex(&sealed)}));
        }
    }
    let identity = ask["name"]
        .as_str()
        .map(|name| Identity::seal(random, &channel, &keys.mailbox(), name).unwrap());
    let said = Content { identity, ..world::content(&text(ask, "text")) };
    let excluded: Vec<u16> = ask["excluded"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|id| id.as_u64().unwrap() as u16)
        .collect();
    let envelope = draft.seal(random, &channel, &excluded, &keys, &said).unwrap();
    json!({"envelope": hex(&envelope), "id": hex(&Envelope::id(&envelope)), "chunks": chunks})
}

/// The note of a submission: who can read, or what a test says.
fn own_note(random: &mut Random<'_>, ask: &Value) -> [u8; note::SIZE] {
    if ask["note"].is_string() {
        return fixed(ask, "note");
    }
    let readers: Vec<u16> = ask["readers"]
        .as_array()
        .map(|ids| ids.iter().map(|id| id.as_u64().unwrap() as u16).collect())
        .unwrap_or_else(|| vec![1, 2, 3, 4, 5]);
    let channel = ask["channel"].as_str().unwrap_or("almaty");
    note::seal(random, &reporter(ask), channel, &readers).unwrap()
}

fn open(ask: &Value) -> Value {
    let sealed = bytes(ask, "envelope");
    let channel = ask["channel"].as_str().unwrap_or("almaty").to_owned();
    let person = number(ask, "person") as u16;
    // With `epoch` only the keys from that one on: the earlier were destroyed.
    let keys = boxes(person).split_off(number(ask, "epoch") as usize);
    let Ok(opened) = Envelope::read(&sealed).and_then(|one| one.open(&channel, &keys)) else {
        return json!({"opened": false});
    };
    let readers = opened.content.answers.iter().find(|one| one.question == "readers");
    let readers = readers.map(|one| one.values.clone()).unwrap_or_default();
    let said = opened.content.answers.iter().rfind(|one| one.question != "readers");
    let files: Vec<Vec<String>> = opened
        .files
        .iter()
        .map(|file| (0..file.note().chunks()).map(|at| hex(&file.id(at))).collect())
        .collect();
    let name = ask["custodian"].as_u64().and_then(|id| {
        let identity = opened.content.identity.as_ref()?;
        let half = &identity.halves.iter().find(|(one, _)| u64::from(*one) == id)?.1;
        let k2 = open_half(&boxes(id as u16), &channel, &opened.mailbox, half).ok()?;
        identity.open(&channel, &opened.mailbox, &k2).ok().map(|name| name.to_string())
    });
    json!({
        "opened": true,
        "text": said.unwrap().values[0],
        "readers": readers,
        "case": hex(&opened.case.seed()),
        "mailbox": hex(&opened.mailbox),
        "letters": hex(opened.letters.bytes()),
        "files": files,
        "name": name,
    })
}

fn read_file(ask: &Value) -> Value {
    let sealed = bytes(ask, "envelope");
    let envelope = Envelope::read(&sealed).unwrap();
    let opened = envelope.open("almaty", &boxes(number(ask, "person") as u16)).unwrap();
    let chunks: Vec<Vec<u8>> =
        ask["chunks"].as_array().unwrap().iter().map(|one| unhex(one.as_str().unwrap())).collect();
    match opened.files[number(ask, "file") as usize].open(&chunks) {
        Ok(file) => json!({"name": file.name, "media": file.media, "bytes": hex(&file.bytes)}),
        Err(error) => json!({"error": error.code()}),
    }
}

/// How many of some 32-byte values open an envelope, taken as a seed or as the key of the text.
fn try_keys(ask: &Value) -> Value {
    let sealed = bytes(ask, "envelope");
    let envelope = Envelope::read(&sealed).unwrap();
    let (nonce, text) = envelope.body.split_first_chunk::<24>().unwrap();
    let about = [
        b"TRUST-1|report|\x06almaty".as_slice(),
        &envelope.head.write(),
        &sha256(&[envelope.slots]),
    ]
    .concat();
    let opens = |key: &[u8; 32]| {
        let seed = [BoxSecret::from_seed(*key)];
        let derived = symmetric::derive(key, "body", b"");
        Envelope::unlock(&envelope.head, envelope.slots, "almaty", &seed).is_ok()
            || [key, &*derived]
                .iter()
                .any(|key| symmetric::decrypt(key, nonce, &about, text).is_ok())
    };
    let keys = ask["keys"].as_array().unwrap();
    let keys = keys.iter().map(|key| unhex(key.as_str().unwrap()).try_into().unwrap());
    json!({"opened": keys.filter(opens).count()})
}

fn write_letter(random: &mut Random<'_>, ask: &Value) -> Value {
    let person = number(ask, "person") as u16;
    let mailbox = fixed(ask, "mailbox");
    let letter = Letter {
        purpose: Purpose::Answer,
        from: person,
        case: mailbox,
        seq: number(ask, "seq"),
        prev: [0; 32],
        status: "open".into(),
        text: Zeroizing::new(text(ask, "text").into_bytes()),
    };
    let to = BoxKey::read(&bytes(ask, "letters")).unwrap();
    json!({"letter": hex(&letter.seal(random, &sign_key(person), "almaty", &mailbox, &to).unwrap())})
}

fn read_letter(ask: &Value) -> Value {
    let keys = reporter(ask);
    let secrets = [keys.letters.clone()];
    match Letter::open(&bytes(ask, "letter"), &secrets, "almaty", &keys.mailbox(), &directory()) {
        Ok(letter) => json!({"text": String::from_utf8_lossy(&letter.text), "seq": letter.seq}),
        Err(error) => json!({"error": error.code()}),
    }
}

fn read_answer(ask: &Value) -> Value {
    let kind =
        Kind::ALL.into_iter().find(|kind| *kind as u64 == ask["kind"].as_u64().unwrap()).unwrap();
    let Ok((status, payload)) = wire::open(kind, &fixed(ask, "reply"), &bytes(ask, "bytes")) else {
        return json!({"status": "Silence"});
    };
    let mut out = json!({"status": format!("{status:?}"), "payload": hex(&payload)});
    if kind == Kind::Poll && status == wire::Status::Done {
        let news = News::read(&payload).unwrap();
        out["news"] = json!({
            "count": news.count, "released": news.released, "confirmed": news.confirmed, "closed": news.closed,
            "note": news.note.map(|note| hex(&note)),
            "id": news.letter.as_ref().map(|(id, _)| hex(id)),
            "letter": news.letter.as_ref().map(|(_, letter)| hex(letter)),
        });
    }
    if kind == Kind::List && status == wire::Status::Done {
        let heads = Heads::read(&payload).unwrap();
        let person = number(ask, "person") as u16;
        let channel = ask["channel"].as_str().unwrap_or("almaty");
        let all: Vec<Value> = heads
            .heads
            .iter()
            .map(|one| json!({
                "id": hex(&one.id), "confirmed": one.confirmed, "closed": one.closed,
                "mine": Envelope::unlock(&one.head, &one.slots, channel, &boxes(person)[..1]).is_ok(),
            }))
            .collect();
        out["heads"] = json!({"more": heads.more, "heads": all});
    }
    out
}

/// A request: the frame with its work done.
fn frame(random: &mut Random<'_>, ask: &Value) -> Option<Value> {
    let reply =
        ask["reply"].as_str().map_or_else(|| random.bytes().unwrap(), |_| fixed(ask, "reply"));
    let op = text(ask, "op");
    let once = || Once { reply, challenge: fixed(ask, "challenge") };
    let page = number(ask, "page") as u16;
    let made: Frame = match op.as_str() {
        "challenge" => ask::challenge(reply),
        "poll" => {
            let drop = if ask["drop"].is_string() { fixed(ask, "drop") } else { [0; 16] };
            once().poll(&signer(ask), page, &drop)
        }
        "submit" => {
            let note = own_note(random, ask);
            once().submit(&reporter(ask).auth, &note, &bytes(ask, "envelope"))
        }
        "chunk" => once().chunk(&fixed(ask, "id"), &bytes(ask, "sealed")),
        "directory" => once().directory(page),
        "publish" => once().publish(&signed_directory(ask)),
        "list" => once().list(&signer(ask), day::parse(&text(ask, "day")).unwrap(), page),
        "fetch" => once().fetch(&signer(ask), &fixed(ask, "id")),
        "fetch_chunk" => once().fetch_chunk(&fixed(ask, "id")),
        "letter" => {
            let key = match ask["case"].as_str() {
                Some(_) => (Signer::Case, Signing::from_seed(&fixed(ask, "case"))),
                None => (Signer::Person, signer(ask)),
            };
            once().letter(key.0, &key.1, &fixed(ask, "mailbox"), &bytes(ask, "letter"))
        }
        "step" => {
            let step = match text(ask, "step").as_str() {
                "confirmed" => CaseStep::Confirmed,
                "closed" => CaseStep::Closed,
                _ => CaseStep::Reopened,
            };
            once().case(&Signing::from_seed(&fixed(ask, "case")), step)
        }
        "keep" => {
            let ids = ask["ids"].as_array().unwrap();
            let ids: Vec<[u8; 16]> =
                ids.iter().map(|id| unhex(id.as_str().unwrap()).try_into().unwrap()).collect();
            once().keep(&ids)
        }
        _ => return None,
    };
    let (task, bits) = made.task();
    let nonce = if ask["idle"] == true {
        // Work that does not hold.
        (0_u64..)
            .map(u64::to_be_bytes)
            .find(|nonce| !work::holds(&task, nonce, bits.max(1)))
            .unwrap()
    } else {
        work::search(&task, bits, 0, 1 << 28).unwrap()
    };
    let bytes = made.bytes(nonce);
    Some(json!({"frame": hex(&bytes), "kind": bytes[7], "reply": hex(&reply), "bits": bits}))
}

fn answer(random: &mut Random<'_>, ask: &Value) -> Value {
    if let Some(made) = frame(random, ask) {
        return made;
    }
    match text(ask, "op").as_str() {
        "root" => json!({"public": hex(&root().public())}),
        "receipt" => {
            let receipt = Receipt::new(random).unwrap();
            json!({"receipt": receipt.shown(), "digits": String::from_utf8_lossy(&receipt.ascii())})
        }
        "mailbox" => json!({"mailbox": hex(&signer(ask).public())}),
        "signed_directory" => json!({"file": hex(&signed_directory(ask))}),
        "report" => report(random, ask),
        "open" => open(ask),
        "try_keys" => try_keys(ask),
        "box_seed" => json!({"seed": hex(boxes(number(ask, "person") as u16)[0].seed())}),
        "read_file" => read_file(ask),
        "write_letter" => write_letter(random, ask),
        "read_note" => {
            json!({"readers": note::open(&reporter(ask), "almaty", &fixed(ask, "note")).unwrap_or_default()})
        }
        "read_letter" => read_letter(ask),
        "read_answer" => read_answer(ask),
        "sha256" => json!({"hash": hex(&sha256(&[&bytes(ask, "bytes")]))}),
        other => panic!("unknown op {other}"),
    }
}

fn main() {
    let mut fill = |out: &mut [u8]| getrandom::fill(out).is_ok();
    let mut random = Random::new(&mut fill);
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let ask = serde_json::from_str(&line.unwrap()).unwrap();
        writeln!(out, "{}", answer(&mut random, &ask)).unwrap();
        out.flush().unwrap();
    }
}
