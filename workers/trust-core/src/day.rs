//! Days. Nothing in this protocol knows a finer time.

/// A day as the number of days since 1970-01-01, counted in the time of Astana (UTC+5).
pub type Day = u32;

/// The day of a moment, from milliseconds since 1970 UTC. The rest of the moment is dropped.
pub const fn of_millis(millis: i64) -> Day {
    let shifted = millis + 5 * 3_600_000;
    if shifted < 0 { 0 } else { (shifted / 86_400_000) as Day }
}

/// The hour in Astana, 0 to 23: only the worker's clockwork asks, and keeps no answer.
pub const fn hour_of_millis(millis: i64) -> u32 {
    ((millis + 5 * 3_600_000).rem_euclid(86_400_000) / 3_600_000) as u32
}

/// Year, month, day of a day.
pub const fn civil(day: Day) -> (u32, u32, u32) {
    // Years are counted from March, so that the leap day is the last of its year.
    let days = day + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, date)
}

/// The day of a date; `None` if there is no such date or it lies before 1970.
pub fn from_civil(year: u32, month: u32, date: u32) -> Option<Day> {
    if !(1970..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || date == 0
        || date > last_of_month(year, month)
    {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted / 400;
    let of_era = shifted % 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + date - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    days.checked_sub(719_468)
}

/// `YYYY-MM-DD`.
pub fn text(day: Day) -> String {
    let (year, month, date) = civil(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Reads `YYYY-MM-DD`.
pub fn parse(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let number = |from: usize, to: usize| {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    from_civil(number(0, 4)?, number(5, 7)?, number(8, 10)?)
}

/// The same date so many months later, or the last of that month when it is shorter.
pub fn plus_months(day: Day, months: u32) -> Day {
    let (year, month, date) = civil(day);
    let all = year * 12 + month - 1 + months;
    let (year, month) = (all / 12, all % 12 + 1);
    from_civil(year, month, date.min(last_of_month(year, month))).unwrap_or(day)
}

const fn last_of_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_two_centuries_is_read_as_it_is_written() {
        let mut before = String::new();
        for day in 0..73_049 {
            let shown = text(day);
            assert!(before < shown, "{shown}");
            assert_eq!(parse(&shown), Some(day));
            before = shown;
        }
        assert_eq!(before, "2169-12-31");
        assert_eq!(parse("2026-11-22"), Some(20_779));
    }

    #[test]
    fn a_day_begins_at_midnight_in_astana() {
        // 2026-11-22T18:59:59.999Z and the next millisecond.
        let midnight = 20_780_i64 * 86_400_000 - 5 * 3_600_000;
        assert_eq!(text(of_millis(midnight - 1)), "2026-11-22");
        assert_eq!(text(of_millis(midnight)), "2026-11-23");
        assert_eq!(hour_of_millis(midnight), 0);
        assert_eq!(hour_of_millis(midnight - 1), 23);
    }

    #[test]
    fn months_end_where_they_end() {
        for (from, months, to) in [
            ("2026-11-22", 3, "2027-02-22"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2027-11-30", 3, "2028-02-29"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-12-31", 36, "2029-12-31"),
        ] {
            assert_eq!(parse(from).map(|day| text(plus_months(day, months))).as_deref(), Some(to));
        }
        for bad in
            ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-011", "+026-01-01"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
