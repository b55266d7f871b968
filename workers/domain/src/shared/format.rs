//! Dates, terms and salaries as a reader of each language expects them.

use chrono::{Datelike, NaiveDate, Timelike};

use super::{lang::Lang, locale, number, time::Timestamp};

/// `2026 жылғы 5 наурыз`, `5 марта 2026`, `5 March 2026`.
pub fn date(lang: Lang, day: NaiveDate) -> String {
    dated(lang, "date", day, "")
}

/// The day of an act, before its number: `2012 жылғы 21 ақпандағы` (№ 57 бұйрық), `21 февраля 2012
/// года`, `21 February 2012`.
pub fn date_of(lang: Lang, day: NaiveDate) -> String {
    let month = locale::FORMAT.find(lang, &format!("month.of.{}", day.month())).unwrap_or("");
    filled(lang, "date.of", day, month, "")
}

/// Without the year, for lists: `5 наурыз`.
pub fn short_date(lang: Lang, day: NaiveDate) -> String {
    dated(lang, "date.short", day, "")
}

/// `2026 жылғы 5 наурыз, бейсенбі`.
pub fn date_weekday(lang: Lang, day: NaiveDate) -> String {
    dated(lang, "date.weekday", day, "")
}

/// On the clocks of the country: `2026 жылғы 5 наурыз, сағат 18:00`,
/// `5 марта 2026 года, 18:00`, `5 March 2026, 18:00`.
pub fn date_time(lang: Lang, moment: Timestamp) -> String {
    dated(lang, "date.time", moment.day(), &time(moment))
}

/// `18:00` on the clocks of the country.
pub fn time(moment: Timestamp) -> String {
    let local = moment.local();
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `наурыз`, `марта`, `March`: as it stands in a date.
pub fn month(lang: Lang, month: u32) -> &'static str {
    locale::FORMAT.find(lang, &format!("month.{month}")).unwrap_or("")
}

/// `бейсенбі`, `четверг`, `Thursday`.
pub fn weekday(lang: Lang, day: NaiveDate) -> &'static str {
    let number = day.weekday().number_from_monday();
    locale::FORMAT.find(lang, &format!("weekday.{number}")).unwrap_or("")
}

fn dated(lang: Lang, key: &str, day: NaiveDate, time: &str) -> String {
    filled(lang, key, day, month(lang, day.month()), time)
}

fn filled(lang: Lang, key: &str, day: NaiveDate, month: &str, time: &str) -> String {
    locale::FORMAT.fill(
        lang,
        key,
        &[
            ("day", &day.day().to_string()),
            ("month", month),
            ("year", &day.year().to_string()),
            ("weekday", weekday(lang, day)),
            ("time", time),
        ],
    )
}

/// What is left of a term whose last day is `days` from today (negative: it is over):
/// `5 күн қалды`, `осталось 5 дней`, `5 days left`, or today, tomorrow, ended.
pub fn days_left(lang: Lang, days: i64) -> String {
    left(lang, "left.days", days)
}

/// The same in working days: `5 жұмыс күні қалды`. The count is
/// [`super::calendar::Calendar::working_days_between`]; as a working day away may be several
/// days away, 1 is not tomorrow here.
pub fn working_days_left(lang: Lang, days: i64) -> String {
    left(lang, "left.working", days)
}

fn left(lang: Lang, key: &str, days: i64) -> String {
    match days {
        ..0 => locale::FORMAT.get(lang, "left.ended").to_owned(),
        0 => locale::FORMAT.get(lang, "left.today").to_owned(),
        1 if key == "left.days" => locale::FORMAT.get(lang, "left.tomorrow").to_owned(),
        _ => locale::FORMAT.count(lang, key, days),
    }
}

/// A salary in tenge a month for a card: `180 000 – 250 000 ₸`, `от 180 000 ₸`, `до 250 000 ₸`.
pub fn salary(lang: Lang, from: Option<i64>, to: Option<i64>) -> String {
    range(lang, "salary.between", from, to)
}

/// The same in a sentence: `от 180 000 до 250 000 ₸`.
pub fn salary_words(lang: Lang, from: Option<i64>, to: Option<i64>) -> String {
    range(lang, "salary.between_words", from, to)
}

