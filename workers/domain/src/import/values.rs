//! Numbers and short answers as people write them.

use chrono::Datelike;

use super::{
    cell::Cell,
    words::{begins, tokens, words},
};
use crate::shared::{fold::fold, phone::Phone};

/// Whether a cell says that it has nothing to say.
pub(super) fn is_blank(text: &str) -> bool {
    let folded = fold(text);
    folded.is_empty() || words().empty.contains(&folded)
}

/// The numbers of a text in order, each with whether a minus stands right before it.
/// `1 234,5` is one number where the groups are thousands; `-` between numbers is a range.
fn numbers(text: &str) -> Vec<(f64, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let before = at.checked_sub(1).and_then(|place| chars.get(place));
        let minus = matches!(before, Some('-' | '−' | '–'))
            && chars
                .get(..at.saturating_sub(1))
                .is_some_and(|rest| !rest.iter().any(char::is_ascii_digit));
        let mut number = String::new();
        while let Some(c) = chars.get(at) {
            let group = |from: usize| (from..from + 3).all(digit) && !digit(from + 3);
            match c {
                c if c.is_ascii_digit() => number.push(*c),
                ' ' | '\u{a0}' | '\u{202f}' | '\'' | '.' | ','
                    if group(at + 1) && number.len() <= 3
                        || (matches!(c, ' ' | '\u{a0}' | '\u{202f}') && group(at + 1)) => {}
                '.' | ',' if digit(at + 1) && !number.contains('.') => number.push('.'),
                _ => break,
            }
            at += 1;
        }
        out.push((number.parse().unwrap_or(f64::MAX), minus));
    }
    out
}

/// The first decimal number of a text; a comma or a full stop is the decimal point.
fn decimal(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?.replace(',', ".");
    let point = |at: usize| {
        rest.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let inside = |at: usize, c: char| c.is_ascii_digit() || (c == '.' && point(at));
    let end = rest.char_indices().find(|(at, c)| !inside(*at, *c)).map_or(rest.len(), |(at, _)| at);
    rest.get(..end)?.parse().ok()
}

/// A rate in hundredths. Errors: `rate_unreadable`, `rate_out_of_range`, `rate_step`.
pub(super) fn rate(cell: &Cell) -> Result<Option<u32>, &'static str> {
    let text = fold(&cell.text());
    let value = match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => *number,
        // A spreadsheet takes "1.5" for the first of May.
        Cell::Date(day) if day.day() <= 2 && day.month() == 5 => f64::from(day.day()) + 0.5,
        Cell::Date(_) | Cell::Flag(_) => return Err("rate_unreadable"),
        Cell::Text(_) if is_blank(&text) => return Ok(None),
        Cell::Text(_) => {
            let has = |beginning: &str| begins(&text, &[fold(beginning)]);
            let number = decimal(&text);
            let fraction = ["1/2", "½"].iter().any(|half| text.contains(half)).then_some(0.5);
            let fraction = fraction
                .or_else(|| ["1/4", "¼"].iter().any(|q| text.contains(q)).then_some(0.25))
                .or_else(|| ["3/4", "¾"].iter().any(|q| text.contains(q)).then_some(0.75));
            match (fraction, number) {
                (Some(fraction), _) => fraction,
                (_, Some(number)) if text.contains('%') => number / 100.0,
                (_, Some(number)) if text.trim_start().starts_with(['-', '−']) => -number,
                (_, Some(number)) => number,
                _ if has("полтор") || has("бір жарым") => 1.5,
                _ if has("жарты") || has("половин") || has("полстав") || has("пол ") => {
                    0.5
                }
                _ if has("цел") || has("толық") || has("полн") || has("бір") || has("одн") => {
                    1.0
                }
                _ => return Err("rate_unreadable"),
            }
        }
    };
    let hundredths = (value * 100.0).round();
    if !(1.0..=200.0).contains(&hundredths) {
        return Err("rate_out_of_range");
    }
    let hundredths = hundredths as u32;
    if hundredths.is_multiple_of(25) { Ok(Some(hundredths)) } else { Err("rate_step") }
}

/// A whole number between two bounds: hours, openings, years.
pub(super) fn whole(cell: &Cell, least: u32, most: u32) -> Result<Option<u32>, ()> {
    let text = cell.text();
    if is_blank(&text) {
        return Ok(None);
    }
    let value = match cell {
        Cell::Date(_) | Cell::Flag(_) => return Err(()),
        Cell::Number(number) => *number,
        _ => decimal(&text).ok_or(())?,
    };
    let fits = value.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&value);
    if fits { Ok(Some(value as u32)) } else { Err(()) }
}

/// Pay: from, to.
pub(super) type Pay = (Option<i64>, Option<i64>);

