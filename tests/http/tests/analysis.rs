//! Item analysis: from scored attempts through the steps of the queue to figures, flags, drawings
//! and parameters in the bank.

use std::fmt::Write;

use app::http::Response;
use domain::{job::Job, shared::time::Timestamp};
use http_tests::{World, demo::body};
use psychometrics::{
    model::Item,
    simulate::{Plan, Random, answers, items},
};
use serde_json::{Value, json};

const ITEMS: usize = 12;
const WRONG_KEY: usize = 5;
const LANGUAGE: usize = 7;

fn id(prefix: &str, n: usize) -> String {
    format!("{prefix}{n:0>24}")
}

/// An exam that `people` in each language sat: an item with a wrong key, one that is harder in
/// Russian, one option that nobody chooses.
fn exam(world: &World, people: usize, shown: usize) {
    let mut sql = String::from("PRAGMA foreign_keys = OFF;");
    let now = world.now.get();
    let _ = write!(
        sql,
        "INSERT INTO exam (id, title, purpose, edition, group_code, blueprint, minutes, state, created_at, changed_by, changed_at)
         VALUES ('e1', '{{}}', 'rehearsal', 'x', 'x', '{{}}', 80, 'published', '{now}', 'x', '{now}');"
    );
    let options: Vec<Value> = ["a", "b", "c", "d"].map(|id| json!({ "id": id, "text": [] })).into();
    let text = json!({ "stem": [], "task": { "kind": "single", "options": options } });
    for at in 0..ITEMS {
        let item = id("it", at);
        let key = json!({ "key": { "of": "options", "right": ["a"] }, "scoring": { "points": 1, "rule": "all" } });
        let _ = write!(
            sql,
            "INSERT INTO item (id, number, code, kind, level, head, state, created_by, created_at, changed_at)
               VALUES ('{item}', {at}, 'P-{at}', 'single', 'apply', 1, 'pilot', 'x', '{now}', '{now}');
             INSERT INTO item_version (item, version, state, kk, author, at) VALUES ('{item}', 1, 'pilot', '{text}', 'x', '{now}');
             INSERT INTO item_key (item, version, answers) VALUES ('{item}', 1, '{key}');"
        );
    }
    let reference = items(ITEMS, 4);
    let mut focal = reference.clone();
    focal[LANGUAGE] = Item { d: focal[LANGUAGE].d - 1.6, ..focal[LANGUAGE] };
    let mut random = Random::new(17);
    for (lang, truth, seed) in [("kk", &reference, 1), ("ru", &focal, 2)] {
        let plan = Plan { people, shown, spread: 1.0, mean: 0.0, seed };
        for (n, (cells, _)) in answers(truth, plan).0.rows().enumerate() {
            let attempt = format!("{lang}{n}");
            let _ = write!(
                sql,
                "INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state, finished_at)
                 VALUES ('{attempt}', 'e1', 's', 'p', '{attempt}', '{lang}', '{attempt}', 'scored', '{now}');"
            );
            for (slot, cell) in cells.iter().enumerate() {
                let right = cell.right() != (cell.item() == WRONG_KEY);
                let chosen = if right { "a" } else { ["b", "c"][random.below(2)] };
                // The last item is tried out: it brings no points.
                let most = if cell.item() == ITEMS - 1 { 0 } else { 1_000_000 };
                let points = if right { most } else { 0 };
                let _ = write!(
                    sql,
                    "INSERT INTO exam_response (attempt, n, item, version, lang, answer, points, most)
                     VALUES ('{attempt}', {slot}, '{}', 1, '{lang}', '{{\"options\":[\"{chosen}\"]}}', {points}, {most});",
                    id("it", cell.item())
                );
            }
        }
    }
    // Somebody left, somebody is not scored yet.
    sql += "INSERT INTO exam_attempt (id, exam, session, person, candidate, lang, token, state, finished_at)
            VALUES ('z', 'e1', 's', 'p', 'z', 'kk', 'z', 'submitted', '2026-11-01T00:00:00Z');";
    world.db.execute(&sql);
}

