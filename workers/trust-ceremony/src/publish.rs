//! Carrying a directory to the worker. No key is needed: the root's signature is the authority.
//! The network is somebody else's: requests go out as lines of digits, answers come in as such.

use std::{io::BufRead, path::Path};

use trust_core::{
    Random,
    wire::{self, Frame, Kind, Once, Status, ask},
    work,
};

use crate::{Res, Words, hex, read, said, unhex};

fn post(frame: Frame, kind: Kind, reply: &[u8; 32]) -> Res<(Status, Vec<u8>)> {
    let (task, bits) = frame.task();
    let nonce = work::search(&task, bits, 0, u64::MAX).ok_or("no work found")?;
    println!("{}", hex(&frame.bytes(nonce)));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    let (status, payload) = wire::open(kind, reply, &unhex(line.trim())?).map_err(said)?;
    Ok((status, payload.to_vec()))
}

/// `publish FILE`: prints a request a line, reads an answer a line.
pub fn exchange(random: &mut Random<'_>, words: &Words) -> Res<()> {
    let file = read(Path::new(words.at(1, "the file")?))?;
    let reply = random.bytes().map_err(said)?;
    let (_, challenge) = post(ask::challenge(reply), Kind::Challenge, &reply)?;
    let challenge = challenge.try_into().map_err(|_| "the worker gave no challenge")?;
    let reply = random.bytes().map_err(said)?;
    let once = Once { reply, challenge };
    match post(once.publish(&file), Kind::Publish, &reply)?.0 {
        Status::Done => Ok(()),
        status => Err(format!("the worker did not take the directory: {status:?}")),
    }
}
