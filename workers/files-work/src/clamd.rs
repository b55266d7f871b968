//! The words of clamd over TCP (its command INSTREAM): how a file is sent and how the answer is
//! read. Who carries the bytes is another matter: [`crate::job::Scanner`].

/// Opens a scan. `z` means: commands and answers end with a zero byte.
pub const START: &[u8] = b"zINSTREAM\0";
/// Bytes of a chunk, at most. Before each stand its length in four bytes, the highest first; a chunk
/// without bytes ends the file.
pub const CHUNK: u32 = 64 * 1024;

/// What a scanner found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Clean,
    /// A signature, by its name.
    Found(String),
    /// There is no scanner here. Allowed on a development machine only.
    Off,
}

/// Why there is no verdict. The file waits and is scanned again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanError {
    /// The scanner did not answer, or not in time, or not in its language.
    Down(String),
    /// The file is larger than StreamMaxLength of clamd.conf: the operator must raise it.
    TooLarge,
}

/// Reads the answer: `stream: OK`, `stream: NAME FOUND`, or an error.
pub fn verdict(answer: &[u8]) -> Result<Verdict, ScanError> {
    let answer = String::from_utf8_lossy(answer);
    let answer = answer.trim_matches(['\0', '\n', '\r', ' ']);
    if answer == "stream: OK" {
        return Ok(Verdict::Clean);
    }
    if let Some(found) = answer.strip_prefix("stream: ").and_then(|a| a.strip_suffix(" FOUND")) {
        // The name comes from a list of signatures; it is shown to a person all the same.
        let name = found.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
        return Ok(Verdict::Found(name));
    }
    if answer.contains("size limit exceeded") {
        return Err(ScanError::TooLarge);
    }
    Err(ScanError::Down(answer.chars().take(200).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_nothing_unclear_is_clean() {
        assert_eq!(verdict(b"stream: OK\0"), Ok(Verdict::Clean));
        assert_eq!(
            verdict(b"stream: Eicar-Test-Signature FOUND\0"),
            Ok(Verdict::Found("Eicar-Test-Signature".into()))
        );
        assert_eq!(verdict(b"INSTREAM size limit exceeded. ERROR\0"), Err(ScanError::TooLarge));
        for unclear in
            [&b""[..], b"\0", b"OK", b"PONG", b"stream: OK FOUND ERROR", b"stream: ok", b"\xff\xfe"]
        {
            assert!(matches!(verdict(unclear), Err(ScanError::Down(_))), "{unclear:?}");
        }
    }
}
