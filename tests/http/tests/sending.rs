//! Sending with gateways that fail, hang, lie and lose answers; with a database that refuses and
//! a queue that doubles. Every message is counted at the gateway by its key.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{job::Express, notice::Channel};
use sender::{express, express::Failure};
use serde_json::json;

use outside::Mood;
use stage::Stage;

#[path = "sending/outside.rs"]
mod outside;
#[path = "sending/stage.rs"]
mod stage;

const PHONE: &str = "+77010000001";

#[test]
fn a_message_is_sent_once_however_often_the_queue_brings_it() {
    let stage = Stage::new("smsc");
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    for _ in 0..3 {
        stage.send(&[id.clone(), id.clone()]);
    }
    assert_eq!(stage.taken(), [("smsc", "77010000001".to_owned(), id.clone())]);
    let (state, row) = stage.state(&id);
    assert_eq!(
        (state.as_str(), &row["gateway"], &row["cost"]),
        ("sent", &json!("smsc"), &json!(1250))
    );
    assert!(row["body"].as_str().unwrap().contains("T-1"));
    // The gateway says later that it arrived.
    stage.later(2);
    assert_eq!(stage.state(&id).0, "delivered");
}

#[test]
fn an_answer_that_got_lost_is_asked_for_and_nothing_is_sent_again() {
    for (gateway, mood) in
        [("smsc", Mood::Lose), ("smsc", Mood::Lie), ("mobizon", Mood::Lose), ("mobizon", Mood::Lie)]
    {
        let stage = Stage::new(&format!("{gateway},kazinfoteh"));
        stage.outside.mood(gateway, &[mood, Mood::Ok]);
        let id = stage.message(Channel::Sms, PHONE, "T-1");
        stage.send(std::slice::from_ref(&id));
        assert_eq!(stage.state(&id).0, "queued", "{gateway} {mood:?}");
        stage.later(2);
        assert!(["sent", "delivered"].contains(&stage.state(&id).0.as_str()), "{gateway} {mood:?}");
        assert_eq!(stage.taken().len(), 1, "{gateway} {mood:?}");
    }
}

#[test]
fn what_a_failing_gateway_does_not_have_is_sent_again_there() {
    for gateway in ["smsc", "mobizon"] {
        let stage = Stage::new(&format!("{gateway},kazinfoteh"));
        stage.outside.mood(gateway, &[Mood::Fail, Mood::Fail, Mood::Ok]);
        let id = stage.message(Channel::Sms, PHONE, "T-1");
        stage.send(std::slice::from_ref(&id));
        stage.later(2);
        stage.later(6);
        assert!(["sent", "delivered"].contains(&stage.state(&id).0.as_str()), "{gateway}");
        assert_eq!(stage.taken().len(), 1);
    }
}

#[test]
fn a_second_message_of_the_same_words_is_not_taken_for_the_first() {
    let stage = Stage::new("mobizon");
    let first = stage.message(Channel::Sms, PHONE, "T-1");
    stage.send(&[first]);
    stage.outside.mood("mobizon", &[Mood::Fail, Mood::Ok]);
    // The same number in the text, another occurrence: the same words to the same phone.
    let second = stage.message(Channel::Sms, PHONE, "T-1 ");
    stage.world.db.execute(
        "UPDATE message SET args = (SELECT args FROM message WHERE key = 'T-1') WHERE key = 'T-1 '",
    );
    stage.send(std::slice::from_ref(&second));
    stage.later(2);
    assert_eq!(stage.state(&second).0, "sent");
    assert_eq!(stage.taken().len(), 2);
}

#[test]
fn where_nobody_can_be_asked_a_person_decides() {
    let stage = Stage::new("kazinfoteh,smsc");
    stage.outside.mood("kazinfoteh", &[Mood::Lose]);
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    stage.send(std::slice::from_ref(&id));
    stage.later(10);
    assert_eq!(stage.state(&id).0, "unsure");
    assert_eq!(stage.taken().len(), 1);
    assert_eq!(stage.alarms(), ["kazinfoteh unsure"]);
    let told =
        stage.world.db.rows("SELECT count(*) AS n FROM notice WHERE event = 'gateway.alarm'");
    assert!(told[0]["n"].as_i64().unwrap() > 0, "nobody was told");
}