fn range(lang: Lang, between: &'static str, from: Option<i64>, to: Option<i64>) -> String {
    let key = match (from, to) {
        (Some(from), Some(to)) if from == to => "salary.exact",
        (Some(_), Some(_)) => between,
        (Some(_), None) => "salary.from",
        (None, Some(_)) => "salary.to",
        (None, None) => "salary.none",
    };
    let text = |sum: Option<i64>| sum.map(|sum| number::group(lang, sum)).unwrap_or_default();
    locale::FORMAT.fill(lang, key, &[("from", &text(from)), ("to", &text(to))])
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: [Lang; 3] = Lang::ALL;

    #[test]
    fn dates() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        assert_eq!(
            THREE.map(|l| date(l, day)),
            ["2026\u{a0}жылғы 5\u{a0}наурыз", "5 марта 2026", "5 March 2026"]
        );
        assert_eq!(
            THREE.map(|l| date_of(l, day)),
            ["2026\u{a0}жылғы 5\u{a0}наурыздағы", "5 марта 2026 года", "5 March 2026"]
        );
        assert_eq!(THREE.map(|l| short_date(l, day)), ["5 наурыз", "5 марта", "5 March"]);
        assert_eq!(
            THREE.map(|l| date_weekday(l, day)),
            [
                "2026\u{a0}жылғы 5\u{a0}наурыз, бейсенбі",
                "четверг, 5 марта 2026",
                "Thursday, 5 March 2026"
            ]
        );
        let moment = Timestamp::parse("2026-03-05T13:00:00Z").unwrap();
        assert_eq!(
            THREE.map(|l| date_time(l, moment)),
            [
                "2026\u{a0}жылғы 5\u{a0}наурыз, сағат 18:00",
                "5 марта 2026 года, 18:00",
                "5 March 2026, 18:00"
            ]
        );
    }

    #[test]
    fn every_month_and_weekday_has_a_name() {
        for lang in Lang::ALL {
            assert!((1..=12).all(|n| !month(lang, n).is_empty()));
            let monday = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
            assert!(monday.iter_days().take(7).all(|day| !weekday(lang, day).is_empty()));
        }
    }

    #[test]
    fn terms() {
        let all = |n| THREE.map(|lang| days_left(lang, n));
        assert_eq!(all(-3), ["Мерзімі аяқталды", "Срок закончился", "Ended"]);
        assert_eq!(all(0), ["Бүгін – соңғы күн", "Сегодня последний день", "Last day today"]);
        assert_eq!(all(1), ["Ертең – соңғы күн", "Завтра последний день", "Ends tomorrow"]);
        assert_eq!(all(2), ["2 күн қалды", "осталось 2 дня", "2 days left"]);
        assert_eq!(all(5), ["5 күн қалды", "осталось 5 дней", "5 days left"]);
        assert_eq!(all(21), ["21 күн қалды", "остался 21 день", "21 days left"]);
        let all = |n| THREE.map(|lang| working_days_left(lang, n));
        assert_eq!(all(1), ["1 жұмыс күні қалды", "остался 1 рабочий день", "1 working day left"]);
        assert_eq!(
            all(5),
            ["5 жұмыс күні қалды", "осталось 5 рабочих дней", "5 working days left"]
        );
    }

    #[test]
    fn salaries() {
        let plain = |text: [String; 3]| text.map(|text| text.replace('\u{a0}', " "));
        let (a, b) = (Some(180_000), Some(250_000));
        assert_eq!(
            plain(THREE.map(|lang| salary(lang, a, b))),
            ["180 000 – 250 000 ₸", "180 000 – 250 000 ₸", "180,000 – 250,000 ₸"]
        );
        assert_eq!(
            plain(THREE.map(|lang| salary_words(lang, a, b))),
            [
                "180 000 ₸-ден 250 000 ₸-ге дейін",
                "от 180 000 до 250 000 ₸",
                "from 180,000 to 250,000 ₸"
            ]
        );
        assert_eq!(
            plain(THREE.map(|lang| salary(lang, a, None))),
            ["180 000 ₸-ден бастап", "от 180 000 ₸", "from 180,000 ₸"]
        );
        assert_eq!(
            plain(THREE.map(|lang| salary(lang, None, b))),
            ["250 000 ₸-ге дейін", "до 250 000 ₸", "up to 250,000 ₸"]
        );
        assert_eq!(plain([salary(Lang::Ru, a, a), "".into(), "".into()])[0], "180 000 ₸");
        assert_eq!(salary(Lang::Kk, None, None), "Жалақы көрсетілмеген");
    }

    #[test]
    fn texts_are_complete() {
        for (key, texts) in locale::FORMAT.entries() {
            assert!(texts.iter().all(|text| !text.trim().is_empty()), "{key}");
        }
    }
}