/// Pay a month in tenge. `thousands` says that the heading counts in thousands. One figure is
/// both ends; words instead of a figure are no mistake (`Ok` of nothing, and the flag).
///
/// Errors: `salary_unreadable`, `salary_negative`, `salary_order`, `salary_out_of_range`.
pub(super) fn salary(cell: &Cell, thousands: bool) -> Result<(Pay, bool), &'static str> {
    let text = fold(&cell.text());
    if is_blank(&text) {
        return Ok(((None, None), false));
    }
    if matches!(cell, Cell::Date(_) | Cell::Flag(_)) {
        return Err("salary_unreadable");
    }
    let found = numbers(&text);
    if found.iter().any(|(_, minus)| *minus) || matches!(cell, Cell::Number(n) if *n < 0.0) {
        return Err("salary_negative");
    }
    if found.is_empty() {
        let in_words = begins(&text, &words().pay_in_words);
        return if in_words { Ok(((None, None), true)) } else { Err("salary_unreadable") };
    }
    let has = |list: &[&str]| list.iter().any(|word| begins(&text, &[fold(word)]));
    let times = if has(&["млн"]) {
        1_000_000.0
    } else if thousands
        || has(&["тыс", "мың", "thousand"])
        || text.contains("тыс")
        || text.contains("мын")
    {
        1000.0
    } else {
        1.0
    };
    let sums: Vec<i64> = found
        .iter()
        .map(|(number, _)| {
            (if *number < 10_000.0 { number * times } else { *number }).round() as i64
        })
        .collect();
    if sums.iter().any(|sum| !(10_000..=10_000_000).contains(sum)) {
        return Err("salary_out_of_range");
    }
    let open_below = has(&["от", "бастап", "from", "кемінде", "не менее", "тенгеден", "тенгедан"])
        || ["нан", "ден", "дан", "тан", "тен"]
            .iter()
            .any(|ending| text.ends_with(&format!("-{ending}")));
    let open_above = has(&["до", "дейін", "up to", "шейін"]);
    match sums.as_slice() {
        [one] if open_below => Ok(((Some(*one), None), false)),
        [one] if open_above => Ok(((None, Some(*one)), false)),
        [one] => Ok(((Some(*one), Some(*one)), false)),
        [from, to] if from <= to => Ok(((Some(*from), Some(*to)), false)),
        [_, _] => Err("salary_order"),
        _ => Err("salary_unreadable"),
    }
}

/// A language of instruction; two of kk and ru are the mixed one. Errors: `language_unknown`.
pub(super) fn language(text: &str) -> Result<Option<String>, &'static str> {
    if is_blank(text) {
        return Ok(None);
    }
    let folded = fold(text);
    let found: Vec<&String> = words()
        .languages
        .iter()
        .filter(|(_, beginnings)| begins(&folded, beginnings))
        .map(|(code, _)| code)
        .collect();
    match found.as_slice() {
        [one] => Ok(Some((*one).clone())),
        several if several.iter().any(|code| *code == "mixed") => Ok(Some("mixed".into())),
        [a, b] if *a == "kk" && *b == "ru" => Ok(Some("mixed".into())),
        _ => Err("language_unknown"),
    }
}

/// Yes or no; `None` for anything else.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    let folded = fold(text);
    let is = |list: &[String]| list.contains(&folded);
    if is(&words().yes) {
        Some(true)
    } else if folded.is_empty() || is(&words().no) {
        Some(false)
    } else {
        None
    }
}

/// Codes of the directory `extra` that a remark speaks of.
pub(super) fn extras(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found = Vec::new();
    for (code, ways) in &words().extras {
        let said = ways
            .iter()
            .any(|way| way.iter().all(|word| begins(&folded, std::slice::from_ref(word))));
        // "Тұрғын үй берілмейді" promises nothing; a word of the promise itself is no denial.
        let denied = code == "housing"
            && tokens(text).iter().any(|token| words().negations.contains(&token.word));
        if said && !denied {
            found.push(code.clone());
        }
    }
    found
}

/// A code of the directory `schedule`.
pub(super) fn schedule(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    ["shift", "part", "full"].into_iter().find(|code| {
        words().schedules.get(*code).is_some_and(|beginnings| begins(&folded, beginnings))
    })
}

/// The first phone of a cell that may hold several, with words around them.
pub(super) fn phone(text: &str) -> Result<Option<String>, ()> {
    if is_blank(text) {
        return Ok(None);
    }
    let mut seen = false;
    for part in text.split([',', ';', '\n']).flat_map(|part| part.split(" / ")) {
        let plain: String = part
            .chars()
            .skip_while(|c| !c.is_ascii_digit() && *c != '+')
            .take_while(|c| !c.is_alphabetic())
            .collect();
        let plain = plain.trim_end_matches(|c: char| !c.is_ascii_digit());
        if let Ok(phone) = Phone::parse(plain) {
            return Ok(Some(phone.e164()));
        }
        seen = seen || !plain.is_empty();
    }
    Err(())
}

/// A contact that holds everything in one cell: name, phone, e-mail.
pub(super) fn contact(text: &str) -> (String, Option<String>, Option<String>) {
    let trim = |c: char| !c.is_alphanumeric();
    let email = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| trim(c)))
        .find(|word| word.contains('@'))
        .map(str::to_owned);
    let rest = match &email {
        Some(email) => text.replace(email.as_str(), " "),
        None => text.to_owned(),
    };
    let digits = rest.find(|c: char| c.is_ascii_digit() || c == '+');
    let number = digits.and_then(|at| rest.get(at..)).and_then(|rest| phone(rest).ok().flatten());
    let name = match (digits, &number) {
        (Some(at), Some(_)) => rest.get(..at).unwrap_or_default().to_owned(),
        _ => rest,
    };
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = ["тел.", "тел", "телефон", "байланыс", "email", "e-mail"].iter().fold(
        name,
        |name, word| match name.to_lowercase().rfind(word) {
            Some(at)
                if name.to_lowercase().len() == name.len()
                    && at + word.len()
                        >= name.trim_end_matches([':', ' ', '.', '(', ',']).len() =>
            {
                name.get(..at).unwrap_or_default().to_owned()
            }
            _ => name,
        },
    );
    (
        name.trim_matches(|c: char| matches!(c, ' ' | ',' | ';' | ':' | '(' | '-' | '–'))
            .to_owned(),
        number,
        email,
    )
}

#[cfg(test)]
mod tests;
