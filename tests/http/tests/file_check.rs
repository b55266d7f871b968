//! The check of files: structure, scanner, hidden data, smaller copies, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;

use app::ports::Local;
use domain::file::{FileKind, State, look::Bad, rules::rules};
use files_work::{
    clamd::{ScanError, Verdict},
    inspect,
    job::{Outcome, Scanner, check},
    picture::copies,
    strip,
};
use http_tests::{
    World,
    demo::body,
    samples::{
        PLACE, deflated, docx, eicar, jpeg, mp4, pdf, pdf_with_objects, photo, png, zip, zip_of,
    },
    store::sha256,
};
use serde_json::{Value, json};

const FILES: &str = "/api/v1/cabinet/my/files";

/// A scanner that says what it is told to.
struct Says(RefCell<Result<Verdict, ScanError>>);

impl Says {
    fn new(verdict: Result<Verdict, ScanError>) -> Says {
        Says(RefCell::new(verdict))
    }
}

impl Scanner for Says {
    fn scan<'a>(&'a self, _: &'a str, _: i64) -> Local<'a, Result<Verdict, ScanError>> {
        let verdict = self.0.borrow().clone();
        Box::pin(async move { verdict })
    }
}

fn clean() -> Says {
    Says::new(Ok(Verdict::Clean))
}

fn send(world: &World, cookie: &str, purpose: &str, content: &[u8]) -> Value {
    let query = format!("{FILES}?purpose={purpose}&name=photo.jpg");
    let mut upload = world.command(&query, cookie, &Value::Null);
    upload.body = content.to_vec();
    let answer = world.send(&upload);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    body(&answer)
}

fn run(world: &World, scanner: &dyn Scanner, file: &Value) -> Outcome {
    let id = file["id"].as_str().unwrap();
    world.with(async |ports| check(ports, scanner, id).await).unwrap()
}

fn now(world: &World, cookie: &str, file: &Value) -> Value {
    body(&world.get(&format!("{FILES}/{}", file["id"].as_str().unwrap()), cookie))
}