/// Does what is in the queue until nothing is left; returns how many steps that were.
fn work(world: &World) -> usize {
    let mut steps = 0;
    loop {
        let jobs: Vec<Job> = world.courier.jobs.borrow_mut().drain(..).collect();
        let ids: Vec<String> =
            jobs.into_iter().filter(|j| j.kind == "analysis").map(|j| j.id).collect();
        if ids.is_empty() {
            return steps;
        }
        assert_eq!(step(world, &ids), Vec::<String>::new());
        steps += 1;
        assert!(steps < 200);
    }
}

fn step(world: &World, ids: &[String]) -> Vec<String> {
    let now = || -> Timestamp { world.now.get() };
    world.with(async |ports| {
        let world = analyst::World { db: ports.db, courier: ports.courier, now: &now };
        analyst::run(&world, ids).await
    })
}

fn ask(world: &World, cookie: &str, model: &str) -> Response {
    world.post("/api/v1/cabinet/analyses", cookie, &json!({ "exam": "e1", "model": model }))
}

fn see(world: &World, cookie: &str, path: &str) -> Value {
    let response = world.get(&format!("/api/v1/cabinet/analyses{path}"), cookie);
    assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
    body(&response)
}

#[test]
fn an_exam_is_analysed_step_by_step() {
    let world = World::demo();
    exam(&world, 320, ITEMS);
    let cookie = world.session("psychometrician");
    let asked = ask(&world, &cookie, "two_parameter");
    assert_eq!(asked.status, 201, "{}", String::from_utf8_lossy(&asked.body));
    let analysis = body(&asked)["id"].as_str().unwrap().to_owned();
    assert_eq!(ask(&world, &cookie, "rasch").status, 409, "one at a time");
    world.drain();
    let steps = work(&world);
    assert!(steps >= 6, "640 attempts come in several steps: {steps}");
    // A job that comes late does nothing any more.
    assert_eq!(step(&world, std::slice::from_ref(&analysis)), Vec::<String>::new());
    assert!(world.courier.jobs.borrow().is_empty());

    let found = see(&world, &cookie, &format!("/{analysis}"));
    assert_eq!((&found["state"], &found["attempts"]), (&json!("done"), &json!(640)), "{found}");
    assert_eq!((&found["answers"], &found["items"]), (&json!(640 * ITEMS), &json!(ITEMS)));
    assert_eq!(found["summary"]["calibration"]["converged"], json!(true));
    assert!(found["summary"]["test"]["alpha"].as_f64().unwrap() > 0.3);
    assert_eq!(found["summary"]["exposure"]["overlap"], json!(1.0));
    assert_eq!(world.db.rows("SELECT count(*) AS n FROM analysis_part")[0]["n"], json!(0));

    let rows = see(&world, &cookie, &format!("/{analysis}/items"));
    let rows = rows["items"].as_array().unwrap();
    assert_eq!(rows.len(), ITEMS);
    let truth = items(ITEMS, 4);
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row["code"], json!(format!("P-{at}")));
        let (a, d) = (row["a"].as_f64().unwrap(), row["d"].as_f64().unwrap());
        let (a_se, d_se) = (row["a_se"].as_f64().unwrap(), row["d_se"].as_f64().unwrap());
        if at == WRONG_KEY {
            assert!(a < 0.0 && row["discrimination"].as_f64().unwrap() < 0.0, "{row}");
        } else if at != LANGUAGE {
            assert!(
                (a - truth[at].a).abs() < 4.0 * a_se && (d - truth[at].d).abs() < 4.0 * d_se,
                "{row}"
            );
        }
        let idle: Vec<&Value> = row["flags"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["kind"] == "idle_distractor")
            .collect();
        assert_eq!((idle.len(), &idle[0]["option"]), (1, &json!("d")), "{row}");
    }
    let kinds = |at: usize| -> Vec<&str> {
        rows[at]["flags"].as_array().unwrap().iter().map(|f| f["kind"].as_str().unwrap()).collect()
    };
    assert!(kinds(WRONG_KEY).contains(&"negative_discrimination"));
    assert!(
        kinds(LANGUAGE).contains(&"language_dif")
            && rows[LANGUAGE]["delta"].as_f64().unwrap() < -1.5
    );
    let flagged = rows[LANGUAGE]["flags"].as_array().unwrap();
    assert!(flagged.iter().all(|f| !f["text"].as_str().unwrap().is_empty()), "{flagged:?}");

    for plot in ["scores", "information", "languages"] {
        let drawn = see(&world, &cookie, &format!("/{analysis}/plots/{plot}"));
        assert!(
            drawn["svg"].as_str().unwrap().starts_with("<svg")
                && !drawn["rows"].as_array().unwrap().is_empty()
        );
    }
    let item = format!("/{analysis}/items/{}/1", id("it", 2));
    let curve = see(&world, &cookie, &format!("{item}/plots/curve"));
    assert_eq!(curve["svg"].as_str().unwrap().matches("<circle").count(), 10);
    assert!(curve["svg"].as_str().unwrap().contains("P-2"));
    let file =
        world.get(&format!("/api/v1/cabinet/analyses{item}/plots/languages?as=svg"), &cookie);
    assert_eq!((file.status, &file.body[..4]), (200, &b"<svg"[..]));
    assert_eq!(
        world.get(&format!("/api/v1/cabinet/analyses{item}/plots/nonsense"), &cookie).status,
        404
    );

    // The bank takes parameters over.
    let pairs = json!({ "items": [[id("it", 2), 1], [id("it", 999), 1]] });
    let accepted =
        world.post(&format!("/api/v1/cabinet/analyses/{analysis}/accept"), &cookie, &pairs);
    assert_eq!(accepted.status, 204, "{}", String::from_utf8_lossy(&accepted.body));
    let bank = world.db.rows("SELECT a, b FROM item_version WHERE a IS NOT NULL");
    assert_eq!((bank.len(), &bank[0]["a"]), (1, &rows[2]["a"]));
}

