//! From a notice to the messages that leave: by weight, by preference, by the hour.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Channel, Event, Spec, policy::Policy, render, spec};
use crate::shared::{lang::Lang, row, statement::Statement, time::Timestamp};
use crate::sql;

/// A notice with the person who is to be told.
#[derive(Debug, Clone, Deserialize)]
pub struct Told {
    /// Identifier of the notice.
    pub id: String,
    /// Account.
    pub account: String,
    /// Code of the event.
    pub event: String,
    /// Identifier of what it is about.
    pub object_id: String,
    /// The case and the occurrence.
    pub key: String,
    /// Language of the person.
    pub lang: String,
    /// Phone in E.164; empty = none.
    pub phone: String,
    /// E-mail; empty = none.
    pub email: String,
    /// Channels by group, as the person chose them.
    #[serde(deserialize_with = "row::json")]
    pub groups: BTreeMap<String, Vec<Channel>>,
    /// No text messages and pushes at night.
    #[serde(deserialize_with = "row::flag")]
    pub quiet: bool,
    /// One letter a day.
    #[serde(deserialize_with = "row::flag")]
    pub digest: bool,
    /// Text messages in Latin letters.
    #[serde(deserialize_with = "row::flag")]
    pub latin: bool,
    /// Secret of the address that stops letters.
    pub stop: String,
    /// Devices that get pushes.
    #[serde(deserialize_with = "row::json")]
    pub devices: Vec<String>,
}

/// The notices of some tellings with their people.
pub fn told(batches: &[String]) -> Statement {
    sql!(
        "SELECT n.id, n.account, n.event, n.object_id, n.key, p.lang,
           coalesce((SELECT value FROM contact c WHERE c.account = a.id AND c.kind = 'phone' ORDER BY c.verified_at DESC LIMIT 1), p.phone) AS phone,
           coalesce((SELECT value FROM contact c WHERE c.account = a.id AND c.kind = 'email' ORDER BY c.verified_at DESC LIMIT 1), p.email) AS email,
           coalesce(f.groups, '{}') AS groups, coalesce(f.quiet, 1) AS quiet, coalesce(f.digest, 0) AS digest,
           coalesce(f.latin, 0) AS latin, coalesce(f.stop, '') AS stop,
           (SELECT json_group_array(s.id) FROM push_subscription s WHERE s.account = a.id) AS devices
         FROM notice n JOIN account a ON a.id = n.account JOIN person p ON p.id = a.person
         LEFT JOIN preference f ON f.account = n.account
         WHERE n.batch IN (SELECT value FROM json_each(?1))",
        serde_json::json!(batches).to_string()
    )
}

/// A message to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The way.
    pub channel: Channel,
    /// Address at the gateway: phone, e-mail or identifier of the device.
    pub address: String,
    /// Event whose text it carries: its own, or the letter of the day.
    pub event: Event,
    /// Key, as in the notice; the day for the letter of the day.
    pub key: String,
    /// When it may leave.
    pub at: Timestamp,
    /// Day of the letter that tells it together with others.
    pub digest: Option<String>,
}

/// Whether the person wants a group by a channel.
pub fn wants(
    policy: &Policy,
    groups: &BTreeMap<String, Vec<Channel>>,
    group: &str,
    channel: Channel,
) -> bool {
    let usual = || policy.channels.get(group);
    groups.get(group).or_else(usual).is_some_and(|channels| channels.contains(&channel))
}

/// Decides what leaves, where and when.
pub fn plan(policy: &Policy, spec: &Spec, told: &Told, now: Timestamp) -> Vec<Planned> {
    let wants = |channel| wants(policy, &told.groups, &spec.group, channel);
    let soft = if told.quiet { policy.after_quiet(now) } else { now };
    let own = |channel, address: &str, at| Planned {
        channel,
        address: address.to_owned(),
        event: spec.event,
        key: told.key.clone(),
        at,
        digest: None,
    };
    let mut out = Vec::new();
    // What has legal weight must arrive somewhere outside the cabinet too.
    let letter = !told.email.is_empty() && (spec.significant || wants(Channel::Email));
    if letter && told.digest && !spec.significant {
        let at = policy.next_digest(now);
        let day = at.day().to_string();
        out.push(Planned {
            event: Event::NoticeDigest,
            key: day.clone(),
            digest: Some(day),
            ..own(Channel::Email, &told.email, at)
        });
    } else if letter {
        out.push(own(Channel::Email, &told.email, now));
    }
    let alone = spec.significant && !letter;
    if !told.phone.is_empty() && (wants(Channel::Sms) || alone) {
        out.push(own(Channel::Sms, &told.phone, soft));
    }
    if wants(Channel::Push) {
        out.extend(told.devices.iter().map(|device| own(Channel::Push, device, soft)));
    }
    out
}

