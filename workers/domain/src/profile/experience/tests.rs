use super::*;
use crate::profile::settings::settings;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> &'static Counting {
    &settings().unwrap().experience
}

fn period(from: &str, to: &str) -> Period {
    Period { from: day(from), to: (!to.is_empty()).then(|| day(to)) }
}

fn span(years: u32, months: u32, days: u32) -> Span {
    Span { years, months, days }
}

#[test]
fn counts_as_a_personnel_office_does() {
    let on = day("2026-11-02");
    let table: &[(&[(&str, &str)], Span)] = &[
        (&[], span(0, 0, 0)),
        (&[("2026-11-02", "2026-11-02")], span(0, 0, 1)),
        (&[("2020-09-01", "2021-08-31")], span(1, 0, 0)),
        (&[("2020-01-15", "2020-03-14")], span(0, 2, 0)),
        // A leap year's day, a month without a 31st.
        (&[("2020-02-29", "2021-02-28")], span(1, 0, 1)),
        (&[("2021-01-31", "2021-02-28")], span(0, 1, 1)),
        // A job that goes on is counted up to and with the day.
        (&[("2025-11-03", "")], span(1, 0, 0)),
        // The days of two periods make a month of thirty.
        (&[("2020-01-01", "2020-01-20"), ("2021-01-01", "2021-01-20")], span(0, 1, 10)),
        // Two jobs at the same time.
        (&[("2020-09-01", "2021-08-31"), ("2021-01-01", "2021-08-31")], span(1, 0, 0)),
        // One that begins after the day does not count yet.
        (&[("2027-01-01", "")], span(0, 0, 0)),
        // A last day in the future does not count further than today.
        (&[("2025-11-03", "2030-01-01")], span(1, 0, 0)),
        // A period that ends before it begins counts nothing.
        (&[("2020-05-05", "2019-01-01")], span(0, 0, 0)),
    ];
    for (periods, expected) in table {
        let list: Vec<_> = periods.iter().map(|(from, to)| period(from, to)).collect();
        assert_eq!(count(&list, on, rules()), *expected, "{periods:?}");
    }
}

#[test]
fn gaps_name_their_days() {
    let on = day("2026-11-02");
    let list = [
        period("2015-09-01", "2016-05-31"),
        period("2016-06-30", "2018-08-31"), // 29 days: no gap
        period("2019-01-15", "2026-06-30"),
    ];
    let found = gaps(&list, on, rules());
    assert_eq!(
        found,
        [
            Gap { from: day("2018-09-01"), to: Some(day("2019-01-14")), days: 136 },
            Gap { from: day("2026-07-01"), to: None, days: 125 },
        ]
    );
    assert_eq!(gaps(&[period("2019-01-15", "")], on, rules()), []);
}

#[test]
fn what_only_explains_a_gap_is_not_counted() {
    let on = day("2026-11-02");
    let work = |occupation: &str, from: &str, to: &str| Work {
        occupation: occupation.into(),
        from: Some(day(from)),
        to: (!to.is_empty()).then(|| day(to)),
        pedagogical: occupation == "job",
        administrative: false,
    };
    let records =
        [work("job", "2020-01-01", "2020-12-31"), work("family_care", "2021-01-01", "2026-11-02")];
    let found = of(&records, on, rules());
    assert_eq!((found.total, found.pedagogical), (span(1, 0, 0), span(1, 0, 0)));
    assert_eq!((found.gaps.len(), found.open_jobs), (0, 0));
}

/// SplitMix64: the same cases in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

fn days(span: Span) -> u32 {
    (span.years * 12 + span.months) * 30 + span.days
}

#[test]
fn whatever_the_records_are() {
    let on = day("2026-11-02");
    let start = day("1990-01-01");
    let mut random = Random(2026);
    for _ in 0..2_000 {
        let mut list: Vec<Period> = (0..1 + random.below(6))
            .map(|_| {
                let from = start + Days::new(random.below(13_000));
                let to = from + Days::new(random.below(2_500));
                Period { from, to: (random.below(8) > 0).then_some(to) }
            })
            .collect();
        let whole = count(&list, on, rules());
        let all_gaps = gaps(&list, on, rules());
        // The order does not matter.
        list.reverse();
        let turn = random.below(list.len() as u64) as usize;
        list.rotate_left(turn);
        assert_eq!(
            (count(&list, on, rules()), gaps(&list, on, rules())),
            (whole, all_gaps.clone())
        );
        // A copy of a record, or a part of it, changes nothing.
        let copy = list[0];
        let part = Period { from: copy.from, to: Some(copy.from.min(on)) };
        let mut more = list.clone();
        more.extend([copy, part]);
        assert_eq!(count(&more, on, rules()), whole, "{list:?}");
        // Neither does cutting a period in two.
        let last = copy.to.unwrap_or(on);
        if last > copy.from {
            let length = days_between(copy.from, last) as u64;
            let cut = copy.from + Days::new(random.below(length));
            let mut halves = list.clone();
            halves[0] = Period { from: copy.from, to: Some(cut) };
            halves.push(Period { from: cut + Days::new(1), to: copy.to });
            assert_eq!(count(&halves, on, rules()), whole, "{list:?} cut at {cut}");
            assert_eq!(gaps(&halves, on, rules()), all_gaps);
        }
        // Together never longer than one by one, and never shorter than the longest.
        let alone: Vec<u32> = list.iter().map(|one| days(count(&[*one], on, rules()))).collect();
        let (sum, longest) = (alone.iter().sum::<u32>(), alone.iter().max().copied());
        // Merged periods are counted by the calendar, so a month may be a day longer or shorter.
        let slack = 6 * list.len() as u32 + sum / 60;
        assert!(days(whole) <= sum + slack, "{list:?}");
        assert!(days(whole) + slack >= longest.unwrap_or_default(), "{list:?}");
        // More can only be more.
        let later = on + Days::new(400);
        assert!(count(&list, later, rules()) >= whole);
    }
}
