//! Files over HTTP: whole and in parts, hostile ones, links, strangers, what the sweep removes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use app::http::{Request, Response};
use http_tests::{
    World,
    demo::{body, organisation, request},
    store::sha256,
};
use serde_json::{Value, json};

const FILES: &str = "/api/v1/cabinet/my/files";
const PDF: &[u8] =
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

fn sending(world: &World, cookie: &str, query: &str, content: &[u8]) -> Request {
    let mut upload = world.command(&format!("{FILES}?{query}"), cookie, &Value::Null);
    upload.body = content.to_vec();
    upload
}

fn send(world: &World, cookie: &str, name: &str, content: &[u8]) -> Response {
    let query = format!("purpose=document&name={}", app::http::encode(name));
    world.send(&sending(world, cookie, &query, content))
}

fn sent(world: &World, cookie: &str, name: &str, content: &[u8]) -> Value {
    let response = send(world, cookie, name, content);
    assert_eq!(response.status, 201, "{}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn refused(response: &Response) -> String {
    body(response)["code"].as_str().unwrap().to_owned()
}

fn link(world: &World, cookie: &str, address: &str) -> Response {
    world.post(address, cookie, &Value::Null)
}

fn set_state(world: &World, file: &Value, state: &str) {
    let id = file["id"].as_str().unwrap();
    world.db.execute(&format!("UPDATE file SET state = '{state}' WHERE id = '{id}'"));
}

fn sweep(world: &World) {
    assert_eq!(world.with(async |ports| app::sweep::run(ports).await), Vec::<String>::new());
}

#[test]
fn a_file_is_sent_listed_opened_and_removed() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let file = sent(&world, &person, "../Диплом \u{202e}Әсел.exe", PDF);
    assert_eq!(file["name"], "Диплом Әсел.exe.pdf");
    assert_eq!((&file["kind"], &file["state"]), (&json!("pdf"), &json!("pending")));
    assert_eq!(file["sha256"], sha256(PDF));
    assert_eq!(file["notice"], "Файл тексеріліп жатыр. Оны әзірше тек сіз аша аласыз.");
    // The queue has it, by its identifier alone.
    world.with(async |ports| app::outbox::drain(ports).await).unwrap();
    let jobs = world.courier.jobs.borrow().clone();
    assert_eq!((jobs.len(), jobs[0].kind.as_str(), &json!(jobs[0].id)), (1, "file", &file["id"]));

    let id = file["id"].as_str().unwrap();
    assert_eq!(body(&world.get(FILES, &person)), json!([file]));
    let made = link(&world, &person, &format!("{FILES}/{id}/link"));
    assert_eq!(made.status, 201);
    let url = body(&made)["url"].as_str().unwrap().to_owned();
    let opened = world.get(&url, "");
    assert_eq!((opened.status, world.content(&opened)), (200, PDF.to_vec()));
    let header = |name| opened.headers.iter().find(|(have, _)| *have == name).unwrap().1.clone();
    assert!(
        header("content-disposition")
            .starts_with("attachment; filename=\"file.pdf\"; filename*=UTF-8''")
    );
    assert!(header("content-security-policy").contains("sandbox"));
    for (name, want) in [
        ("x-content-type-options", "nosniff"),
        ("content-type", "application/pdf"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-store"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(header(name), want);
    }

    let mut remove = world.command(&format!("{FILES}/{id}"), &person, &Value::Null);
    remove.method = "DELETE".into();
    assert_eq!(world.send(&remove).status, 204);
    assert_eq!(world.get(&format!("{FILES}/{id}"), &person).status, 404);
    assert_eq!(world.get(&url, "").status, 404);
    assert_eq!(world.store.objects.borrow().len(), 1);
    sweep(&world);
    assert_eq!(world.store.objects.borrow().len(), 0);
    let actions: Vec<_> =
        world.db.rows("SELECT action FROM journal WHERE object_type = 'file' ORDER BY seq");
    let actions: Vec<_> = actions.iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["file.upload", "file.open", "file.delete"]);
}

