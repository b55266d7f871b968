//! Directories, places and the calendar as those who keep them work with them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use http_tests::{
    World,
    demo::{body, request},
};
use serde_json::{Value, json};

#[test]
fn a_directory_item_gets_an_edition_and_an_end_but_is_never_deleted() {
    let world = World::demo();
    let admin = world.session("directory.admin");
    let write = |input: &Value| world.post("/api/v1/cabinet/directories/extra", &admin, input);
    let next = json!({"code": "housing", "kk": "Баспана беріледі", "ru": "Даётся жильё", "reason": "Түзету"});
    let answer = write(&next);
    assert_eq!((answer.status, &body(&answer)["edition"]), (201, &json!(2)));
    let open = |world: &World| {
        let all = body(&world.get("/api/v1/cabinet/directories", &admin));
        all["extra"].as_array().unwrap().iter().find(|one| one["code"] == "housing").cloned()
    };
    assert_eq!(open(&world).unwrap()["ru"], "Даётся жильё");
    let end = json!({"code": "housing", "kk": "Баспана беріледі", "ru": "Даётся жильё", "valid_from": "2026-11-02", "valid_to": "2026-11-02", "reason": "Жабылды"});
    assert_eq!(write(&end).status, 201);
    world.at("2026-11-02T05:20:00Z");
    assert!(open(&world).is_some());
    world.at("2026-11-03T05:00:00Z");
    let admin = world.session("directory.admin");
    let all = body(&world.get("/api/v1/cabinet/directories", &admin));
    assert!(all["extra"].as_array().unwrap().iter().all(|one| one["code"] != "housing"));
    assert_eq!(
        body(&world.get("/api/v1/cabinet/directories/extra/editions", &admin))[0]["code"],
        "housing"
    );
    let refused = world
        .with(async |ports| ports.db.batch(vec![domain::sql!("DELETE FROM directory_item")]).await);
    assert!(refused.is_err());
    for wrong in [
        json!({"code": "Bad Code", "kk": "а", "ru": "б", "reason": "в"}),
        json!({"code": "x", "kk": "", "ru": "б", "reason": "в"}),
        json!({"code": "x", "kk": "а", "ru": "б", "reason": ""}),
    ] {
        assert_eq!(world.post("/api/v1/cabinet/directories/extra", &admin, &wrong).status, 422);
    }
    assert_eq!(world.post("/api/v1/cabinet/directories/nothing", &admin, &next).status, 404);
}

fn written(world: &World, admin: &str, directory: &str, input: &Value) -> (u16, Value) {
    let answer = world.post(&format!("/api/v1/cabinet/directories/{directory}"), admin, input);
    (answer.status, body(&answer))
}

/// The fields that an answer finds wrong, with their codes.
fn wrong(answer: &Value) -> Vec<(&str, &str)> {
    let list = answer["errors"].as_array().unwrap().iter();
    list.map(|one| (one["field"].as_str().unwrap(), one["code"].as_str().unwrap())).collect()
}

