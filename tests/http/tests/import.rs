//! Imports through the whole application.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use app::http::Response;
use http_tests::{
    World,
    demo::{body, organisation, request},
};
use serde_json::{Value, json};

fn world() -> World {
    let world = World::demo();
    // The longest acceptance still ends in 2026, the year whose calendar is shipped.
    world.at("2026-11-16T05:00:00Z");
    world
}

fn example(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/examples");
    fs::read(folder.join(name)).unwrap()
}

fn send(world: &World, cookie: &str, address: &str, file: &[u8]) -> Response {
    let mut request = request("POST", &format!("/api/v1/cabinet/import/{address}"), cookie);
    request.headers.push(("content-type".into(), "application/octet-stream".into()));
    request.body = file.to_vec();
    world.send(&request)
}

fn import(world: &World, cookie: &str, query: &str, file: &[u8]) -> Value {
    let response = send(world, cookie, &format!("vacancies?lang=ru&{query}"), file);
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    body(&response)
}

fn counts(report: &Value) -> BTreeMap<String, u64> {
    [
        "total",
        "ready",
        "created",
        "updated",
        "unchanged",
        "kept",
        "duplicates",
        "refused",
        "published",
    ]
    .into_iter()
    .map(|name| (name.to_owned(), report[name].as_u64().unwrap()))
    .filter(|(_, n)| *n > 0)
    .collect()
}