#[test]
fn what_is_not_allowed_is_refused_with_a_reason_and_leaves_nothing() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let zip = |names: &[&str]| {
        http_tests::samples::zip(names.iter().map(|name| (*name, b"x".as_slice())))
    };
    let hidden = [b"\xff\xd8\xff\xe0".as_slice(), &[0; 200], b"\xff\xd9", &zip(&["a.js"])].concat();
    for (name, content, code) in [
        ("empty.pdf", b"".to_vec(), "file_empty"),
        ("photo.jpg", b"<html><script>alert(1)</script>".to_vec(), "file_web"),
        ("photo.jpg", b"\xef\xbb\xbf \n<svg onload=\"alert(1)\">".to_vec(), "file_web"),
        ("a.pdf", b"<html>%PDF-1.7\n%%EOF".to_vec(), "file_web"),
        ("a.pdf", b"MZ\x90\0".to_vec(), "file_program"),
        ("a.pdf", b"#!/bin/sh\n".to_vec(), "file_program"),
        ("a.pdf", b"plain text".to_vec(), "file_kind"),
        ("a.gif", b"GIF89a\x01\0\x01\0".to_vec(), "file_kind"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "file_old_office"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "file_heic"),
        ("a.pdf", b"%PDF-1.7 and no end".to_vec(), "file_cut"),
        ("a.pdf", [PDF, b"<script>alert(1)</script>"].concat(), "file_extra"),
        ("a.pdf", [PDF, &zip(&["a.js"])[..]].concat(), "file_extra"),
        ("a.jpg", hidden, "file_extra"),
        ("a.docx", zip(&["a.txt"]), "file_archive"),
        (
            "a.docx",
            zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]),
            "file_macros",
        ),
        ("a.docx", zip(&["[Content_Types].xml", "word/document.xml", "../../evil"]), "file_names"),
        ("a.docx", zip(&["[Content_Types].xml", "word/document.xml", "C:\\evil"]), "file_names"),
        (
            "a.docx",
            zip(&["[Content_Types].xml", "word/document.xml", "xl/workbook.xml"]),
            "file_broken",
        ),
        (
            "a.docx",
            [zip(&["[Content_Types].xml", "word/document.xml"]), b"tail".to_vec()].concat(),
            "file_extra",
        ),
        (
            "a.docx",
            [b"PK\x03\x04".to_vec(), zip(&["[Content_Types].xml", "word/document.xml"])].concat(),
            "file_broken",
        ),
        ("a.docx", b"PK\x03\x04 cut in the middle".to_vec(), "file_cut"),
        // A video is allowed, but not for this.
        ("a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0".to_vec(), "file_kind"),
    ] {
        let answer = send(&world, &person, name, &content);
        assert_eq!(refused(&answer), code, "{name} {:?}", String::from_utf8_lossy(&content));
        let detail = body(&answer)["detail"].as_str().unwrap().to_owned();
        assert!(!detail.contains('{') && !detail.contains("file_"), "{detail}");
        if ["file_kind", "file_web"].contains(&code) {
            assert!(detail.contains("PDF, JPEG, PNG, DOCX, XLSX"), "{detail}");
        }
    }
    assert_eq!(body(&world.get(FILES, &person)), json!([]));
    sweep(&world);
    assert_eq!(world.store.objects.borrow().len(), 0);
    assert_eq!(world.db.rows("SELECT * FROM file_object"), Vec::<Value>::new());
}

#[test]
fn a_length_that_lies_is_caught_and_a_large_file_is_sent_to_parts() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let claim = |length: &str| {
        let mut upload = sending(&world, &person, "purpose=document&name=a.pdf", PDF);
        upload.headers.push(("content-length".into(), length.into()));
        refused(&world.send(&upload))
    };
    let (short, long) = ((PDF.len() - 1).to_string(), (PDF.len() + 1).to_string());
    for (length, code) in [
        (short.as_str(), "file_longer"),
        (&long, "file_interrupted"),
        ("-1", "file_length"),
        ("x", "file_length"),
        ("0", "file_empty"),
        ("20971521", "file_too_large"),
        ("99999999999999999999", "file_length"),
    ] {
        assert_eq!(claim(length), code, "{length}");
    }
    let mut upload = sending(&world, &person, "purpose=presentation&name=a.mp4", PDF);
    upload.headers.push(("content-length".into(), "20971521".into()));
    assert_eq!(refused(&world.send(&upload)), "file_in_parts");
    let unknown = world.send(&sending(&world, &person, "purpose=nothing&name=a.pdf", PDF));
    assert_eq!(body(&unknown)["errors"][0]["code"], "file_purpose");
    let mut damaged = sending(&world, &person, "purpose=document&name=a.pdf", PDF);
    damaged.headers.push(("content-digest".into(), "sha-256=:AAAA:".into()));
    assert_eq!(refused(&world.send(&damaged)), "file_damaged");
    sweep(&world);
    assert_eq!(world.store.objects.borrow().len(), 0);
}