#[test]
fn another_gateway_takes_what_one_refuses_or_cannot_take() {
    for mood in [Mood::Refuse(3), Mood::Refuse(2), Mood::Refuse(5), Mood::Away] {
        let stage = Stage::new("smsc,mobizon");
        stage.outside.mood("smsc", &[mood]);
        let id = stage.message(Channel::Sms, PHONE, "T-1");
        stage.send(std::slice::from_ref(&id));
        let (state, row) = stage.state(&id);
        assert_eq!((state.as_str(), &row["gateway"]), ("sent", &json!("mobizon")), "{mood:?}");
        let alarms = match mood {
            Mood::Refuse(3) => vec!["smsc balance"],
            Mood::Refuse(2) => vec!["smsc access"],
            _ => vec![],
        };
        assert_eq!(stage.alarms(), alarms, "{mood:?}");
    }
}

#[test]
fn a_wrong_number_is_wrong_everywhere() {
    let stage = Stage::new("smsc,mobizon");
    stage.outside.mood("smsc", &[Mood::Refuse(7)]);
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    stage.send(std::slice::from_ref(&id));
    assert_eq!(stage.state(&id).0, "failed");
    assert!(stage.taken().is_empty());
}

#[test]
fn a_gateway_that_fails_again_and_again_is_left_alone_and_tried_later() {
    let stage = Stage::new("smsc,mobizon");
    stage.outside.mood("smsc", &[Mood::Away]);
    for n in 0..6 {
        let id = stage.message(Channel::Sms, PHONE, &format!("T-{n}"));
        stage.send(&[id]);
    }
    assert_eq!(stage.alarms(), ["smsc breaker"]);
    stage.outside.mood("smsc", &[Mood::Ok]);
    let rests = stage.message(Channel::Sms, PHONE, "T-10");
    stage.send(std::slice::from_ref(&rests));
    assert_eq!(stage.state(&rests).1["gateway"], "mobizon");
    stage.later(20);
    let again = stage.message(Channel::Sms, PHONE, "T-11");
    stage.send(std::slice::from_ref(&again));
    assert_eq!(stage.state(&again).1["gateway"], "smsc");
    assert_eq!(stage.alarms(), Vec::<String>::new());
}

#[test]
fn after_the_last_try_it_is_dead_and_somebody_knows() {
    let stage = Stage::new("smsc");
    stage.outside.mood("smsc", &[Mood::Refuse(5)]);
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    stage.send(std::slice::from_ref(&id));
    for minutes in [2, 6, 31, 121] {
        assert_eq!(stage.state(&id).0, "queued");
        stage.later(minutes);
    }
    let (state, row) = stage.state(&id);
    assert_eq!((state.as_str(), &row["attempts"]), ("dead", &json!(5)));
    assert!(stage.alarms().contains(&"queue dead".to_owned()));
}

#[test]
fn a_consumer_that_dies_after_sending_leaves_a_trace() {
    // The batch that writes down what happened never arrives: as after SIGKILL.
    for (channel, address) in [(Channel::Sms, PHONE), (Channel::Email, "a@example.kz")] {
        let mut stage = Stage::new("smsc");
        let id = stage.message(channel, address, "T-1");
        stage.refuses = vec![2, 3, 4];
        stage.send(std::slice::from_ref(&id));
        stage.refuses = vec![];
        assert_eq!(stage.state(&id).0, "sending");
        stage.later(3);
        assert!(["sent", "delivered"].contains(&stage.state(&id).0.as_str()), "{channel:?}");
        assert_eq!(stage.taken().len(), 1, "{channel:?}");
    }
}

#[test]
fn a_database_that_refuses_the_claim_sends_nothing() {
    let mut stage = Stage::new("smsc");
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    stage.refuses = vec![1];
    assert_eq!(stage.send(std::slice::from_ref(&id)), 0);
    assert!(stage.taken().is_empty());
    stage.refuses = vec![];
    stage.later(3);
    assert_eq!(stage.state(&id).0, "sent");
    assert_eq!(stage.taken().len(), 1);
}

