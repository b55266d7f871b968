//! The service as it sends: what a test writes, lets pass and looks at.

use std::cell::{Cell, RefCell};

use app::ports::{Db, DbError, Local, Rows};
use domain::{
    job::Job,
    notice::{Channel, Event, Letter, args},
    shared::{lang::Lang, statement::Statement},
};
use http_tests::World as Deployment;
use sender::{Raw, Settings, World};
use serde_json::Value;

use crate::outside::Outside;

/// A database that refuses some batches, counted from the next one.
struct Refusing<'a> {
    db: &'a dyn Db,
    count: Cell<usize>,
    refuses: RefCell<Vec<usize>>,
}

impl Db for Refusing<'_> {
    fn batch(&self, statements: Vec<Statement>) -> Local<'_, Result<Vec<Rows>, DbError>> {
        let n = self.count.get();
        self.count.set(n + 1);
        if self.refuses.borrow().contains(&n) {
            return Box::pin(async { Err(DbError::Other("overloaded".into())) });
        }
        self.db.batch(statements)
    }
}

fn settings(order: &str) -> Settings {
    let key = || "k".to_owned();
    let raw = Raw {
        origin: "https://mansap.example".into(),
        sms_order: order.into(),
        mobizon_key: key(),
        smsc_login: key(),
        smsc_password: key(),
        kazinfoteh_login: key(),
        kazinfoteh_password: key(),
        mail_key: key(),
        mail_from: "Mansap <no-reply@mansap.example>".into(),
        ..Raw::default()
    };
    Settings::read(&raw, false)
}

/// The service, the gateways and a database that may refuse.
pub struct Stage {
    pub world: Deployment,
    pub outside: Outside,
    pub settings: Settings,
    /// Batches that the database refuses, counted from the next one.
    pub refuses: Vec<usize>,
}

impl Stage {
    pub fn new(order: &str) -> Stage {
        let outside = Outside::default();
        outside.balance.set(9_000_000);
        Stage { world: Deployment::demo(), outside, settings: settings(order), refuses: Vec::new() }
    }

    pub fn run<T>(&self, work: impl AsyncFnOnce(&World<'_>) -> T) -> T {
        self.world.with(async |ports| {
            let db = Refusing {
                db: ports.db,
                count: Cell::new(0),
                refuses: RefCell::new(self.refuses.clone()),
            };
            let now = || ports.now;
            let world = World {
                db: &db,
                http: &self.outside,
                post: None,
                courier: ports.courier,
                now: &now,
                random: ports.random,
                settings: &self.settings,
            };
            work(&world).await
        })
    }

    /// Writes a message and returns its identifier.
    pub fn message(&self, channel: Channel, address: &str, key: &str) -> String {
        self.world.with(async |ports| {
            let letter = Letter {
                channel,
                address: address.into(),
                lang: Lang::Kk,
                event: Event::TicketAnswered,
                key: key.into(),
                args: args([("number", key.into()), ("page", "https://mansap.example/x".into())]),
                stop: String::new(),
            };
            let id = ports.new_id();
            ports.db.batch(letter.statements(ports.now, &id)).await.unwrap();
            id
        })
    }

    pub fn send(&self, ids: &[String]) -> usize {
        self.run(async |world| sender::send(world, ids).await).unwrap_or_default()
    }

    pub fn sweep(&self) {
        let faults = self.run(async |world| sender::sweep(world).await);
        assert_eq!(faults, Vec::<String>::new());
    }

    /// Minutes pass; the sweep finds what is due and the queue brings it.
    pub fn later(&self, minutes: i64) {
        self.world.now.set(self.world.now.get().plus_seconds(minutes * 60));
        self.sweep();
        let jobs: Vec<Job> = self.world.courier.jobs.borrow_mut().drain(..).collect();
        let ids: Vec<String> = jobs.into_iter().map(|job| job.id).collect();
        self.send(&ids);
    }

    pub fn state(&self, id: &str) -> (String, Value) {
        let row = self.world.db.rows(&format!("SELECT * FROM message WHERE id = '{id}'")).remove(0);
        (row["state"].as_str().unwrap().to_owned(), row)
    }

    pub fn taken(&self) -> Vec<(&'static str, String, String)> {
        self.outside.taken.borrow().clone()
    }

    pub fn alarms(&self) -> Vec<String> {
        self.world.db.rows("SELECT gateway || ' ' || kind AS a FROM gateway_alarm WHERE closed_at IS NULL ORDER BY 1")
            .iter().map(|row| row["a"].as_str().unwrap().to_owned()).collect()
    }
}