#[test]
fn everybody_saw_other_items_and_a_step_that_fails_is_done_again() {
    let world = World::demo();
    exam(&world, 300, 8);
    let cookie = world.session("psychometrician");
    let id = body(&ask(&world, &cookie, "one_parameter"))["id"].as_str().unwrap().to_owned();
    world.drain();
    // The queue loses the job and the sweep finds the analysis.
    world.courier.jobs.borrow_mut().clear();
    let sweep = || {
        let now = || world.now.get();
        world.with(async |ports| {
            analyst::sweep(&analyst::World { db: ports.db, courier: ports.courier, now: &now })
                .await
                .unwrap();
        });
    };
    sweep();
    assert!(world.courier.jobs.borrow().is_empty(), "not before its time");
    world.now.set(world.now.get().plus_seconds(600));
    sweep();
    work(&world);
    let found = see(&world, &cookie, &format!("/{id}"));
    assert_eq!(found["state"], json!("done"), "{found}");
    let overlap = found["summary"]["exposure"]["overlap_pairs"].as_f64().unwrap();
    assert!((overlap - 8.0 / 12.0).abs() < 0.02, "{overlap}");
    let rows = see(&world, &cookie, &format!("/{id}/items?flagged=1"));
    assert_eq!(rows["items"][0]["fit_p"], json!(null), "no score groups without complete answers");
    assert!(rows["items"][0]["infit"].as_f64().is_some());

    // A step that fails again and again ends the analysis.
    let stuck = body(&ask(&world, &cookie, "rasch"))["id"].as_str().unwrap().to_owned();
    world.db.execute(&format!("UPDATE analysis SET work = 'broken' WHERE id = '{stuck}'"));
    for _ in 0..5 {
        assert_eq!(step(&world, std::slice::from_ref(&stuck)).len(), 1);
    }
    assert_eq!(step(&world, std::slice::from_ref(&stuck)), Vec::<String>::new());
    let found = see(&world, &cookie, &format!("/{stuck}"));
    assert_eq!((&found["state"], &found["failure"]), (&json!("failed"), &json!("stuck")));
}