/// What was decided for some people, as the lists that [`Rows::statements`] writes.
#[derive(Debug, Default)]
pub struct Rows {
    /// Account and secret of the address that stops letters.
    stops: Vec<(String, String)>,
    /// Notice and day of the letter that tells it.
    digests: Vec<(String, String)>,
    messages: Vec<Message>,
}

/// A row of `message`.
#[derive(Debug, Serialize)]
struct Message {
    id: String,
    notice: String,
    event: &'static str,
    key: String,
    recipient: String,
    channel: &'static str,
    address: String,
    lang: &'static str,
    link: String,
    /// Group whose letters it stops; empty where there is nothing to stop.
    stops: String,
    account: String,
    latin: bool,
    at: Timestamp,
}

impl Rows {
    /// Adds what was decided for a person. `id` gives new identifiers, `new_stop` is the secret of
    /// the address that stops letters, for a person who has none yet.
    pub fn add(
        &mut self,
        told: &Told,
        planned: &[Planned],
        mut id: impl FnMut() -> String,
        new_stop: impl FnOnce() -> String,
    ) {
        let Some(own) = Event::parse(&told.event).and_then(spec) else { return };
        let link = render::link(own, &told.object_id);
        if told.stop.is_empty() && !planned.is_empty() {
            self.stops.push((told.account.clone(), new_stop()));
        }
        for one in planned {
            if let Some(day) = &one.digest {
                self.digests.push((told.id.clone(), day.clone()));
            }
            let stops = one.channel == Channel::Email && !own.significant;
            let group = if one.digest.is_some() { "digest" } else { own.group.as_str() };
            self.messages.push(Message {
                id: id(),
                notice: told.id.clone(),
                event: one.event.code(),
                key: one.key.clone(),
                recipient: match one.channel {
                    Channel::Push => format!("{}:{}", told.account, one.address),
                    _ => told.account.clone(),
                },
                channel: one.channel.code(),
                address: one.address.clone(),
                lang: Lang::parse(&told.lang).unwrap_or_default().code(),
                link: if one.digest.is_some() { "/app/my/inbox".into() } else { link.clone() },
                stops: if stops { group.to_owned() } else { String::new() },
                account: told.account.clone(),
                latin: told.latin,
                at: one.at,
            });
        }
    }

