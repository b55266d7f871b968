//! Packages that mean harm are refused whole, each for its own reason.
use item_exchange::{Format, Options, read};

use crate::{CHOICE, PNG, manifest, pack};

fn refused(bytes: &[u8]) -> String {
    let refused = read(Format::Qti, "p.zip", bytes, Options::default()).unwrap_err();
    for lang in domain::shared::lang::Lang::ALL {
        let text = refused.text(lang);
        assert!(!text.contains('{') && !text.starts_with(refused.code), "{text}");
    }
    refused.code.to_owned()
}

fn package(extra: &[(&str, &[u8])]) -> Vec<u8> {
    let manifest = manifest(&["a.xml"]);
    let mut files: Vec<(&str, &[u8])> = vec![
        ("imsmanifest.xml", manifest.as_bytes()),
        ("a.xml", CHOICE.as_bytes()),
        ("images/sign.png", PNG),
    ];
    files.extend_from_slice(extra);
    pack(&files)
}

#[test]
fn a_sound_package_comes_in() {
    let found = read(Format::Qti, "p.zip", &package(&[]), Options::default()).unwrap();
    assert_eq!((found.items.len(), found.media.len()), (1, 1));
}

/// Puts another name into the bytes of an archive, in both of its places.
fn renamed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = bytes.to_vec();
    let mut times = 0;
    for at in 0..out.len() - from.len() {
        if &out[at..at + from.len()] == from {
            out[at..at + to.len()].copy_from_slice(to);
            times += 1;
        }
    }
    assert_eq!(times, 2);
    out
}

#[test]
fn names_that_lead_out() {
    let bytes = package(&[("aa/bb/cc.txt", b"x")]);
    for name in [
        "../../c.txt.",
        "/etc/passwd_",
        "C:/b/cc.txt_",
        "..\\bb\\c.txt",
        "aa/../cc.txt",
        "aa//bb/c.txt",
        "aa/b\0/cc.tx",
        "./a/bb/c.txt",
    ] {
        let name = &name.as_bytes()[..12.min(name.len())];
        let mut padded = name.to_vec();
        padded.resize(12, b'x');
        assert_eq!(refused(&renamed(&bytes, b"aa/bb/cc.txt", &padded)), "zip_name", "{name:?}");
    }
}

#[test]
fn names_that_hide_each_other() {
    assert_eq!(refused(&package(&[("A.XML", b"x")])), "zip_duplicate");
    let bytes = package(&[("b.xml", CHOICE.as_bytes())]);
    assert_eq!(refused(&renamed(&bytes, b"b.xml", b"a.xml")), "zip_duplicate");
}

#[test]
fn links_and_locked_entries() {
    use std::io::{Cursor, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("imsmanifest.xml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_eq!(refused(&zip.finish().unwrap().into_inner()), "zip_link");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("imsmanifest.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"x").unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    // The flag of encryption, in the local head and in the directory.
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[directory + 8] |= 1;
    assert_eq!(refused(&bytes), "zip_encrypted");
}

#[test]
fn bombs() {
    let zeros = vec![0_u8; 8 * 1024 * 1024];
    assert_eq!(refused(&package(&[("z.bin", &zeros)])), "zip_bomb");
    let many: Vec<(String, Vec<u8>)> = (0..20_050).map(|n| (format!("f{n}"), Vec::new())).collect();
    let files: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    assert_eq!(refused(&pack(&files)), "zip_entries");
    // An entry that says it is small.
    let mut bytes = package(&[("z.bin", &zeros)]);
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
    }
    assert!(["zip_bomb", "zip"].contains(&refused(&bytes).as_str()));
}

#[test]
fn entities_and_outside_parts() {
    let item = |head: &str, body: &str| {
        format!(
            "<?xml version=\"1.0\"?>{head}<assessmentItem xmlns=\"x\" identifier=\"a\"><itemBody>{body}</itemBody></assessmentItem>"
        )
    };
    for (xml, code) in [
        (item("<!DOCTYPE a SYSTEM \"http://example.kz/a.dtd\">", ""), "doctype"),
        (item("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "&x;"), "doctype"),
        (item("<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>", "&b;"), "doctype"),
        (item("", "&x;"), "entity"),
        (
            item(
                "",
                "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"/etc/passwd\"/>",
            ),
            "external",
        ),
        (item("", &"<div>".repeat(5000)), "xml_too_big"),
        ("<assessmentItem><itemBody></assessmentItem>".into(), "xml"),
        (String::new(), "xml"),
    ] {
        let manifest = manifest(&["a.xml"]);
        let bytes = pack(&[("imsmanifest.xml", manifest.as_bytes()), ("a.xml", xml.as_bytes())]);
        assert_eq!(refused(&bytes), code, "{xml:.200}");
    }
}

#[test]
fn broken_manifests() {
    let resource = |inner: &str| {
        format!("<manifest xmlns=\"x\" identifier=\"m\"><resources>{inner}</resources></manifest>")
    };
    let item = |id: &str, href: &str| {
        format!("<resource identifier=\"{id}\" type=\"imsqti_item_xmlv2p2\" href=\"{href}\"/>")
    };
    for (manifest, code) in [
        ("<manifest/>".to_owned(), "manifest"),
        ("<other/>".to_owned(), "manifest"),
        ("<manifest><resources>".to_owned(), "xml"),
        (resource(""), "manifest_empty"),
        (resource(&item("a", "missing.xml")), "manifest_file"),
        (resource(&item("a", "../a.xml")), "manifest_outside"),
        (resource(&item("a", "http://example.kz/a.xml")), "manifest_outside"),
        (resource(&item("a", "/a.xml")), "manifest_outside"),
        (resource(&item("a", "file:///a.xml")), "manifest_outside"),
        (resource(&item("a", "%2e%2e/a.xml")), "manifest_outside"),
        (resource(&(item("a", "a.xml") + &item("a", "a.xml"))), "manifest_twice"),
        (resource(&(item("a", "a.xml") + &item("b", "a.xml"))), "manifest_twice"),
        (resource(&item("", "a.xml")), "manifest"),
    ] {
        let bytes = pack(&[("imsmanifest.xml", manifest.as_bytes()), ("a.xml", CHOICE.as_bytes())]);
        assert_eq!(refused(&bytes), code, "{manifest}");
    }
    assert_eq!(refused(&pack(&[("a.xml", CHOICE.as_bytes())])), "manifest_missing");
    assert_eq!(refused(b"PK\x03\x04 no archive"), "zip");
}