#[test]
fn what_cannot_be_analysed_is_said_and_strangers_see_nothing() {
    let world = World::demo();
    exam(&world, 0, 5);
    let cookie = world.session("psychometrician");
    assert_eq!(ask(&world, &cookie, "five_parameter").status, 422);
    let unknown = json!({ "exam": "e9", "model": "rasch" });
    assert_eq!(world.post("/api/v1/cabinet/analyses", &cookie, &unknown).status, 422);
    let id = body(&ask(&world, &cookie, "rasch"))["id"].as_str().unwrap().to_owned();
    world.drain();
    work(&world);
    let found = see(&world, &cookie, &format!("/{id}"));
    assert_eq!((&found["state"], &found["failure"]), (&json!("failed"), &json!("none")));
    assert_eq!(
        world.get(&format!("/api/v1/cabinet/analyses/{id}/plots/scores"), &cookie).status,
        404
    );
    let list = see(&world, &cookie, "?exam=e1");
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let clerk = world.session("hr.school1");
    assert_eq!(ask(&world, &clerk, "rasch").status, 403);
    assert_eq!(world.get(&format!("/api/v1/cabinet/analyses/{id}"), &clerk).status, 403);
    let nothing = world.post(
        &format!("/api/v1/cabinet/analyses/{id}/accept"),
        &cookie,
        &json!({ "items": [] }),
    );
    assert_eq!(nothing.status, 422);
}

#[test]
fn two_forms_come_onto_one_scale() {
    let world = World::demo();
    exam(&world, 60, ITEMS);
    world.db.execute(r#"UPDATE exam SET title = '{"kk":"Нұсқа","ru":"Форма"}'"#);
    let cookie = world.session("psychometrician");
    let ids: Vec<String> = (0..2)
        .map(|_| {
            let asked = ask(&world, &cookie, "rasch");
            assert_eq!(asked.status, 201, "{}", String::from_utf8_lossy(&asked.body));
            world.drain();
            work(&world);
            body(&asked)["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let path = |from: &str, to: &str| format!("/api/v1/cabinet/equatings?from={from}&to={to}");
    let found = world.get(&path(&ids[0], &ids[1]), &cookie);
    assert_eq!(found.status, 200, "{}", String::from_utf8_lossy(&found.body));
    let found = body(&found);
    // The same answers on the same scale: every score is worth itself, by both methods.
    let close = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-9;
    assert!(close(&found["linear"]["slope"], 1.0) && close(&found["linear"]["intercept"], 0.0));
    let rows = found["plot"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), ITEMS + 1, "a score for each task, and nought");
    let taken = rows.iter().filter(|row| row[1] != "0");
    for row in taken {
        let number =
            |at: usize| row[at].as_str().unwrap().replace(',', ".").parse::<f64>().unwrap();
        assert!(
            (number(2) - number(0)).abs() < 0.01 && (number(3) - number(0)).abs() < 0.01,
            "{row}"
        );
    }
    assert!(found["plot"]["svg"].as_str().unwrap().contains("<title"));
    assert_eq!(world.get(&path(&ids[0], &ids[0]), &cookie).status, 422);
    assert_eq!(world.get(&path(&ids[0], "01jd0000000000000000000009"), &cookie).status, 404);
    assert_eq!(world.get(&path("", ""), &cookie).status, 422);
    let stranger = world.session("test.admin");
    assert_eq!(world.get(&path(&ids[0], &ids[1]), &stranger).status, 403);
}
