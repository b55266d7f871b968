//! A stand-in of the gateways that fails, hangs, lies and loses answers when it is told to.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use app::{http::pairs, ports::Local};
use sender::{Call, Http, Lost, Reply};
use serde_json::{Value, json};

/// What a gateway does with the next request that sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    Ok,
    /// Takes it and fails to say so.
    Lose,
    /// Takes it and answers 500.
    Lie,
    /// Answers 500 and has nothing.
    Fail,
    /// Was not reached.
    Away,
    /// Refuses with its code.
    Refuse(i64),
}

/// Mobizon, SMSC, Kazinfoteh and the mail API, as far as sending goes.
#[derive(Default)]
pub struct Outside {
    moods: RefCell<BTreeMap<&'static str, Vec<Mood>>>,
    /// Name of the gateway, address, key or text.
    pub taken: RefCell<Vec<(&'static str, String, String)>>,
    /// Hundredths of a tenge at SMSC.
    pub balance: Cell<i64>,
    /// It does not answer when it is asked what became of a message.
    pub mute: Cell<bool>,
}

impl Outside {
    /// What the next requests meet; the last of them goes on.
    pub fn mood(&self, name: &'static str, moods: &[Mood]) {
        let mut all = moods.to_vec();
        all.reverse();
        self.moods.borrow_mut().insert(name, all);
    }

    fn next(&self, name: &str) -> Mood {
        let mut moods = self.moods.borrow_mut();
        match moods.get_mut(name) {
            Some(list) if list.len() > 1 => list.pop().unwrap(),
            Some(list) => list.first().copied().unwrap_or(Mood::Ok),
            None => Mood::Ok,
        }
    }

    fn sends(
        &self,
        name: &'static str,
        to: String,
        key: String,
        yes: Value,
        no: impl Fn(i64) -> (u16, Value),
    ) -> Result<Reply, Lost> {
        let take = || self.taken.borrow_mut().push((name, to.clone(), key.clone()));
        let reply =
            |status, body: &Value| Ok(Reply { status, body: body.to_string().into_bytes() });
        match self.next(name) {
            Mood::Ok => {
                take();
                reply(200, &yes)
            }
            Mood::Lose => {
                take();
                Err(Lost::Silent)
            }
            Mood::Lie => {
                take();
                reply(500, &json!("sorry"))
            }
            Mood::Fail => reply(500, &json!("sorry")),
            Mood::Away => Err(Lost::NotReached),
            Mood::Refuse(code) => {
                let (status, body) = no(code);
                reply(status, &body)
            }
        }
    }

    fn answer(&self, call: &Call) -> Result<Reply, Lost> {
        let fields = pairs(&String::from_utf8_lossy(&call.body));
        let field = |name: &str| {
            fields.iter().find(|(have, _)| have == name).map(|(_, v)| v.clone()).unwrap_or_default()
        };
        let ok = |body: Value| Ok(Reply { status: 200, body: body.to_string().into_bytes() });
        let taken = || self.taken.borrow().clone();
        let url = call.url.as_str();
        if url.contains("/message/sendSmsMessage") {
            let id = 100 + self.taken.borrow().len();
            let yes = json!({ "code": 0, "data": { "messageId": id.to_string() }, "message": "" });
            let no = |code| (200, json!({ "code": code, "data": {}, "message": "" }));
            self.sends("mobizon", field("recipient"), field("text"), yes, no)
        } else if url.contains("/message/list") {
            if self.mute.get() {
                return Err(Lost::Silent);
            }
            let items: Vec<_> = taken().iter().enumerate()
                .filter(|(_, (name, to, _))| *name == "mobizon" && *to == field("criteria[to]"))
                .map(|(n, (_, to, text))| json!({ "id": (100 + n).to_string(), "to": to, "text": text }))
                .collect();
            ok(json!({ "code": 0, "data": { "items": items }, "message": "" }))
        } else if url.ends_with("/sys/send.php") {
            let yes = json!({ "id": field("id"), "cnt": 1, "cost": "12.5" });
            let no = |code| (200, json!({ "error": "no", "error_code": code }));
            self.sends("smsc", field("phones"), field("id"), yes, no)
        } else if url.ends_with("/sys/status.php") {
            if self.mute.get() {
                return Err(Lost::Silent);
            }
            match taken().iter().any(|(name, _, key)| *name == "smsc" && *key == field("id")) {
                true => ok(json!({ "status": 1 })),
                false => ok(json!({ "error": "none", "error_code": 3 })),
            }
        } else if url.ends_with("/sys/balance.php") {
            ok(json!({ "balance": (self.balance.get() as f64 / 100.0).to_string() }))
        } else if url.contains("getOwnBalance") {
            ok(json!({ "code": 0, "data": { "balance": "90000" }, "message": "" }))
        } else if url.contains("getSMSStatus") {
            ok(json!({ "code": 0, "data": [], "message": "" }))
        } else if url.contains(":9507/api") {
            let xml = "<response><data><acceptreport><statuscode>0</statuscode><messageid>m1</messageid></acceptreport></data></response>";
            match self.next("kazinfoteh") {
                Mood::Ok => {}
                Mood::Lose => {
                    self.taken.borrow_mut().push(("kazinfoteh", field("recipient"), field("messagedata")));
                    return Err(Lost::Silent);
                }
                _ => return Ok(Reply { status: 200, body: b"<response><data><errorcode>5</errorcode><errormessage>Error</errormessage></data></response>".to_vec() }),
            }
            self.taken.borrow_mut().push(("kazinfoteh", field("recipient"), field("messagedata")));
            Ok(Reply { status: 200, body: xml.as_bytes().to_vec() })
        } else if url.ends_with("/emails") {
            let key =
                call.headers.iter().find(|(name, _)| *name == "idempotency-key").unwrap().1.clone();
            let letter: Value = serde_json::from_slice(&call.body).unwrap();
            let to = letter["to"][0].as_str().unwrap().to_owned();
            if taken().iter().any(|(name, _, have)| *name == "mail" && *have == key) {
                return ok(json!({ "id": format!("e-{key}") }));
            }
            let yes = json!({ "id": format!("e-{key}") });
            let no = |code| (code as u16, json!({ "name": "validation_error" }));
            self.sends("mail", to, key, yes, no)
        } else {
            Err(Lost::NotReached)
        }
    }
}

impl Http for Outside {
    fn call(&self, call: Call) -> Local<'_, Result<Reply, Lost>> {
        Box::pin(async move { self.answer(&call) })
    }
}
