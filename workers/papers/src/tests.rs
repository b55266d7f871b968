//! What comes out is read back as a reader of PDF does: fonts, maps to letters, text of the pages.

use std::collections::BTreeMap;

use crate::{Block, Item, Paper, render};

/// All that is packed in a file, unpacked, in order.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"stream\n") {
        rest = &rest[at + 7..];
        let end = find(rest, b"\nendstream").unwrap();
        out.push(miniz_oxide::inflate::decompress_to_vec_zlib(&rest[..end]).unwrap());
        rest = &rest[end + 10..];
    }
    out
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// `<0001> <04D8>` pairs of a map to letters.
fn letters(map: &str) -> BTreeMap<u16, char> {
    let pairs = map.lines().filter_map(|line| {
        let (cid, letter) = line.strip_prefix('<')?.split_once("> <")?;
        let letter = u32::from_str_radix(letter.strip_suffix('>')?, 16).ok()?;
        Some((u16::from_str_radix(cid, 16).ok()?, char::from_u32(letter)?))
    });
    pairs.collect()
}

/// The text of a page: strings shown by one face after the other.
fn text(content: &[u8], faces: &[BTreeMap<u16, char>; 2]) -> String {
    let (mut out, mut face, mut at) = (String::new(), 0, 0);
    while at < content.len() {
        let rest = &content[at..];
        if rest.starts_with(b"/R ") || rest.starts_with(b"/B ") {
            face = usize::from(rest[1] == b'B');
        }
        if rest[0] == b'(' {
            let (bytes, used) = string(rest);
            for pair in bytes.chunks(2) {
                out.push(faces[face][&u16::from_be_bytes([pair[0], pair[1]])]);
            }
            out.push('\n');
            at += used;
        } else if rest[0] == b'<' {
            let end = rest.iter().position(|byte| *byte == b'>').unwrap();
            let hex = std::str::from_utf8(&rest[1..end]).unwrap();
            for four in hex.as_bytes().chunks(4) {
                let four = std::str::from_utf8(four).unwrap();
                out.push(faces[face][&u16::from_str_radix(four, 16).unwrap()]);
            }
            out.push('\n');
            at += end;
        } else {
            at += 1;
        }
    }
    out
}

/// A literal string of PDF: its bytes, and how many it takes.
fn string(from: &[u8]) -> (Vec<u8>, usize) {
    let (mut out, mut at, mut depth) = (Vec::new(), 1, 1);
    loop {
        match from[at] {
            b'\\' => {
                at += 1;
                match from[at] {
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'b' => out.push(8),
                    b'f' => out.push(12),
                    digit @ b'0'..=b'7' => {
                        let mut value = u32::from(digit - b'0');
                        for _ in 0..2 {
                            if !from[at + 1].is_ascii_digit() {
                                break;
                            }
                            at += 1;
                            value = value * 8 + u32::from(from[at] - b'0');
                        }
                        out.push(value as u8);
                    }
                    other => out.push(other),
                }
            }
            b'(' => {
                depth += 1;
                out.push(b'(');
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (out, at + 1);
                }
                out.push(b')');
            }
            byte => out.push(byte),
        }
        at += 1;
    }
}

/// The pages of a file as text.
fn read(pdf: &[u8]) -> Vec<String> {
    let streams = streams(pdf);
    let maps: Vec<BTreeMap<u16, char>> = streams
        .iter()
        .filter_map(|one| std::str::from_utf8(one).ok())
        .filter(|one| one.contains("beginbfchar") || one.contains("begincmap"))
        .map(letters)
        .collect();
    let faces = [maps[0].clone(), maps[1].clone()];
    let pages = streams.iter().filter(|one| find(one, b" Tf").is_some());
    pages.map(|one| text(one, &faces)).collect()
}

const KAZAKH: &str = "ӘәҒғҚқҢңӨөҰұҮүҺһІі";

fn paper(blocks: Vec<Block>) -> Paper {
    Paper {
        title: "Өтінім".into(),
        lang: "kk".into(),
        foot: "ПЕД-2026-000001".into(),
        made: (2026, 11, 2, 5, 0, 0),
        blocks,
    }
}

#[test]
fn kazakh_letters_come_out_as_they_went_in() {
    let text = format!("{KAZAKH} — «№ 12» Ёё №3 100 ₸");
    let pdf = render(&paper(vec![
        Block::Title(text.clone()),
        Block::Facts(vec![("Аты-жөні".into(), text.clone())]),
    ]));
    let pages = read(&pdf);
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].matches(&text).count(), 2, "{}", pages[0]);
    assert!(pages[0].contains("Аты-жөні") && pages[0].contains("1 / 1"));
    // Both faces know every letter: nothing became a question mark.
    assert!(!pages[0].contains('?'));
}

#[test]
fn a_long_paper_has_pages_and_loses_no_line() {
    let items = (1..=90).map(|n| Item {
        name: format!("Құжат {n}"),
        side: format!("{n}"),
        lines: vec![format!("SHA-256 {}", "ab".repeat(32)), "сипаттама".into()],
    });
    let pages = read(&render(&paper(vec![Block::Items(items.collect())])));
    assert!(pages.len() > 3, "{}", pages.len());
    let all = pages.concat();
    for n in 1..=90 {
        assert!(all.contains(&format!("Құжат {n}\n")), "{n}");
    }
    assert!(pages[1].contains(&format!("2 / {}", pages.len())));
}

#[test]
fn a_word_that_fits_no_line_is_cut_and_nothing_is_lost() {
    let word = "0123456789abcdef".repeat(20);
    let pages = read(&render(&paper(vec![Block::Text(word.clone())])));
    assert!(pages[0].replace('\n', "").contains(&word));
}

#[test]
fn strange_letters_breaks_and_nothing_at_all_do_no_harm() {
    let text = "a\u{0}b\u{202e}c😀\r\n\n\td";
    let pages = read(&render(&paper(vec![
        Block::Text(text.into()),
        Block::Text(String::new()),
        Block::Facts(vec![(String::new(), String::new())]),
        Block::Items(vec![Item::default()]),
    ])));
    assert!(pages[0].starts_with("a?b?c?\n"), "{}", pages[0]);
    assert_eq!(read(&render(&paper(Vec::new()))).len(), 1);
}

#[test]
fn the_same_paper_gives_the_same_small_file() {
    let one = || render(&paper(vec![Block::Text(KAZAKH.repeat(50))]));
    assert_eq!(one(), one());
    assert!(one().len() < 30_000, "{}", one().len());
    assert!(one().starts_with(b"%PDF-1."));
}