    /// Whether nothing leaves.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The statements, each for all rows of its table. The last one writes the messages and
    /// returns those that are new and may leave now (`id`): what was told before is not written
    /// again.
    pub fn statements(&self, now: Timestamp) -> Vec<Statement> {
        let mut out = Vec::new();
        if !self.stops.is_empty() {
            out.push(sql!(
                "INSERT INTO preference (account, stop) SELECT value ->> 0, value ->> 1 FROM json_each(?1) WHERE true
                 ON CONFLICT (account) DO NOTHING",
                json!(self.stops).to_string()
            ));
        }
        if !self.digests.is_empty() {
            out.push(sql!(
                "UPDATE notice SET digest = v.value ->> 1 FROM json_each(?1) AS v WHERE notice.id = v.value ->> 0",
                json!(self.digests).to_string()
            ));
        }
        out.push(sql!(
            "INSERT INTO message (id, notice, event, key, recipient, channel, address, lang, link, stop, latin, args, queued_at, next_at, enqueued_at)
             SELECT v.value ->> 'id', n.id, v.value ->> 'event', v.value ->> 'key', v.value ->> 'recipient',
               v.value ->> 'channel', v.value ->> 'address', v.value ->> 'lang', v.value ->> 'link',
               CASE WHEN v.value ->> 'stops' = '' THEN '' ELSE '/off/' || (v.value ->> 'stops') || '/' || p.stop END,
               v.value ->> 'latin', CASE WHEN v.value ->> 'event' = 'notice.digest' THEN '{}' ELSE n.args END,
               ?2, v.value ->> 'at', CASE WHEN v.value ->> 'at' > ?2 THEN NULL ELSE ?2 END
             FROM json_each(?1) v CROSS JOIN notice n ON n.id = v.value ->> 'notice'
             LEFT JOIN preference p ON p.account = v.value ->> 'account'
             WHERE true
             ON CONFLICT (event, key, recipient, channel) DO NOTHING
             RETURNING CASE WHEN enqueued_at IS NULL THEN '' ELSE id END AS id",
            serde_json::to_string(&self.messages).unwrap_or_default(),
            now
        ));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::policy::policy;

    fn person() -> Told {
        Told {
            id: "n".into(),
            account: "a".into(),
            event: String::new(),
            object_id: "o".into(),
            key: "k".into(),
            lang: "kk".into(),
            phone: "+77010000000".into(),
            email: "a@example.kz".into(),
            groups: BTreeMap::new(),
            quiet: true,
            digest: false,
            latin: false,
            stop: String::new(),
            devices: vec!["d1".into(), "d2".into()],
        }
    }

    fn leaves(event: Event, told: &Told, now: &str) -> Vec<(Channel, String)> {
        let now = Timestamp::parse(now).unwrap();
        plan(policy(), spec(event).unwrap(), told, now)
            .into_iter()
            .map(|one| (one.channel, one.at.rfc3339_local()))
            .collect()
    }

    const DAY: &str = "2026-11-20T12:00:00+05:00";
    const NIGHT: &str = "2026-11-20T23:00:00+05:00";
    const MORNING: &str = "2026-11-21T08:00:00+05:00";

    #[test]
    fn by_the_usual_channels() {
        let all = leaves(Event::ApplicationSubmitted, &person(), DAY);
        let want = [Channel::Email, Channel::Sms, Channel::Push, Channel::Push];
        assert_eq!(all, want.map(|channel| (channel, DAY.to_owned())));
    }

    #[test]
    fn a_letter_wakes_nobody_the_rest_waits_for_the_morning() {
        let all = leaves(Event::ApplicationSubmitted, &person(), NIGHT);
        assert_eq!(all[0], (Channel::Email, NIGHT.into()));
        assert!(all[1..].iter().all(|(_, at)| at == MORNING), "{all:?}");
        let awake = Told { quiet: false, ..person() };
        assert!(
            leaves(Event::ApplicationSubmitted, &awake, NIGHT).iter().all(|(_, at)| at == NIGHT)
        );
    }

    #[test]
    fn what_has_legal_weight_cannot_be_switched_off() {
        let none =
            |group: &str| Told { groups: BTreeMap::from([(group.into(), vec![])]), ..person() };
        let off = none("application");
        assert_eq!(leaves(Event::ApplicationRefused, &off, DAY), [(Channel::Email, DAY.into())]);
        let no_letter = Told { email: String::new(), ..off };
        assert_eq!(
            leaves(Event::ApplicationRefused, &no_letter, DAY),
            [(Channel::Sms, DAY.into())]
        );
        assert_eq!(leaves(Event::ApplicationDeadlineNear, &none("reminder"), DAY), []);
    }

    #[test]
    fn one_letter_a_day_for_the_rest() {
        let told = Told { digest: true, ..person() };
        let now = Timestamp::parse(DAY).unwrap();
        let soft = plan(policy(), spec(Event::ApplicationDeadlineNear).unwrap(), &told, now);
        assert_eq!(soft[0].event, Event::NoticeDigest);
        assert_eq!(soft[0].digest.as_deref(), Some("2026-11-21"));
        assert_eq!(soft[0].at.rfc3339_local(), MORNING);
        let weighty = plan(policy(), spec(Event::ApplicationRefused).unwrap(), &told, now);
        assert_eq!(weighty[0].event, Event::ApplicationRefused);
    }
}
