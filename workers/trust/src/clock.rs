//! What happens at which hour. Called every hour; everything is done again without harm.

use trust_core::day::{self, Day};

use crate::{
    rules::Rules,
    sql::{self, Statement},
};

/// The statements of an hour, from the moment of the clockwork in milliseconds since 1970.
pub fn tick(now: i64, rules: &Rules) -> Vec<Statement> {
    let (today, hour) = (day::of_millis(now), day::hour_of_millis(now));
    let mut out = Vec::new();
    // All at once, at a fixed hour: what came first shows no more than what came last.
    if rules.release_hours.contains(&hour) {
        out.push(sql::release());
    }
    // Whether anything came or not.
    if hour >= rules.digest_hour {
        out.push(sql::digest(today));
    }
    let digests_before: Day = today.saturating_sub(rules.digest_days);
    out.extend(sql::purge(today, digests_before));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn c4_every_hour_of_every_day_does_the_same_whatever_has_come() {
        let rules = rules::on(20_779).unwrap();
        for day in 20_779..20_809 {
            for hour in 0..24 {
                let now = (i64::from(day) * 24 + hour - 5) * 3_600_000;
                let statements = tick(now, &rules);
                let has = |text: &str| statements.iter().any(|one| one.0.starts_with(text));
                assert_eq!(has("UPDATE item SET released"), hour == 9 || hour == 15, "{hour}");
                assert_eq!(has("INSERT OR IGNORE INTO digest"), hour >= 10, "{hour}");
                assert!(
                    has("DELETE FROM item")
                        && has("DELETE FROM chunk")
                        && has("DELETE FROM letter")
                );
            }
        }
    }
}