fn stored(world: &World, cookie: &str, file: &Value, variant: &str) -> Vec<u8> {
    let id = file["id"].as_str().unwrap();
    let made = world.post(&format!("{FILES}/{id}/link?variant={variant}"), cookie, &Value::Null);
    let opened = world.get(body(&made)["url"].as_str().unwrap(), "");
    world.content(&opened)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn documents_that_act_hide_or_burst_are_refused() {
    let rules = rules().unwrap();
    let link = |mode: &str, kind: &str, target: &str| {
        docx(&[(
            "word/_rels/document.xml.rels",
            format!("<Relationships><Relationship Id=\"r1\" TargetMode=\"{mode}\" Type=\"http://s/{kind}\" Target=\"{target}\"/></Relationships>").as_bytes(),
        )])
    };
    let script = "1 0 << /S /JavaScript /JS (app.alert(1)) >>";
    let zeros = vec![0; 30_000_000];
    let lying = zip_of([
        ("[Content_Types].xml", b"<Types/>".to_vec(), 0, 8),
        ("word/document.xml", miniz_oxide::deflate::compress_to_vec(&zeros, 9), 8, 900_000),
    ]);
    let overlapping = {
        let mut archive = zip(["[Content_Types].xml", "word/document.xml", "word/b.xml"]
            .map(|name| (name, [b'x'; 500].as_slice())));
        // The last entry of the directory points to the bytes of the first.
        let last = archive.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        archive[last + 42..last + 46].copy_from_slice(&[0; 4]);
        archive
    };
    let pdf_kind = FileKind::Pdf;
    let word = FileKind::Docx;
    for (what, kind, bytes, want) in [
        ("plain", pdf_kind, pdf(""), Ok(())),
        ("goes to a page", pdf_kind, pdf("/OpenAction << /S /GoTo /D [2 0 R /Fit] >>"), Ok(())),
        ("script", pdf_kind, pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), Err(Bad::Active)),
        ("script, escaped", pdf_kind, pdf("/AA << /O << /S /J#61v#61Script /JS (1) >> >>"), Err(Bad::Active)),
        ("starts a program", pdf_kind, pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), Err(Bad::Active)),
        ("carries a file", pdf_kind, pdf("/Names << /EmbeddedFiles 3 0 R >>"), Err(Bad::Embedded)),
        ("locked", pdf_kind, pdf("/Encrypt 3 0 R"), Err(Bad::Locked)),
        ("sends a form", pdf_kind, pdf("/AA << /S /SubmitForm >>"), Err(Bad::Active)),
        ("packed objects", pdf_kind, pdf_with_objects("", "1 0 << /Type /Page >>"), Ok(())),
        ("script in packed objects", pdf_kind, pdf_with_objects("", script), Err(Bad::Active)),
        ("behind a false end", pdf_kind, pdf_with_objects("/X (endobj 9 0 obj << >> stream ) ", script), Err(Bad::Active)),
        ("behind an odd packing", pdf_kind, pdf_with_objects("/F /ASCII85Decode", script), Err(Bad::Active)),
        ("far behind in packed objects", pdf_kind, pdf_with_objects("", &format!("{}{script}", " ".repeat(3_000_000))), Err(Bad::Active)),
        ("nothing between head and tail", pdf_kind, b"%PDF-1.7\n%%EOF".to_vec(), Err(Bad::Broken)),
        ("plain", word, docx(&[]), Ok(())),
        ("a link to follow", word, link("External", "hyperlink", "https://example.kz/"), Ok(())),
        ("a link to a file", word, link("External", "hyperlink", "file://server/share"), Err(Bad::External)),
        ("a template from elsewhere", word, link("External", "attachedTemplate", "https://evil.example/t.dotm"), Err(Bad::External)),
        ("a picture from elsewhere", word, link("external", "image", "https://evil.example/i.png"), Err(Bad::External)),
        ("an object", word, link("Internal", "oleObject", "embeddings/o.bin"), Err(Bad::Embedded)),
        ("a document type", word, docx(&[("word/a.xml", b"<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a/>")]), Err(Bad::Active)),
        ("dynamic data", word, docx(&[("word/a.xml", b"<w:instrText>DDEAUTO c:\\\\windows\\\\cmd.exe</w:instrText>")]), Err(Bad::Macros)),
        ("a program", word, docx(&[("word/media/a.exe", b"MZ")]), Err(Bad::Embedded)),
        ("a page of the web", word, docx(&[("word/a.html", b"<script>")]), Err(Bad::Embedded)),
        ("another text", word, docx(&[("word/a.xml", b"\xff\xfe<\0a\0")]), Err(Bad::Broken)),
        ("a bomb", word, docx(&[("word/media/a.bmp", &zeros)]), Err(Bad::Unpacked)),
        ("a bomb that lies", word, lying, Err(Bad::Unpacked)),
        ("entries over each other", word, overlapping, Err(Bad::Unpacked)),
        ("many bombs", word, deflated((0..2_100).map(|_| ("a.xml", b"a".as_slice()))), Err(Bad::Unpacked)),
        ("the same name twice", word, docx(&[("WORD/document.xml", b"<a/>")]), Err(Bad::Broken)),
        ("a sheet for a document", FileKind::Xlsx, docx(&[]), Err(Bad::Broken)),
    ] {
        assert_eq!(inspect(kind, &bytes, rules), want, "{}: {what}", kind.code());
        // The same file, cut anywhere, is refused or read, and nothing else happens.
        for cut in (0..bytes.len().min(5_000)).step_by(61) {
            let _ = inspect(kind, &bytes[..cut], rules);
        }
    }
    let wrong = {
        let mut bytes = docx(&[]);
        let at = bytes.windows(4).position(|four| four == b"PK\x03\x04").unwrap();
        bytes[at + 30] = b'X';
        bytes
    };
    assert_eq!(inspect(word, &wrong, rules), Err(Bad::Broken), "two names of one entry");
}

#[test]
fn a_picture_keeps_its_pixels_and_loses_the_place() {
    let rules = rules().unwrap();
    for (kind, bytes, turn) in [
        (FileKind::Jpeg, photo(200, 100, 6), 6),
        (FileKind::Jpeg, photo(200, 100, 1), 1),
        (FileKind::Png, png(90, 40), 6),
    ] {
        assert!(holds(&bytes, PLACE));
        assert_eq!(inspect(kind, &bytes, rules), Ok(()));
        let small = strip(kind, &bytes).unwrap().unwrap();
        assert!(!holds(&small, PLACE) && !holds(&small, b"GPS") && !holds(&small, b"Photoshop"));
        // Doing it twice changes nothing, and it can still be read and stands as it stood.
        assert_eq!(strip(kind, &small), Ok(None));
        assert_eq!(inspect(kind, &small, rules), Ok(()));
        let of = |bytes: &[u8]| copies(kind, bytes, &rules.picture).unwrap();
        assert_eq!(of(&small), of(&bytes));
        let large = &of(&small)[1];
        let upright = large.height > large.width;
        assert_eq!(upright, turn == 6, "{} x {}", large.width, large.height);
        assert!(!holds(&large.bytes, PLACE));
    }
    // What hides nothing is left alone.
    let plain = strip(FileKind::Jpeg, &jpeg(64, 64, true)).unwrap();
    assert!(plain.is_none_or(|bytes| bytes.len() <= jpeg(64, 64, true).len()));
}