fn want(list: &[(&str, u64)]) -> BTreeMap<String, u64> {
    list.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

fn stored(world: &World) -> i64 {
    world.db.rows("SELECT count(*) AS n FROM vacancy")[0]["n"].as_i64().unwrap()
}

#[test]
fn the_example_is_previewed_saved_and_published_and_again_changes_nothing() {
    let world = world();
    let cookie = world.session("region.jetisu");
    let csv = example("district-vacancies.csv");
    let preview = import(&world, &cookie, "mode=check", &csv);
    let expected = [("total", 200), ("ready", 174), ("duplicates", 12), ("refused", 14)];
    assert_eq!(counts(&preview), want(&expected));
    let wrong: Vec<_> = preview["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["status"] == "ready" && row["publishable"] == false)
        .map(|row| format!("{} {}", row["row"], row["warnings"]))
        .collect();
    assert_eq!(preview["publishable"], 153, "{}", wrong.join("\n"));
    assert_eq!(stored(&world), 0);

    let drafts = import(&world, &cookie, "mode=draft", &csv);
    let expected = [("total", 200), ("created", 174), ("duplicates", 12), ("refused", 14)];
    assert_eq!(counts(&drafts), want(&expected));
    assert_eq!(stored(&world), 174);

    // The workbook says the same as the CSV.
    let again = import(&world, &cookie, "mode=draft", &example("district-vacancies.xlsx"));
    let expected = [("total", 200), ("unchanged", 174), ("duplicates", 12), ("refused", 14)];
    assert_eq!(counts(&again), want(&expected));
    assert_eq!(again["rows"][0]["number"], drafts["rows"][0]["number"]);

    let published = import(&world, &cookie, "mode=publish", &csv);
    assert_eq!(published["published"], 153);
    assert_eq!(published["unchanged"], 174);
    let before = world.db.rows("SELECT * FROM vacancy ORDER BY id");
    let last = import(&world, &cookie, "mode=publish", &csv);
    assert_eq!(last["published"], 0);
    assert_eq!(world.db.rows("SELECT * FROM vacancy ORDER BY id"), before);
    let states =
        world.db.rows("SELECT state, count(*) AS n FROM vacancy GROUP BY state ORDER BY state");
    assert_eq!(
        json!(states),
        json!([{"state": "draft", "n": 21}, {"state": "published", "n": 153}])
    );
    let events = world.db.rows("SELECT count(DISTINCT key) AS n FROM outbox");
    assert_eq!(events[0]["n"], 153);
    let journal =
        world.db.rows("SELECT action, count(*) AS n FROM journal GROUP BY action ORDER BY action");
    assert_eq!(
        json!(journal),
        json!([{"action": "vacancy.create", "n": 174}, {"action": "vacancy.publish", "n": 153}])
    );
    // What was imported can be opened and read in the cabinet.
    let id = last["rows"][0]["vacancy"].as_str().unwrap();
    let one = body(&world.get(&format!("/api/v1/cabinet/vacancies/{id}"), &cookie));
    assert_eq!(one["state"], "published");
    assert!(one["content"]["duties"]["kk"].as_str().unwrap().len() > 20);
}

#[test]
fn published_at_once() {
    let world = world();
    let cookie = world.session("region.jetisu");
    let report = import(&world, &cookie, "mode=publish", &example("district-vacancies.xlsx"));
    assert_eq!((&report["created"], &report["published"]), (&json!(174), &json!(153)));
    let slugs = world.db.rows("SELECT count(*) AS n FROM vacancy_slug");
    assert_eq!(slugs[0]["n"], 153);
}

#[test]
fn a_changed_row_updates_its_draft_and_no_more_than_that() {
    let world = world();
    let cookie = world.session("hr.school1");
    let list = |salary: u32| {
        format!("Лауазым;Пән;Мөлшерлеме;Оқыту тілі;Жалақы\nмұғалім;физика;1;қазақ;{salary}\n")
    };
    let first = import(&world, &cookie, "mode=draft", list(200_000).as_bytes());
    assert_eq!(counts(&first), want(&[("total", 1), ("created", 1)]));
    assert_eq!(first["rows"][0]["title"]["kk"].as_str().unwrap(), "Физика мұғалімі");
    let preview = import(&world, &cookie, "mode=check", list(210_000).as_bytes());
    assert_eq!(counts(&preview), want(&[("total", 1), ("updated", 1)]));
    let second = import(&world, &cookie, "mode=draft", list(210_000).as_bytes());
    assert_eq!(counts(&second), want(&[("total", 1), ("updated", 1)]));
    assert_eq!(second["rows"][0]["number"], first["rows"][0]["number"]);
    let pay = world.db.rows("SELECT content ->> 'salary_from' AS pay, version FROM vacancy");
    assert_eq!(json!(pay), json!([{"pay": 210_000, "version": 2}]));
    // A person edits the draft: the list no longer overwrites it.
    world.db.execute("UPDATE vacancy SET version = version + 1");
    let third = import(&world, &cookie, "mode=draft", list(220_000).as_bytes());
    assert_eq!(counts(&third), want(&[("total", 1), ("kept", 1)]));
    assert_eq!(third["rows"][0]["warnings"][0]["code"], "kept_edited");
    // It found its end: the same post is announced anew.
    world.db.execute("UPDATE vacancy SET state = 'filled'");
    let fourth = import(&world, &cookie, "mode=draft", list(220_000).as_bytes());
    assert_eq!(counts(&fourth), want(&[("total", 1), ("created", 1)]));
    assert_eq!(stored(&world), 2);
}

#[test]
fn a_row_that_is_open_already_waits_for_a_person() {
    let world = world();
    let cookie = world.session("hr.school1");
    let list = "Лауазым;Пән;Мөлшерлеме;Оқыту тілі;Жалақы;Телефон\nмұғалім;физика;1;қазақ;250000;+7 701 000 00 00\n";
    let first = import(&world, &cookie, "mode=publish", list.as_bytes());
    assert_eq!(counts(&first), want(&[("total", 1), ("created", 1), ("published", 1)]));
    // The list itself is no twin of what it made.
    let again = import(&world, &cookie, "mode=publish", list.as_bytes());
    assert_eq!(counts(&again), want(&[("total", 1), ("unchanged", 1)]));
    assert_eq!(again["rows"][0]["warnings"], first["rows"][0]["warnings"]);
    // As if a clerk had written it by hand: the same vacancy twice has to be meant.
    world.db.execute("DELETE FROM import_row");
    world.db.execute("UPDATE vacancy SET source = NULL");
    let number = world.db.rows("SELECT number FROM vacancy")[0]["number"].as_i64().unwrap();
    let preview = import(&world, &cookie, "mode=check", list.as_bytes());
    let named = |report: &Value| {
        let all = report["rows"][0]["warnings"].as_array().unwrap();
        all.iter().any(|one| one["text"].as_str().unwrap().contains(&format!("№\u{a0}{number}")))
    };
    assert!(named(&preview), "{preview}");
    assert_eq!(preview["publishable"], 0);
    let second = import(&world, &cookie, "mode=publish", list.as_bytes());
    assert_eq!(counts(&second), want(&[("total", 1), ("created", 1)]));
    assert!(named(&second), "{second}");
    let states = world.db.rows("SELECT state FROM vacancy ORDER BY number");
    assert_eq!(json!(states), json!([{"state": "published"}, {"state": "draft"}]));
}

#[test]
fn a_clerk_imports_for_the_own_school_only() {
    let world = world();
    let cookie = world.session("hr.school1");
    let list =
        "БИН;Должность;Ставка;Зарплата\n090340012228;Повар;1;200000\n100940012591;Повар;1;200000\n";
    let report = import(&world, &cookie, "mode=draft", list.as_bytes());
    assert_eq!(counts(&report), want(&[("total", 2), ("created", 1), ("refused", 1)]));
    let error = &report["rows"][1]["errors"][0];
    assert_eq!((&error["code"], &error["column"]), (&json!("organisation_unknown"), &json!("A")));
    assert_eq!(error["value"], "100940012591");
    let other = organisation("school2");
    let response =
        send(&world, &cookie, &format!("vacancies?organisation={other}"), list.as_bytes());
    assert_eq!(response.status, 404);
    for login in ["ministry", "auditor", "sys.admin", "directory.admin"] {
        let cookie = world.session(login);
        assert_eq!(send(&world, &cookie, "vacancies", list.as_bytes()).status, 403, "{login}");
    }
    assert_eq!(send(&world, "", "vacancies", list.as_bytes()).status, 401);
}

#[test]
fn every_mistake_of_a_row_is_told_at_once() {
    let world = world();
    let cookie = world.session("hr.school1");
    let list = "Лауазым;Пән;Мөлшерлеме;Жалақы;Құжат қабылдау мерзімі;Телефон\nмұғалім;;7;300000-200000;31.11.2026;12\n";
    let report = import(&world, &cookie, "mode=publish", list.as_bytes());
    let errors = report["rows"][0]["errors"].as_array().unwrap();
    let codes: Vec<_> = errors
        .iter()
        .map(|e| (e["column"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        codes,
        [
            ("B", "subject_missing"),
            ("C", "rate_out_of_range"),
            ("D", "salary_order"),
            ("E", "date_impossible"),
            ("F", "phone_invalid")
        ]
    );
    assert!(errors.iter().all(|error| error["text"].as_str().unwrap().contains(' ')));
    assert_eq!(stored(&world), 0);
}

#[test]
fn files_that_are_no_lists_are_refused_in_words() {
    let world = world();
    let cookie = world.session("hr.school1");
    for (file, status, code) in [
        (b"".as_slice(), 422, "import_empty"),
        (b"PK\x03\x04junk", 422, "import_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 415, "import_old_workbook"),
        (b"%PDF-1.4", 415, "import_not_a_list"),
        ("Привет;мир\nэто;письмо\n".as_bytes(), 422, "import_no_header"),
        ("БИН;Предмет;Ставка;Часы;Зарплата\n1;2;3;4;5\n".as_bytes(), 422, "import_columns_missing"),
    ] {
        let response = send(&world, &cookie, "vacancies?lang=ru", file);
        let problem = body(&response);
        assert_eq!((response.status, problem["code"].as_str().unwrap()), (status, code));
        assert!(problem["detail"].as_str().unwrap().contains(' '), "{problem}");
    }
    let mode = send(&world, &cookie, "vacancies?mode=destroy", b"x");
    assert_eq!(mode.status, 422);
}

#[test]
fn five_thousand_rows_are_one_import_and_one_more_is_too_many() {
    let world = world();
    let cookie = world.session("region.jetisu");
    let mut list = String::from("БИН;Должность;Предмет;Ставка;Язык;Зарплата;Временно до\n");
    let bins: Vec<String> = world
        .db
        .rows("SELECT bin FROM organisation WHERE level = 'organisation' ORDER BY bin")
        .iter()
        .map(|row| row["bin"].as_str().unwrap().to_owned())
        .collect();
    let subjects = ["математика", "физика", "химия", "биология", "география", "информатика"];
    let mut n = 0;
    'all: for month in 1..=12 {
        for bin in &bins {
            for subject in subjects {
                for rate in ["0,5", "1", "1,5"] {
                    list += &format!(
                        "{bin};учитель;{subject};{rate};қазақ;200000;15.{month:02}.2027\n"
                    );
                    n += 1;
                    if n == 5000 {
                        break 'all;
                    }
                }
            }
        }
    }
    let report = import(&world, &cookie, "mode=publish", list.as_bytes());
    assert_eq!(counts(&report), want(&[("total", 5000), ("created", 5000), ("published", 5000)]));
    assert_eq!(stored(&world), 5000);
    let again = import(&world, &cookie, "mode=publish", list.as_bytes());
    assert_eq!(counts(&again), want(&[("total", 5000), ("unchanged", 5000)]));
    let longer = format!("{list}{}", "1;2\n".repeat(101));
    let response = send(&world, &cookie, "vacancies", longer.as_bytes());
    assert_eq!((response.status, body(&response)["code"].clone()), (413, json!("import_rows")));
}

fn table(world: &World, cookie: &str, address: &str, file: &[u8]) -> Value {
    let response = send(world, cookie, address, file);
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    body(&response)
}

#[test]
fn the_classifier_is_taken_whole_and_what_vanished_is_closed() {
    let world = world();
    let cookie = world.session("directory.admin");
    let csv = example("kato-sample.csv");
    let preview = table(&world, &cookie, "kato?lang=ru", &csv);
    assert_eq!((&preview["total"], &preview["closed"]), (&json!(30), &json!(0)));
    let count = || world.db.rows("SELECT count(*) AS n FROM kato")[0]["n"].as_i64().unwrap();
    let before = count();
    let done = table(&world, &cookie, "kato?mode=publish", &csv);
    assert_eq!(count(), before + done["created"].as_i64().unwrap());
    let again = table(&world, &cookie, "kato?mode=publish", &example("kato-sample.xlsx"));
    assert_eq!(again["unchanged"], 30, "{again}");
    // What the shipped table knew beside the names stays.
    let town = world.db.rows("SELECT ru, en, lat FROM kato WHERE code = '331800000'");
    assert_eq!(json!(town), json!([{"ru": "город Текели", "en": "Tekeli", "lat": 44.83}]));
    let shorter: String =
        String::from_utf8(csv).unwrap().lines().take(8).map(|line| format!("{line}\n")).collect();
    let less = table(&world, &cookie, "kato?mode=publish", shorter.as_bytes());
    assert_eq!(less["closed"], 23);
    assert_eq!(count(), before + done["created"].as_i64().unwrap());
    let other =
        "SELECT count(*) AS n FROM kato WHERE closed_on IS NOT NULL AND code NOT LIKE '33%'";
    assert_eq!(world.db.rows(other)[0]["n"], 0);
    let clerk = world.session("hr.school1");
    assert_eq!(send(&world, &clerk, "kato", b"te").status, 403);
}

#[test]
fn a_calendar_opens_its_year() {
    let world = world();
    let cookie = world.session("directory.admin");
    let bad = "day,week,working,kk,ru\n2027-01-01,5,0,Жаңа жыл,Новый год\n2027-02-30,5,0,,\n";
    let refused = table(&world, &cookie, "calendar?mode=publish&lang=ru", bad.as_bytes());
    assert_eq!((&refused["refused"], &refused["errors"][0][0]), (&json!(1), &json!(3)));
    let years =
        || world.db.rows("SELECT year, week, revision FROM calendar_year WHERE year = 2027");
    assert!(years().is_empty());
    let good = "day,week,working,kk,ru\n2027-01-01,5,0,Жаңа жыл,Новый год\n2027-01-01,6,0,Жаңа жыл,Новый год\n";
    let done = table(&world, &cookie, "calendar?mode=publish", good.as_bytes());
    assert_eq!(done["created"], 2);
    let expected =
        json!([{"year": 2027, "week": 5, "revision": 1}, {"year": 2027, "week": 6, "revision": 1}]);
    assert_eq!(json!(years()), expected);
    let again = table(&world, &cookie, "calendar?mode=publish", good.as_bytes());
    assert_eq!(again["unchanged"], 2);
    assert_eq!(json!(years()), expected);
    // Now a list with a last day in 2027 is read.
    let clerk = world.session("hr.school1");
    let list = "Должность;Ставка;Приём документов до\nПовар;1;15.01.2027\n";
    let report = import(&world, &clerk, "mode=check", list.as_bytes());
    assert_eq!(report["ready"], 1);
}

#[test]
fn a_break_in_the_middle_loses_nothing_and_a_second_run_completes_it() {
    let whole = world();
    let cookie = whole.session("region.jetisu");
    let file = example("district-vacancies.xlsx");
    import(&whole, &cookie, "mode=publish", &file);
    let count = |world: &World, sql: &str| world.db.rows(sql)[0]["n"].as_u64().unwrap();
    let all = count(&whole, "SELECT count(*) AS n FROM vacancy");
    assert_eq!(all, 174);
    // The database gives up at the first, a middle and the last row that would be written.
    for after in [0, 1, 70, 173] {
        let world = world();
        let cookie = world.session("region.jetisu");
        world.db.execute(&format!(
            "CREATE TRIGGER broken BEFORE INSERT ON import_row
             WHEN (SELECT count(*) FROM import_row) >= {after}
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        ));
        let mut request = request("POST", "/api/v1/cabinet/import/vacancies?mode=publish", &cookie);
        request.headers.push(("content-type".into(), "application/octet-stream".into()));
        request.body.clone_from(&file);
        let (failed, fault) = world.answer(&request);
        assert_eq!(failed.status, 500, "{after}");
        assert!(fault.unwrap().contains("the disk is full"));
        // Whatever was written was written whole: no half rows of any table.
        for half in [
            "SELECT count(*) AS n FROM vacancy v LEFT JOIN import_row r ON r.vacancy = v.id WHERE r.vacancy IS NULL",
            "SELECT count(*) AS n FROM vacancy v WHERE NOT EXISTS
               (SELECT 1 FROM journal j WHERE j.object_id = v.id)",
            "SELECT count(*) AS n FROM vacancy v WHERE v.state = 'published' AND NOT EXISTS
               (SELECT 1 FROM vacancy_slug s WHERE s.vacancy = v.id)",
        ] {
            assert_eq!(count(&world, half), 0, "{after}: {half}");
        }
        let before = count(&world, "SELECT count(*) AS n FROM vacancy");
        world.db.execute("DROP TRIGGER broken");
        let report = import(&world, &cookie, "mode=publish", &file);
        assert_eq!(
            (report["created"].as_u64().unwrap(), report["unchanged"].as_u64().unwrap()),
            (all - before, before),
            "{after}"
        );
        for sql in [
            "SELECT count(*) AS n FROM vacancy",
            "SELECT count(DISTINCT number) AS n FROM vacancy",
            "SELECT count(*) AS n FROM import_row",
            "SELECT count(*) AS n FROM vacancy WHERE state = 'published'",
        ] {
            assert_eq!(count(&world, sql), count(&whole, sql), "{after}: {sql}");
        }
    }
}

#[test]
fn a_deputy_is_no_head_and_a_head_waits_for_approval() {
    let world = world();
    let cookie = world.session("region.jetisu");
    let (education, study) = (
        "Заместитель директора по воспитательной работе",
        "Заместитель директора по учебной работе",
    );
    let posts = [
        ("Директор", "Директор школы"),
        ("Зам. директора по ВР", education),
        ("Зам.дир. по УВР", study),
        ("заместитель директора по АХЧ", "Заместитель директора по хозяйственной работе"),
        ("Директордың ТЖ жөніндегі орынбасары", education),
        ("Директордың оқу-тәрбие ісі жөніндегі орынбасары", study),
        ("пом. воспитателя", "Помощник воспитателя"),
        ("учитель физики (на замену)", "Учитель физики"),
        // Which of the deputies and whose assistant, nobody can say.
        ("Зам. директора", ""),
        ("Помощник директора", ""),
        ("ассистент учителя", ""),
    ];
    let list: String = posts.iter().map(|(post, _)| format!("{post};090340012228\n")).collect();
    let list = format!("Должность;БИН\n{list}");
    let report = import(&world, &cookie, "mode=check", list.as_bytes());
    let rows = report["rows"].as_array().unwrap();
    for ((post, expected), row) in posts.iter().zip(rows) {
        assert_eq!(row["status"] == "refused", expected.is_empty(), "{post}: {row}");
        if !expected.is_empty() {
            assert_eq!(row["title"]["ru"].as_str(), Some(*expected), "{post}");
        }
    }
    let warnings = rows[0]["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning["code"] == "approval"), "{warnings:?}");
}