#[test]
fn a_replayed_upload_is_one_file_and_another_file_needs_another_key() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let upload = sending(&world, &person, "purpose=document&name=a.pdf", PDF);
    let (first, again) = (world.send(&upload), world.send(&upload));
    assert_eq!(body(&first)["id"], body(&again)["id"]);
    let mut other = upload.clone();
    other.query = "purpose=document&name=b.pdf".into();
    assert_eq!(refused(&world.send(&other)), "idempotency_reused");
    assert_eq!(body(&world.get(FILES, &person)).as_array().unwrap().len(), 1);
    // What is not deduplicated across people: the same content is two files.
    let stranger = world.session("hr.school2");
    assert_ne!(sent(&world, &stranger, "a.pdf", PDF)["id"], body(&first)["id"]);
    assert_eq!(world.store.objects.borrow().len(), 2);
}

#[test]
fn a_batch_that_is_refused_after_the_store_took_the_file_leaves_nothing_visible() {
    let world = World::demo();
    let person = world.session("hr.school1");
    world.db.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON file BEGIN SELECT RAISE(ABORT, 'no room'); END",
    );
    let (answer, fault) =
        world.answer(&sending(&world, &person, "purpose=document&name=a.pdf", PDF));
    assert_eq!(answer.status, 500);
    assert!(fault.unwrap().contains("no room"));
    assert_eq!(body(&world.get(FILES, &person)), json!([]));
    assert_eq!(world.store.objects.borrow().len(), 1);
    // It may still be under way: the sweep waits for an hour.
    sweep(&world);
    assert_eq!(world.store.objects.borrow().len(), 1);
    world.db.execute("DROP TRIGGER broken");
    world.at("2026-11-02T06:00:01Z");
    sweep(&world);
    assert_eq!(world.store.objects.borrow().len(), 0);
}

#[test]
fn a_store_that_is_down_is_our_fault_and_says_so() {
    let world = World::demo();
    let person = world.session("hr.school1");
    world.store.down.set(true);
    let (answer, fault) =
        world.answer(&sending(&world, &person, "purpose=document&name=a.pdf", PDF));
    assert_eq!(answer.status, 500);
    assert!(fault.unwrap().contains("the store is down"));
    let faults = world.with(async |ports| app::sweep::run(ports).await);
    assert_eq!(faults.len(), 1, "{faults:?}");
    world.store.down.set(false);
    sweep(&world);
    assert_eq!(send(&world, &person, "a.pdf", PDF).status, 201);
}

#[test]
fn the_quota_holds_even_against_uploads_at_once() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let file = sent(&world, &person, "a.pdf", PDF);
    world.db.execute(&format!(
        "UPDATE file SET size = 1073741824 WHERE id = '{}'",
        file["id"].as_str().unwrap()
    ));
    assert_eq!(refused(&send(&world, &person, "b.pdf", PDF)), "file_quota");
    let row = world.db.rows("SELECT person, account FROM file").remove(0);
    // The guard of the batch, without the look before it.
    let statements = vec![domain::file::sql::within_quota(row["person"].as_str().unwrap(), 1, 1)];
    let refused = world.with(async |ports| ports.db.batch(statements).await);
    assert_eq!(refused, Err(app::ports::DbError::Check("state".into())));
}

/// An application of somebody for a vacancy of the first school, which names the file.
fn apply(world: &World, file: &Value, sent: i64) {
    let id = file["id"].as_str().unwrap();
    let school = organisation("school1");
    world.db.execute(&format!(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO application (id, vacancy, organisation, person, account, state, content, procedure, edition, sent, created_at, changed_by, changed_at)
         SELECT 'a{sent}', 'v{sent}', '{school}', person, account, 'submitted', '{{}}', '', '', {sent}, '', '', '' FROM file WHERE id = '{id}';
         INSERT INTO file_use (file, object_type, object_id, created_at) VALUES ('{id}', 'application', 'a{sent}', '');
         PRAGMA foreign_keys = ON;"
    ));
}