#[test]
fn pictures_that_are_cut_or_too_large_are_refused_and_cuts_never_panic() {
    let rules = rules().unwrap();
    for (kind, bytes) in [
        (FileKind::Jpeg, jpeg(40, 24, false)),
        (FileKind::Jpeg, jpeg(40, 24, true)),
        (FileKind::Png, png(30, 20)),
    ] {
        let end = bytes.len() * 2 / 3;
        assert_eq!(inspect(kind, &bytes[..end], rules), Err(Bad::Cut), "{kind:?} {end}");
        for cut in (0..bytes.len()).step_by(37) {
            let _ = inspect(kind, &bytes[..cut], rules)
                .and_then(|()| copies(kind, &bytes[..cut], &rules.picture).map(drop));
            let mut hurt = bytes.clone();
            hurt[cut] ^= 0x55;
            let _ = copies(kind, &hurt, &rules.picture);
            let _ = strip(kind, &hurt);
        }
    }
    let mut giant = jpeg(64, 64, false);
    let at = giant.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    giant[at + 5..at + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(inspect(FileKind::Jpeg, &giant, rules), Err(Bad::Pixels));
}

#[test]
fn a_clean_picture_is_stored_without_its_place_and_with_two_smaller_ones() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let bytes = photo(2000, 1500, 6);
    let file = send(&world, &person, "photo", &bytes);
    assert_eq!(run(&world, &clean(), &file), Outcome::Now(State::Clean));
    let after = now(&world, &person, &file);
    assert_eq!((&after["state"], &after["notice"]), (&json!("clean"), &Value::Null));
    let kept = stored(&world, &person, &file, "");
    assert!(!holds(&kept, PLACE));
    assert_eq!(
        (after["sha256"].as_str().unwrap(), after["size"].as_i64()),
        (sha256(&kept).as_str(), Some(kept.len() as i64))
    );
    // Turned by EXIF, so they stand upright; the longer side is 320 and 1280.
    let sizes: Vec<_> = after["variants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            (
                v["name"].as_str().unwrap(),
                v["width"].as_u64().unwrap(),
                v["height"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(sizes, [("small", 240, 320), ("large", 960, 1280)]);
    for name in ["small", "large"] {
        let copy = stored(&world, &person, &file, name);
        assert!(copy.starts_with(b"RIFF") && &copy[8..12] == b"WEBP" && copy.len() < kept.len());
    }
    // What came first is gone with the next sweep; three objects stay.
    world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(world.store.objects.borrow().len(), 3);
    assert!(!world.store.objects.borrow().values().any(|object| holds(object, PLACE)));
    assert_eq!(world.db.rows("SELECT * FROM file_object"), Vec::<Value>::new());
    // Done again it does nothing.
    assert_eq!(run(&world, &clean(), &file), Outcome::Nothing);
}

#[test]
fn an_infected_file_is_removed_told_and_written_down() {
    let mut world = World::demo();
    world.config.dev = false;
    let person = world.session("hr.school1");
    let file = send(&world, &person, "document", &pdf("% a virus"));
    let found = Says::new(Ok(Verdict::Found("Win.Test.EICAR_HDB-1".into())));
    assert_eq!(run(&world, &found, &file), Outcome::Now(State::Infected));
    let after = now(&world, &person, &file);
    assert_eq!(after["state"], "infected");
    assert!(after["notice"].as_str().unwrap().contains("Win.Test.EICAR_HDB-1"));
    let id = file["id"].as_str().unwrap();
    assert_eq!(world.post(&format!("{FILES}/{id}/link"), &person, &Value::Null).status, 410);
    world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(world.store.objects.borrow().len(), 0);
    let told = world.db.rows("SELECT event, object_id, args FROM notice");
    assert_eq!(
        (told.len(), &told[0]["event"], &told[0]["object_id"]),
        (1, &json!("file.rejected"), &json!(id))
    );
    assert!(told[0]["args"].as_str().unwrap().contains("зиянды код"));
    let journal = world.db.rows("SELECT after FROM journal WHERE action = 'file.check'");
    assert!(journal[0]["after"].as_str().unwrap().contains("infected"));
}

#[test]
fn a_scanner_that_is_down_loses_nothing_and_is_asked_again() {
    let mut world = World::demo();
    world.config.dev = false;
    let person = world.session("hr.school1");
    let file = send(&world, &person, "document", &pdf(""));
    let scanner = Says::new(Err(ScanError::Down("connection refused".into())));
    let states = |world: &World| now(world, &person, &file)["state"].clone();
    world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(world.courier.jobs.borrow().len(), 1);
    // Minutes of waiting grow; nothing is asked before its time.
    for (wait, moment) in
        [("2026-11-02T05:01:00Z", 2), ("2026-11-02T05:06:00Z", 3), ("2026-11-02T05:21:00Z", 4)]
    {
        assert!(matches!(run(&world, &scanner, &file), Outcome::Later(_)));
        assert_eq!(states(&world), "pending");
        world.with(async |ports| app::sweep::run(ports).await);
        assert_eq!(world.courier.jobs.borrow().len(), moment - 1, "asked too early");
        world.at(wait);
        world.with(async |ports| app::sweep::run(ports).await);
        assert_eq!(world.courier.jobs.borrow().len(), moment, "not asked again");
    }
    for other in [Err(ScanError::TooLarge), Ok(Verdict::Off)] {
        // In production a missing scanner is no verdict.
        assert!(matches!(run(&world, &Says::new(other), &file), Outcome::Later(_)));
        assert_eq!(states(&world), "pending");
    }
    assert_eq!(run(&world, &clean(), &file), Outcome::Now(State::Clean));
    // A development machine says plainly that nobody looked.
    world.config.dev = true;
    let other = send(&world, &person, "document", &pdf("/Lang (kk)"));
    assert_eq!(run(&world, &Says::new(Ok(Verdict::Off)), &other), Outcome::Now(State::Unscanned));
    assert!(now(&world, &person, &other)["notice"].as_str().unwrap().contains("сканер"));
}

#[test]
fn a_queue_that_is_down_keeps_the_file_and_the_event() {
    let world = World::demo();
    let person = world.session("hr.school1");
    world.courier.fails.set(Some(app::ports::CourierError::Down));
    let file = send(&world, &person, "document", &pdf(""));
    world.with(async |ports| app::outbox::drain(ports).await).unwrap();
    assert_eq!(world.db.rows("SELECT topic FROM outbox")[0]["topic"], "file.received");
    world.courier.fails.set(None);
    world.at("2026-11-02T05:02:00Z");
    world.with(async |ports| app::outbox::drain(ports).await).unwrap();
    assert_eq!(json!(world.courier.jobs.borrow()[0].id), file["id"]);
}

#[test]
fn a_worker_that_died_over_a_picture_does_not_die_over_it_for_ever() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let file = send(&world, &person, "photo", &photo(400, 300, 3));
    world.db.execute("UPDATE file SET error = 'at work'");
    assert_eq!(run(&world, &clean(), &file), Outcome::Now(State::Clean));
    let after = now(&world, &person, &file);
    assert_eq!(after["variants"], json!([]));
    assert!(!holds(&stored(&world, &person, &file, ""), PLACE));
}

#[test]
fn a_file_removed_or_refused_by_the_database_during_its_check_leaves_no_object() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let file = send(&world, &person, "photo", &photo(400, 300, 3));
    world.db.execute("CREATE TRIGGER broken BEFORE UPDATE OF sha256 ON file BEGIN SELECT RAISE(ABORT, 'no room'); END");
    let id = file["id"].as_str().unwrap().to_owned();
    let outcome = world.with(async |ports| check(ports, &clean(), &id).await);
    assert!(outcome.is_err());
    assert_eq!(now(&world, &person, &file)["state"], "pending");
    // The original, and three that were written for nothing.
    assert_eq!(world.store.objects.borrow().len(), 4);
    world.db.execute("DROP TRIGGER broken");
    world.at("2026-11-02T06:00:01Z");
    world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(world.store.objects.borrow().len(), 1);
    assert_eq!(run(&world, &clean(), &file), Outcome::Now(State::Clean));
}

