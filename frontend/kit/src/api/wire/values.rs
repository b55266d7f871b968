//! Numbers, texts, lists, days and moments as JSON.

use chrono::{Datelike, NaiveDate};
use domain::shared::time::Timestamp;

use super::{FromJson, ToJson};
use crate::json::Json;

impl FromJson for Json {
    fn from_json(value: Json) -> Option<Json> {
        Some(value)
    }
    fn absent() -> Option<Json> {
        Some(Json::Null)
    }
}

impl ToJson for Json {
    fn to_json(&self) -> Json {
        self.clone()
    }
}

impl FromJson for String {
    fn from_json(value: Json) -> Option<String> {
        match value {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
    fn absent() -> Option<String> {
        Some(String::new())
    }
}
impl ToJson for String {
    fn to_json(&self) -> Json {
        Json::Text(self.clone())
    }
}

impl FromJson for bool {
    fn from_json(value: Json) -> Option<bool> {
        match value {
            Json::Bool(value) => Some(value),
            _ => None,
        }
    }
    fn absent() -> Option<bool> {
        Some(false)
    }
}
impl ToJson for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}

fn digits(value: Json) -> Option<String> {
    match value {
        Json::Number(digits) => Some(digits),
        _ => None,
    }
}

impl FromJson for i64 {
    fn from_json(value: Json) -> Option<i64> {
        // D1 answers whole numbers as `5.0` where it has counted in fractions.
        let digits = digits(value)?;
        digits.strip_suffix(".0").unwrap_or(&digits).parse().ok()
    }
}
impl FromJson for u32 {
    fn from_json(value: Json) -> Option<u32> {
        i64::from_json(value)?.try_into().ok()
    }
}
impl FromJson for u16 {
    fn from_json(value: Json) -> Option<u16> {
        i64::from_json(value)?.try_into().ok()
    }
    fn absent() -> Option<u16> {
        Some(0)
    }
}
impl FromJson for f64 {
    fn from_json(value: Json) -> Option<f64> {
        crate::browser::number_from(&digits(value)?)
    }
}
impl ToJson for i64 {
    fn to_json(&self) -> Json {
        Json::Number(self.to_string())
    }
}
impl ToJson for u32 {
    fn to_json(&self) -> Json {
        i64::from(*self).to_json()
    }
}
impl ToJson for f64 {
    fn to_json(&self) -> Json {
        Json::Number(crate::browser::number_text(*self))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Json) -> Option<Option<T>> {
        match value {
            Json::Null => Some(None),
            value => T::from_json(value).map(Some),
        }
    }
    fn absent() -> Option<Option<T>> {
        Some(None)
    }
}
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, ToJson::to_json)
    }
}

#[inline(never)]
fn each(value: Json, take: &mut dyn FnMut(Json) -> Option<()>) -> Option<()> {
    let Json::List(items) = value else { return None };
    for item in items {
        take(item)?;
    }
    Some(())
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Json) -> Option<Vec<T>> {
        let mut all = Vec::new();
        each(value, &mut |item| T::from_json(item).map(|item| all.push(item))).map(|()| all)
    }
    fn absent() -> Option<Vec<T>> {
        Some(Vec::new())
    }
}
impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(ToJson::to_json).collect())
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(value: Json) -> Option<Box<T>> {
        T::from_json(value).map(Box::new)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(value: Json) -> Option<(A, B)> {
        let Json::List(items) = value else { return None };
        let [a, b]: [Json; 2] = items.try_into().ok()?;
        Some((A::from_json(a)?, B::from_json(b)?))
    }
}

/// `2026-03-05`.
pub fn day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `2026-03-05T13:30:00.000Z`, with any offset.
pub fn moment(text: &str) -> Option<Timestamp> {
    let (date, clock) = text.split_once('T')?;
    let cut = clock.find(['Z', '+', '-'])?;
    let (clock, offset) = clock.split_at_checked(cut)?;
    let mut parts = clock.splitn(3, [':', '.']);
    let (hours, minutes, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (seconds, part) = rest.split_once('.').unwrap_or((rest, ""));
    let number = |text: &str| text.parse::<i64>().ok();
    let mut part = part.to_owned();
    while part.len() < 3 {
        part.push('0');
    }
    let days = i64::from(day(date)?.num_days_from_ce()) - DAYS_TO_1970;
    let minutes = (days * 24 + number(hours)?) * 60 + number(minutes)? - shift(offset)?;
    let seconds = minutes * 60 + number(seconds)?;
    Some(Timestamp::from_millis(seconds * 1000 + number(part.get(..3)?)?))
}

const DAYS_TO_1970: i64 = 719_163;

/// Minutes of an offset: `+05:00`.
fn shift(text: &str) -> Option<i64> {
    let Some((hours, minutes)) = text.get(1..)?.split_once(':') else {
        return (text == "Z").then_some(0);
    };
    let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some(if text.starts_with('-') { -minutes } else { minutes })
}

impl FromJson for NaiveDate {
    fn from_json(value: Json) -> Option<NaiveDate> {
        day(value.text())
    }
}
impl ToJson for NaiveDate {
    fn to_json(&self) -> Json {
        Json::Text(crate::text::iso(*self))
    }
}
impl FromJson for Timestamp {
    fn from_json(value: Json) -> Option<Timestamp> {
        moment(value.text())
    }
}
impl ToJson for Timestamp {
    fn to_json(&self) -> Json {
        use chrono::Timelike;
        let local = self.local();
        let two = |n: u32| crate::text::padded(n, 2);
        Json::Text(format!(
            "{}T{}:{}:{}.{}+05:00",
            crate::text::iso(local.date()),
            two(local.hour()),
            two(local.minute()),
            two(local.second()),
            crate::text::padded((self.millis().rem_euclid(1000)) as u32, 3),
        ))
    }
}