#[test]
fn nobody_else_opens_a_file_unless_a_sent_application_names_it_and_it_is_clean() {
    let mut world = World::demo();
    world.config.dev = false;
    let person = world.session("region.jetisu");
    let (staff, stranger) = (world.session("hr.school1"), world.session("hr.school2"));
    let file = sent(&world, &person, "a.pdf", PDF);
    let id = file["id"].as_str().unwrap();
    let address = format!("/api/v1/cabinet/files/{id}/link");
    let ask = |cookie: &str| link(&world, cookie, &address).status;
    // No use, no access, whatever the state is; and it is not there at all for others.
    set_state(&world, &file, "clean");
    assert_eq!((ask(&person), ask(&staff), ask(&stranger)), (201, 404, 404));
    for path in [format!("{FILES}/{id}"), format!("{FILES}/uploads/{id}")] {
        assert_eq!(world.get(&path, &staff).status, 404, "{path}");
    }
    let mut remove = world.command(&format!("{FILES}/{id}"), &staff, &Value::Null);
    remove.method = "DELETE".into();
    assert_eq!(world.send(&remove).status, 404);
    // A draft is nobody's business.
    apply(&world, &file, 0);
    assert_eq!(ask(&staff), 404);
    apply(&world, &file, 1);
    for (state, own, other) in [
        ("pending", 201, 409),
        ("unscanned", 201, 409),
        ("infected", 410, 410),
        ("refused", 410, 410),
        ("clean", 201, 201),
    ] {
        set_state(&world, &file, state);
        assert_eq!((ask(&person), ask(&staff), ask(&stranger)), (own, other, 404), "{state}");
    }
    // Who looked: the row is the person's, the organisation is named.
    let rows = world.db.rows("SELECT account, object_type, object_id, organisation, after FROM journal WHERE action = 'file.view'");
    assert_eq!(rows.len(), 1);
    for row in rows {
        assert_eq!(row["object_type"], "person");
        assert_eq!(row["organisation"], organisation("school1").as_str());
        assert!(row["after"].as_str().unwrap().contains(id));
    }
    // A file that is named cannot be removed.
    remove.headers.retain(|(name, _)| name != "cookie");
    remove.headers.push(("cookie".into(), person.clone()));
    assert_eq!(refused(&world.send(&remove)), "file_used");
}

#[test]
fn a_link_is_bound_to_its_file_and_its_time_and_can_be_ended() {
    let world = World::demo();
    let person = world.session("hr.school1");
    let content = [PDF, &[b' '; 1000]].concat();
    let file = sent(&world, &person, "a.pdf", &content);
    let id = file["id"].as_str().unwrap().to_owned();
    let fresh = || {
        let made = body(&link(&world, &person, &format!("{FILES}/{id}/link")));
        made["url"].as_str().unwrap().to_owned()
    };
    let url = fresh();
    assert_ne!(url, fresh());
    assert!(url.len() >= "/files/".len() + 43);
    // The secret is nowhere in the database.
    let secret = url.trim_start_matches("/files/");
    for table in ["file_link", "journal", "idempotency", "outbox"] {
        let rows = json!(world.db.rows(&format!("SELECT * FROM {table}"))).to_string();
        assert!(!rows.contains(secret), "{table}");
    }
    let part = |range: &str| {
        let mut ask = request("GET", &url, "");
        ask.headers.push(("range".into(), range.into()));
        let got = world.send(&ask);
        (got.status, world.content(&got))
    };
    assert_eq!(part("bytes=0-3"), (206, content[..4].to_vec()));
    assert_eq!(part("bytes=-10"), (206, content[content.len() - 10..].to_vec()));
    assert_eq!(part("bytes=5-"), (206, content[5..].to_vec()));
    assert_eq!(part("bytes=9999-").0, 416);
    assert_eq!(part("lines=1-2"), (200, content.clone()));
    assert_eq!(world.get("/files/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "").status, 404);
    assert_eq!(world.get("/files/%00%FF", "").status, 404);
    // A variant that is not there.
    assert_eq!(link(&world, &person, &format!("{FILES}/{id}/link?variant=small")).status, 404);

    let other = fresh();
    let mut end =
        world.command(&format!("/api/v1/cabinet/files/{id}/links"), &person, &Value::Null);
    end.method = "DELETE".into();
    assert_eq!(world.send(&end).status, 204);
    for gone in [&url, &other] {
        assert_eq!(world.get(gone, "").status, 410);
    }
    let url = fresh();
    world.at("2026-11-02T05:10:00Z");
    assert_eq!(world.get(&url, "").status, 200);
    world.at("2026-11-02T05:10:01Z");
    let late = world.get(&url, "lang=ru");
    assert_eq!(late.status, 410);
    let page = String::from_utf8(late.body).unwrap();
    assert!(page.contains("Срок ссылки истёк"), "{page}");
}
