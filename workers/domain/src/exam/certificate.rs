//! The certificate of the result (Order 83, annex 11): who, when, where, how much of what, and a
//! code under which anybody can check it.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{rules::Edition, score::Report};
use crate::shared::lang::{Lang, Text};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code on the certificate: 75 random bits and a check, four groups of four. Long enough that
/// nobody finds one by trying, short enough to be read out.
pub fn code(random: [u8; 10]) -> String {
    let mut bits = random.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte)) >> 5;
    let mut letters = [0_u8; 16];
    for place in letters[..15].iter_mut().rev() {
        *place = (bits & 31) as u8;
        bits >>= 5;
    }
    letters[15] = check(&letters[..15]);
    let text = |part: &[u8]| -> String {
        part.iter().map(|value| char::from(ALPHABET[usize::from(*value)])).collect()
    };
    letters.chunks(4).map(text).collect::<Vec<_>>().join("-")
}

/// Every letter has another odd weight, so that one wrong letter always shows.
fn check(letters: &[u8]) -> u8 {
    let sum =
        letters.iter().zip(0_u32..).fold(0_u32, |sum, (v, n)| sum + u32::from(*v) * (2 * n + 1));
    (sum % 32) as u8
}

/// A code as people type it: spaces, dashes and case do not matter, nor O for 0, I and L for 1.
/// `None` where it cannot be one: a slip is told apart from a certificate that does not exist.
pub fn parse(text: &str) -> Option<String> {
    if text.len() > 60 {
        return None;
    }
    let read = |c: char| {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        ALPHABET.iter().position(|have| char::from(*have) == c).map(|value| value as u8)
    };
    let letters = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2013}' | '\u{2014}'))
        .map(read)
        .collect::<Option<Vec<u8>>>()?;
    if letters.len() != 16 || check(&letters[..15]) != letters[15] {
        return None;
    }
    let text = letters.iter().map(|v| char::from(ALPHABET[usize::from(*v)])).collect::<Vec<_>>();
    Some(text.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// A row of the table: a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Its name.
    pub title: Text,
    /// Tasks.
    pub tasks: u32,
    /// Points that could be had, hundredths.
    pub most: i64,
    /// Points, hundredths, rounded down.
    pub points: i64,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The code.
    pub code: String,
    /// Name of the person.
    pub name: String,
    /// Day of the test.
    pub day: NaiveDate,
    /// City, and the place of the test.
    pub place: Text,
    /// Subject or group of posts.
    pub subject: Text,
    /// Language of the test.
    pub lang: Lang,
    /// Modules.
    pub modules: Vec<Module>,
    /// Points in total, hundredths.
    pub points: i64,
    /// Points that could be had, hundredths.
    pub most: i64,
    /// Code of the highest category reached.
    pub reached: Option<String>,
    /// Last day on which it holds.
    pub valid_to: NaiveDate,
    /// Edition of the rules.
    pub edition: String,
    /// Number of the result: 1, and one more each time that an appeal changed it.
    pub version: u32,
}

/// Who sat where.
#[derive(Debug, Clone)]
pub struct Sitting<'a> {
    /// Name of the person.
    pub name: &'a str,
    /// Day of the test.
    pub day: NaiveDate,
    /// City and place.
    pub place: &'a Text,
    /// Subject or group of posts.
    pub subject: &'a Text,
    /// Language.
    pub lang: Lang,
}

/// Writes a certificate out. `titles` are those of the sections.
pub fn write(
    code: String,
    sitting: &Sitting,
    titles: &[Text],
    report: &Report,
    edition: &Edition,
    version: u32,
) -> Certificate {
    let hundredths = |millionths: i64| millionths / 10_000;
    let modules = report.sections.iter().zip(titles).map(|(sum, title)| Module {
        title: title.clone(),
        tasks: sum.tasks,
        most: hundredths(sum.most),
        points: hundredths(sum.points),
    });
    let years = Months::new(edition.certificate.years.value * 12);
    // Valid for a year from the day: the day of the same date is the first on which it is not.
    let ends = sitting.day.checked_add_months(years).and_then(|day| day.pred_opt());
    Certificate {
        code,
        name: sitting.name.to_owned(),
        day: sitting.day,
        place: sitting.place.clone(),
        subject: sitting.subject.clone(),
        lang: sitting.lang,
        modules: modules.collect(),
        points: hundredths(report.total.points),
        most: hundredths(report.total.most),
        reached: report.reached.clone(),
        valid_to: ends.unwrap_or(sitting.day),
        edition: edition.edition.clone(),
        version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exam::{rules::editions, score::Sum};

    #[test]
    fn a_code_is_read_as_people_type_it_and_one_wrong_letter_shows() {
        for seed in 0..50_u8 {
            let code = code([seed.wrapping_mul(37); 10]);
            assert_eq!(code.len(), 19);
            assert_eq!(parse(&code).as_deref(), Some(code.as_str()));
            let spoken = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(parse(&spoken).as_deref(), Some(code.as_str()));
            for (at, letter) in code.char_indices().filter(|(_, c)| *c != '-') {
                let other = if letter == '7' { "8" } else { "7" };
                let mut slip = code.clone();
                slip.replace_range(at..=at, other);
                assert_eq!(parse(&slip), None, "{code} {slip}");
            }
        }
        for bad in ["", "----", "0000-0000-0000-000", "ÄÄÄÄ", &"0".repeat(61)] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_table_has_a_row_a_module_and_a_year_holds() {
        let sum = |points, most| Sum { tasks: 20, right: 1, points, most };
        let report = Report {
            lines: Vec::new(),
            sections: vec![sum(12_333_333, 20_000_000), sum(30_000_000, 30_000_000)],
            total: sum(42_333_333, 50_000_000),
            reached: Some("researcher".into()),
            passed: None,
        };
        let text = Text::new("Пән", "Предмет");
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let sitting =
            Sitting {
                name: "Әлия Ғани", day, place: &text, subject: &text, lang: Lang::Kk
            };
        let titles = [text.clone(), text.clone()];
        let paper = write(code([1; 10]), &sitting, &titles, &report, &editions()[0], 1);
        assert_eq!(paper.modules.len(), 2);
        assert_eq!((paper.modules[0].points, paper.modules[0].most), (1233, 2000));
        assert_eq!((paper.points, paper.most), (4233, 5000));
        assert_eq!(paper.valid_to, NaiveDate::from_ymd_opt(2027, 11, 21).unwrap());
        let leap = Sitting { day: NaiveDate::from_ymd_opt(2028, 2, 29).unwrap(), ..sitting };
        let paper = write(String::new(), &leap, &titles, &report, &editions()[0], 1);
        assert_eq!(paper.valid_to, NaiveDate::from_ymd_opt(2029, 2, 27).unwrap());
    }
}