#[test]
fn two_consumers_do_not_share_a_message() {
    let stage = Stage::new("smsc");
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    // Another consumer has claimed it a moment ago.
    stage.world.db.execute("UPDATE message SET state = 'sending', claim = 'other', claimed_until = '2026-11-02T05:02:00.000Z', gateway = 'smsc'");
    stage.send(std::slice::from_ref(&id));
    assert!(stage.taken().is_empty());
    stage.later(1);
    assert!(stage.taken().is_empty());
    stage.later(2);
    assert_eq!(stage.taken().len(), 1);
}

#[test]
fn a_letter_with_a_key_may_be_sent_again_and_a_bounce_ends_it() {
    let stage = Stage::new("smsc");
    stage.outside.mood("mail", &[Mood::Lose, Mood::Ok]);
    let id = stage.message(Channel::Email, "a@example.kz", "T-1");
    stage.send(std::slice::from_ref(&id));
    stage.later(2);
    assert_eq!(stage.state(&id).0, "sent");
    assert_eq!(stage.taken().len(), 1);
    stage.world.db.execute(
        "INSERT INTO message_block VALUES ('email', 'a@example.kz', 'bounce', '2026-11-02')",
    );
    let next = stage.message(Channel::Email, "a@example.kz", "T-2");
    stage.send(std::slice::from_ref(&next));
    assert_eq!(stage.state(&next).0, "suppressed");
}

#[test]
fn money_that_runs_out_is_an_alarm_until_it_is_back() {
    let stage = Stage::new("smsc");
    stage.outside.balance.set(120_000);
    stage.sweep();
    assert_eq!(stage.alarms(), ["smsc balance"]);
    stage.outside.balance.set(9_000_000);
    stage.later(11);
    assert_eq!(stage.alarms(), Vec::<String>::new());
}

#[test]
fn a_message_of_last_week_is_of_no_use() {
    let stage = Stage::new("smsc");
    let id = stage.message(Channel::Sms, PHONE, "T-1");
    stage.world.now.set(stage.world.now.get().plus_seconds(80 * 3600));
    stage.send(std::slice::from_ref(&id));
    assert_eq!(stage.state(&id).0, "expired");
}

fn code(key: &str) -> Express {
    Express {
        key: key.into(),
        channel: "sms".into(),
        address: PHONE.into(),
        lang: "kk".into(),
        event: "account.code".into(),
        args: vec![
            ("code".into(), "482913".into()),
            ("minutes".into(), "5".into()),
            ("host".into(), "mansap.example".into()),
        ],
    }
}

#[test]
fn a_code_goes_through_the_gateway_that_works_and_is_written_nowhere() {
    let stage = Stage::new("mobizon,smsc");
    stage.outside.mood("mobizon", &[Mood::Away]);
    let sent = stage.run(async |world| express::deliver(world, &code("one")).await);
    assert_eq!(sent, Ok(()));
    let again = stage.run(async |world| express::deliver(world, &code("one")).await);
    assert_eq!(again, Ok(()));
    assert_eq!(stage.taken().len(), 1);
    for table in ["message", "notice", "journal", "outbox"] {
        let all = json!(stage.world.db.rows(&format!("SELECT * FROM {table}"))).to_string();
        assert!(!all.contains("482913"), "{table}");
    }
    assert_eq!(stage.world.db.rows("SELECT event, gateway FROM message")[0]["gateway"], "smsc");
}

#[test]
fn a_code_that_no_gateway_takes_says_why() {
    let stage = Stage::new("smsc");
    stage.outside.mood("smsc", &[Mood::Refuse(7)]);
    assert_eq!(stage.run(async |w| express::deliver(w, &code("a")).await), Err(Failure::Address));
    stage.outside.mood("smsc", &[Mood::Fail]);
    stage.outside.mute.set(true);
    assert_eq!(stage.run(async |w| express::deliver(w, &code("b")).await), Err(Failure::Down));
    let strange = Express { event: "no.such".into(), ..code("c") };
    assert_eq!(stage.run(async |w| express::deliver(w, &strange).await), Err(Failure::Malformed));
}
