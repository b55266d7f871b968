//! `scripts/trust-ceremony`: keys of anonymous reports. It knows no network and no clock: the day
//! is an argument, and what it makes is carried to the portal as a file that anybody may check.

mod demo;
mod directory;
mod people;
mod publish;
mod reveal;

use std::{fs, io::BufRead, path::Path};

use trust_core::{Random, day, vault};
use zeroize::Zeroizing;

/// What went wrong, for the person at the table.
pub type Res<T> = Result<T, String>;

/// Fewest letters of a passphrase.
const PASSPHRASE: usize = 12;

/// The words of the command line: what is left, and `--name value` pairs.
pub struct Words {
    /// In order.
    pub plain: Vec<String>,
    named: Vec<(String, String)>,
}

impl Words {
    fn read(all: impl Iterator<Item = String>) -> Res<Words> {
        let (mut plain, mut named, mut all) = (Vec::new(), Vec::new(), all);
        while let Some(word) = all.next() {
            match word.strip_prefix("--") {
                Some(name) => {
                    let value = all.next().ok_or(format!("--{name} needs a value"))?;
                    named.push((name.to_owned(), value));
                }
                None => plain.push(word),
            }
        }
        Ok(Words { plain, named })
    }

    /// The value of an option: the last that was given.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.named.iter().rev().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// A value that must be given.
    pub fn need(&self, name: &str) -> Res<&str> {
        self.option(name).ok_or(format!("--{name} is missing (see --help)"))
    }

    /// The word at a place.
    pub fn at(&self, place: usize, what: &str) -> Res<&str> {
        self.plain.get(place).map(String::as_str).ok_or(format!("{what} is missing (see --help)"))
    }

    /// A day that must be given.
    pub fn day(&self, name: &str) -> Res<day::Day> {
        let text = self.need(name)?;
        day::parse(text).ok_or(format!("--{name} {text}: not a day (YYYY-MM-DD)"))
    }

    /// The passphrase: the first line of a file or of the input.
    fn passphrase(&self) -> Res<Zeroizing<String>> {
        let mut line = Zeroizing::new(match self.option("passphrase-file") {
            Some(file) => read_text(Path::new(file))?,
            None => {
                eprint!("Passphrase: ");
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line).map_err(|e| e.to_string())?;
                eprintln!();
                line
            }
        });
        let end = line.find(['\n', '\r']).unwrap_or(line.len());
        line.truncate(end);
        if line.chars().count() < PASSPHRASE {
            return Err(format!("a passphrase has at least {PASSPHRASE} letters"));
        }
        Ok(line)
    }

    /// Encrypts and writes a secret; a file that is there is never written over.
    pub fn keep(&self, random: &mut Random<'_>, file: &Path, secret: &[u8]) -> Res<()> {
        let sealed = vault::seal(random, &self.passphrase()?, secret).map_err(said)?;
        write_new(file, &sealed)
    }

    /// Reads an encrypted secret.
    pub fn unlock(&self, file: &Path) -> Res<Zeroizing<Vec<u8>>> {
        open_vault(file, &self.passphrase()?)
    }
}

/// Opens an encrypted file.
pub fn open_vault(file: &Path, passphrase: &str) -> Res<Zeroizing<Vec<u8>>> {
    let bytes = read(file)?;
    vault::open(passphrase, &bytes)
        .map_err(|_| format!("{}: wrong passphrase, or the file is damaged", file.display()))
}

/// The crate's word for a mistake.
pub fn said(error: trust_core::Error) -> String {
    error.code().to_owned()
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of hexadecimal digits.
pub fn unhex(text: &str) -> Res<Vec<u8>> {
    let bad = || "not hexadecimal digits".to_owned();
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        pair.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(pair, 16).ok())?
    };
    pairs.map(byte).collect::<Option<_>>().ok_or_else(bad)
}

/// Bytes of a fixed number.
pub fn fixed<const N: usize>(text: &str) -> Res<[u8; N]> {
    unhex(text)?.try_into().map_err(|_| format!("not {N} bytes"))
}

/// Reads a file.
pub fn read(file: &Path) -> Res<Vec<u8>> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Reads a text.
pub fn read_text(file: &Path) -> Res<String> {
    String::from_utf8(read(file)?).map_err(|_| format!("{}: not a text", file.display()))
}

/// Writes a file that was not there, for its owner alone.
pub fn write_new(file: &Path, bytes: &[u8]) -> Res<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut options = fs::OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(file);
    made.and_then(|mut out| out.write_all(bytes))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// Writes a file through a new one, so that it is never half of each.
pub fn replace(file: &Path, bytes: &[u8]) -> Res<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let next = Path::new(&name);
    // What an interrupted run left is of no use.
    if next.exists() {
        fs::remove_file(next).map_err(|error| format!("{}: {error}", next.display()))?;
    }
    write_new(next, bytes)?;
    fs::rename(next, file).map_err(|error| format!("{}: {error}", file.display()))
}

fn run() -> Res<()> {
    let words = Words::read(std::env::args().skip(1))?;
    let mut fill = |out: &mut [u8]| getrandom::fill(out).is_ok();
    let mut random = Random::new(&mut fill);
    match words.at(0, "the command")? {
        "root" => people::root(&mut random, &words),
        "person" => people::person(&mut random, &words),
        "month" => people::month(&mut random, &words),
        "forget" => people::forget(&mut random, &words),
        "sign" => directory::sign(&words),
        "show" => directory::show(&words),
        "demo" => demo::make(&mut random, &words),
        "reveal" => reveal::reveal(&words),
        "publish" => publish::exchange(&mut random, &words),
        other => Err(format!("unknown command {other} (see --help)")),
    }
}

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}
