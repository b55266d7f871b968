//! A vacancy in a list.

use domain::{
    search::api::{Card, Facet},
    shared::{
        format,
        lang::Lang,
        time::{Timestamp, days_between},
    },
};

use super::page::TEXTS;

/// What a card shows.
pub struct CardView {
    /// Address without language.
    pub rest: String,
    /// Title.
    pub title: String,
    /// Organisation.
    pub organisation: String,
    /// Place, and how far it is where that was asked.
    pub place: String,
    /// Pay, or empty.
    pub pay: String,
    /// Part of a full post, or empty for a full one.
    pub rate: String,
    /// Days left in words.
    pub left: String,
    /// Class of the days left.
    pub tone: &'static str,
    /// Names of help and relief.
    pub extras: Vec<String>,
}

/// The views of cards. Names of help and relief come from the facet `extra`.
pub fn views(lang: Lang, now: Timestamp, cards: &[Card], facets: &[Facet]) -> Vec<CardView> {
    let names = facets.iter().find(|facet| facet.name == "extra").map(|facet| &facet.values);
    cards
        .iter()
        .map(|card| {
            let (left, tone) = left(lang, now, card);
            let name = |code: &String| {
                names?.iter().find(|value| value.code == *code).map(|value| value.name.clone())
            };
            CardView {
                rest: format!("/vacancies/{}", card.slug),
                title: card.title.clone(),
                organisation: card.organisation.clone(),
                place: match card.km {
                    Some(km) => {
                        let km = format!("{:.0}", km.max(0.0));
                        format!("{} · {}", card.place, TEXTS.fill(lang, "card.km", &[("n", &km)]))
                    }
                    None => card.place.clone(),
                },
                pay: pay(lang, card.salary_from, card.salary_to),
                rate: rate(lang, card.rate),
                left,
                tone,
                extras: card.extras.iter().filter_map(name).take(2).collect(),
            }
        })
        .collect()
}

/// What is left until the last day, and how urgent it is: three days are the last ones.
fn left(lang: Lang, now: Timestamp, card: &Card) -> (String, &'static str) {
    let days = days_between(now.day(), card.accept_to);
    let over = card.closes_at <= now;
    let words = format::days_left(lang, if over { -1 } else { days });
    let tone = match days {
        _ if over => "mute",
        ..=1 => "late",
        2..=3 => "wait",
        _ => "",
    };
    let date = format::short_date(lang, card.accept_to);
    (format!("{words} · {date}"), tone)
}

/// Pay, or nothing where none is stated.
pub fn pay(lang: Lang, from: Option<i64>, to: Option<i64>) -> String {
    if from.is_none() && to.is_none() { String::new() } else { format::salary(lang, from, to) }
}

/// `0,5 ставки`; a full post goes without saying.
pub fn rate(lang: Lang, hundredths: u32) -> String {
    if hundredths == 100 || hundredths == 0 {
        return String::new();
    }
    TEXTS.fill(lang, "card.rate", &[("n", &decimal(lang, hundredths))])
}

/// Hundredths as people write them: `0,5`, `1,25`; `0.5` in English.
pub fn decimal(lang: Lang, hundredths: u32) -> String {
    let comma = if lang == Lang::En { '.' } else { ',' };
    let text = format!("{}{comma}{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches(comma).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_written_as_people_do() {
        assert_eq!(decimal(Lang::Ru, 50), "0,5");
        assert_eq!(decimal(Lang::En, 125), "1.25");
        assert_eq!(decimal(Lang::Kk, 100), "1");
        assert_eq!(rate(Lang::Kk, 100), "");
    }
}
