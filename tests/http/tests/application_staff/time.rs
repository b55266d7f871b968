//! What comes by itself: the vacancy changes, a term ends, a draft grows old.

use http_tests::{World, apply::filled, demo::body};
use serde_json::json;

use super::{actions, does, mine, told};

#[test]
fn applications_follow_their_vacancy_and_people_are_told() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (person, sent) = world.applied("madina", &vacancy);
    let drafter = world.somebody("asel");
    let draft = world.begin(&drafter, &vacancy);
    world.vacancy_command(&vacancy, &json!({ "command": "pause", "reason": "text_correction" }));
    assert!(
        mine(&world, &person, &sent)["timeline"]["next"]["text"]
            .as_str()
            .unwrap()
            .contains("есептелмейді")
    );
    let saved = body(&world.write(
        &drafter,
        &mine(&world, &drafter, &draft),
        &filled(&world.file("asel", "s", "clean")),
    ));
    let refused = world.act(&drafter, &saved, &json!({ "command": "submit" }));
    assert_eq!(body(&refused)["code"], "acceptance_paused");
    world.vacancy_command(&vacancy, &json!({ "command": "resume" }));
    let extend = json!({ "command": "extend", "accept_to": "2026-11-18", "reason": { "kk": "Өтінім аз", "ru": "Мало заявлений" } });
    world.vacancy_command(&vacancy, &extend);
    assert_eq!(
        actions(&mine(&world, &person, &sent)),
        ["vacancy_extended", "vacancy_resumed", "vacancy_paused", "submit", "create"]
    );
    world.vacancy_command(&vacancy, &json!({ "command": "cancel", "reason": "funding", "note": { "kk": "Қаржы жоқ", "ru": "Нет средств" } }));
    assert_eq!(mine(&world, &person, &sent)["state"], "cancelled");
    let draft = mine(&world, &drafter, &draft);
    assert_eq!((&draft["state"], &draft["commands"]), (&json!("draft"), &json!(["discard"])));
    assert_eq!(told(&world, "vacancy.changed_for_applicant").len(), 8, "four changes, two people");
    // A second drain changes nothing.
    world.db.execute(&format!(
        "INSERT INTO outbox (at, topic, key, next_at) VALUES ('', 'vacancy.changed', '{}', '')",
        vacancy["id"].as_str().unwrap()
    ));
    world.drain();
    assert_eq!(told(&world, "vacancy.changed_for_applicant").len(), 8);
}

#[test]
fn drafts_are_reminded_of_before_the_deadline_and_forgotten_after_half_a_year() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let cookie = world.somebody("madina");
    let draft = world.begin(&cookie, &vacancy);
    let near = || told(&world, "application.deadline_near").len();
    for (moment, times) in [
        ("2026-11-08T12:59:00Z", 0),
        ("2026-11-08T13:00:00Z", 1),
        ("2026-11-09T05:00:00Z", 1),
        ("2026-11-10T13:00:00Z", 2),
        ("2026-11-11T12:00:00Z", 2),
        ("2026-11-11T13:00:00Z", 2),
    ] {
        world.at(moment);
        world.drain();
        assert_eq!(near(), times, "{moment}");
    }
    let count = || world.db.rows("SELECT count(*) AS n FROM application")[0]["n"].clone();
    world.at("2027-05-01T00:00:00Z");
    world.drain();
    assert_eq!(count(), 1);
    world.at("2027-05-13T00:00:00Z");
    world.drain();
    assert_eq!(count(), 0);
    let acts =
        world.db.rows("SELECT action, object_id FROM journal WHERE action = 'application.forget'");
    assert_eq!(acts[0]["object_id"], draft["id"]);
}

#[test]
fn a_missed_completion_is_written_down_by_the_sweep() {
    let world = World::demo();
    let vacancy = world.vacancy("subject_teacher");
    let (_, sent) = world.applied("madina", &vacancy);
    let clerk = world.session("hr.school1");
    let seen = does(&world, &clerk, &sent, &json!({ "command": "register" }));
    let item = json!({ "target": "row:category", "text": "Куәлік анық емес" });
    does(&world, &clerk, &seen, &json!({ "command": "request", "items": [item] }));
    world.at("2026-11-05T13:00:00Z");
    let person = world.somebody("madina");
    // The screen shows it at once, the sweep writes it down.
    assert_eq!(mine(&world, &person, &sent)["state"], "checking");
    assert_eq!(
        world.db.rows("SELECT state FROM application")[0]["state"],
        "returned_for_completion"
    );
    world.drain();
    assert_eq!(world.db.rows("SELECT state FROM application")[0]["state"], "checking");
    assert_eq!(
        mine(&world, &person, &sent)["timeline"]["entries"][0]["action"],
        "completion_missed"
    );
}