#[test]
fn an_item_is_written_as_its_directory_wants_and_never_into_the_past() {
    let world = World::demo();
    let admin = world.session("directory.admin");
    let item = |change: Value| {
        let mut item = json!({"code": "nurse_teacher", "kk": "Медбике-тәрбиеші",
            "ru": "Медсестра-воспитатель", "reason": "Бұйрық № 7", "seen": 0,
            "attrs": {"group": "pedagogue", "checks": ["criminal"]}});
        for (name, value) in change.as_object().unwrap() {
            item[name] = value.clone();
        }
        item
    };
    let (status, answer) =
        written(&world, &admin, "position", &item(json!({"attrs": {"group": "nobody"}})));
    assert_eq!((status, wrong(&answer)), (422, vec![("attrs.group", "unknown")]));
    let (_, answer) = written(&world, &admin, "position", &item(json!({"attrs": null})));
    assert_eq!(wrong(&answer), [("attrs.group", "required")]);
    let (_, answer) =
        written(&world, &admin, "position", &item(json!({"valid_from": "2026-11-01"})));
    assert_eq!(wrong(&answer), [("valid_from", "edition_past")]);
    let (status, _) = written(&world, &admin, "position", &item(json!({})));
    assert_eq!(status, 201);
    // Another item under the same code is a mistake, not an edition.
    let (_, answer) = written(&world, &admin, "position", &item(json!({})));
    assert_eq!(wrong(&answer), [("code", "code_taken")]);
    // A later edition waits, and none can slip in before it.
    let later = item(json!({"seen": 1, "valid_from": "2026-12-01", "kk": "Жаңа атауы"}));
    assert_eq!(written(&world, &admin, "position", &later).0, 201);
    let (_, answer) = written(&world, &admin, "position", &item(json!({"seen": 2, "kk": "Тағы"})));
    assert_eq!(wrong(&answer), [("valid_from", "edition_order")]);
    // Who has not seen the newest edition writes nothing over it.
    assert_eq!(written(&world, &admin, "position", &later).0, 412);
    let path = "/api/v1/cabinet/directories/position/editions?code=nurse_teacher";
    let editions = body(&world.get(path, &admin));
    let all: Vec<_> =
        editions.as_array().unwrap().iter().map(|one| one["edition"].clone()).collect();
    assert_eq!(all, [json!(2), json!(1)]);
    assert_eq!(editions[0]["attrs"]["group"], "pedagogue");
    let overview = body(&world.get("/api/v1/cabinet/reference", &admin));
    let row =
        overview["directories"].as_array().unwrap().iter().find(|one| one["name"] == "position");
    assert_eq!((&row.unwrap()["open"], &row.unwrap()["coming"]), (&json!(83), &json!(1)));
    for stranger in ["hr.school1", "sys.admin", "auditor"] {
        let cookie = world.session(stranger);
        for path in ["reference", "kato", "calendar", "directories/position/editions"] {
            let address = format!("/api/v1/cabinet/{path}");
            assert_eq!(world.get(&address, &cookie).status, 403, "{stranger} {path}");
        }
    }
}

#[test]
fn a_closed_item_keeps_its_name_where_it_is_used_and_cannot_be_chosen() {
    let world = World::demo();
    let clerk = world.session("hr.school1");
    let school = body(&world.get("/api/v1/cabinet/me", &clerk))["organisations"][0]["id"].clone();
    let input = json!({ "organisation": school, "content": { "position": "librarian" } });
    let made = body(&world.post("/api/v1/cabinet/vacancies", &clerk, &input));
    let title = made["title"].clone();
    assert_ne!(title["kk"], "librarian");
    let admin = world.session("directory.admin");
    let end = json!({"code": "librarian", "kk": "Кітапханашы", "ru": "Библиотекарь",
        "valid_to": "2026-11-02", "reason": "Жабылды"});
    assert_eq!(written(&world, &admin, "position", &end).0, 201);
    world.at("2026-11-03T05:00:00Z");
    let clerk = world.session("hr.school1");
    let path = format!("/api/v1/cabinet/vacancies/{}", made["id"].as_str().unwrap());
    assert_ne!(body(&world.get(&path, &clerk))["title"]["kk"], "librarian");
    let all = body(&world.get("/api/v1/cabinet/directories", &clerk));
    let open = all["position"].as_array().unwrap().iter();
    assert!(open.clone().count() > 50 && open.clone().all(|one| one["code"] != "librarian"));
    let check = world.get(&format!("{path}/check"), &clerk);
    if check.status == 200 {
        let text = String::from_utf8_lossy(&check.body).into_owned();
        assert!(text.contains("position"), "{text}");
    }
}