#[test]
fn a_video_is_measured_without_being_read() {
    let world = World::demo();
    let person = world.session("hr.school1");
    for (video, want) in [
        (mp4(1280, 720, 601, b"vide"), None),
        (mp4(720, 1280, 600, b"vide"), None),
        (mp4(640, 480, 700, b"vide"), Some("file_small")),
        (mp4(1280, 720, 599, b"vide"), Some("file_short")),
        (mp4(1280, 720, 700, b"soun"), Some("file_no_video")),
        (
            [mp4(1280, 720, 700, b"vide"), b"<script>alert(1)</script>".to_vec()].concat(),
            Some("file_extra"),
        ),
        (mp4(1280, 720, 700, b"vide")[..3100].to_vec(), Some("file_cut")),
    ] {
        let file = send(&world, &person, "presentation", &video);
        let state = if want.is_some() { State::Refused } else { State::Clean };
        assert_eq!(run(&world, &clean(), &file), Outcome::Now(state), "{want:?}");
        let reason = world.db.rows(&format!(
            "SELECT reason FROM file WHERE id = '{}'",
            file["id"].as_str().unwrap()
        ));
        assert_eq!(reason[0]["reason"], want.unwrap_or_default());
        if want == Some("file_short") {
            assert!(now(&world, &person, &file)["notice"].as_str().unwrap().contains("10 минут"));
        }
        if want.is_none() {
            assert_eq!(now(&world, &person, &file)["sha256"], sha256(&video));
        }
    }
}

#[test]
fn the_test_virus_is_what_it_says() {
    assert_eq!(eicar().len(), 68);
}