#[test]
fn places_are_walked_and_found_by_name_and_code() {
    let world = World::demo();
    let admin = world.session("directory.admin");
    let units = |query: &str| body(&world.get(&format!("/api/v1/cabinet/kato?{query}"), &admin));
    let top = units("");
    assert_eq!(top["items"].as_array().unwrap().len(), 20);
    assert_eq!((top["trail"].as_array().unwrap().len(), &top["next"]), (0, &Value::Null));
    let region = top["items"].as_array().unwrap().iter().find(|one| one["code"] == "330000000");
    assert_eq!(region.unwrap()["name"]["kk"], "Жетісу облысы");
    let below = units("under=330000000");
    assert_eq!(below["trail"][0]["name"]["ru"], "область Жетісу");
    assert_eq!(
        below["items"].as_array().unwrap().len() as u64,
        region.unwrap()["below"].as_u64().unwrap()
    );
    let found = units("q=%D0%B6%D0%B5%D1%82%D1%96%D1%81%D1%83"); // жетісу
    assert!(found["items"].as_array().unwrap().iter().any(|one| one["code"] == "330000000"));
    let code = units("q=3334");
    assert!(code["items"].as_array().unwrap().iter().all(|one| {
        one["code"].as_str().unwrap().starts_with("3334") && one["above"]["kk"] == "Жетісу облысы"
    }));
    // A page is a hundred units; the cursor goes on after the last one.
    let all = units("q=%D0%B0"); // а
    let last = all["items"][99]["code"].clone();
    assert_eq!(all["next"], last);
    let next = units(&format!("q=%D0%B0&cursor={}", last.as_str().unwrap()));
    assert!(next["items"][0]["code"].as_str() > last.as_str());
    assert_eq!(units("q=%27%25_%22%3C")["items"], json!([]));
}

#[test]
fn a_year_is_shown_day_by_day_and_a_missing_one_is_said() {
    let world = World::demo();
    let year = domain::sql!("INSERT INTO calendar_year VALUES (2026, 5, 1), (2026, 6, 1)");
    world.with(async |ports| ports.db.batch(vec![year]).await).unwrap();
    let admin = world.session("directory.admin");
    let year = |query: &str| body(&world.get(&format!("/api/v1/cabinet/calendar?{query}"), &admin));
    let five = year("");
    let days = five["days"].as_str().unwrap();
    let count = |days: &str, letter: char| days.chars().filter(|one| *one == letter).count();
    assert_eq!((five["year"].as_i64(), &five["week"], days.len()), (Some(2026), &json!("5"), 365));
    // As the balance of working time has it.
    assert_eq!(count(days, 'w') + count(days, 'x'), 246);
    assert_eq!(&days[..1], "h");
    let six = year("year=2026&week=6");
    assert!(count(six["days"].as_str().unwrap(), 'w') > 246);
    assert_eq!(
        (five["until"].as_str(), &five["soon"], &five["next"]),
        (Some("2026-12-31"), &json!(true), &json!(2027))
    );
    // A year beyond a gap helps nobody: what ends the count is the gap.
    world.db.execute("INSERT INTO calendar_year VALUES (2028, 5, 1), (2028, 6, 1)");
    assert_eq!(year("")["until"], "2026-12-31");
    world.db.execute("DELETE FROM calendar_year WHERE year = 2028");
    let missing = year("year=2027");
    assert_eq!((missing["days"].as_str(), &missing["named"]), (Some(""), &json!([])));
    for bad in ["year=abc", "year=99999", "week=7"] {
        let answer = world.get(&format!("/api/v1/cabinet/calendar?{bad}"), &admin);
        assert_eq!(answer.status, 422, "{bad}");
    }
    let file = "day,week,working,kk,ru\n2027-01-01,5,0,Жаңа жыл,Новый год\n2027-01-02,6,0,Жаңа жыл,Новый год\n";
    let send = |mode: &str| {
        let path = format!("/api/v1/cabinet/import/calendar?mode={mode}&lang=ru");
        let mut asked = request("POST", &path, &admin);
        asked.headers.push(("content-type".into(), "application/octet-stream".into()));
        asked.body = file.as_bytes().to_vec();
        body(&world.send(&asked))
    };
    let notes = send("check")["notes"].to_string();
    assert!(notes.contains("2027 год, 5-дневная неделя: рабочих дней — 260"), "{notes}");
    assert_eq!(year("year=2027")["days"], "");
    send("publish");
    let loaded = year("year=2027");
    assert_eq!((&loaded["days"].as_str().unwrap()[..3], &loaded["soon"]), ("hoo", &json!(false)));
    assert_eq!(loaded["loaded"].as_array().unwrap().len(), 4);
}
