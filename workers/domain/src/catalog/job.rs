//! A vacancy for machines: JobPosting (schema.org, as search engines read it) and iCalendar
//! (RFC 5545).

use serde_json::{Value, json};

use super::{names::Names, site::Site};
use crate::{
    search::api::PublicVacancy,
    shared::{
        lang::{Lang, Text},
        time::Timestamp,
    },
    vacancy::model::{State, Term},
};

/// The mark-up of an open vacancy in a language, ready to stand inside `<script>`. A vacancy that
/// takes no documents has none: search engines demand that it goes.
pub fn posting(
    vacancy: &PublicVacancy,
    names: &Names,
    site: Site<'_>,
    lang: Lang,
) -> Option<String> {
    if vacancy.state != State::Published {
        return None;
    }
    let content = &vacancy.content;
    let organisation = &vacancy.organisation;
    let kato = |digits: usize| format!("{:0<9}", organisation.kato.get(..digits).unwrap_or(""));
    let street = if content.address.is_empty() { &organisation.address } else { &content.address };
    let mut employment =
        vec![if content.rate < 100 && content.rate > 0 { "PART_TIME" } else { "FULL_TIME" }];
    if content.term == Term::Temporary {
        employment.push("TEMPORARY");
    }
    let mut body = json!({
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": vacancy.title.get(lang),
        "description": description(vacancy, lang),
        "identifier": {
            "@type": "PropertyValue",
            "name": "Mansap",
            "value": vacancy.number.to_string(),
        },
        "url": site.absolute(lang, &format!("/vacancies/{}", vacancy.slug)),
        "datePosted": vacancy.published_at.map(|at| at.day().to_string()),
        "validThrough": vacancy.closes_at.map(Timestamp::rfc3339_local),
        "employmentType": employment,
        "hiringOrganization": {
            "@type": "Organization",
            "name": organisation.name.get(lang),
            "sameAs": site.absolute(lang, &format!("/organisations/{}", organisation.slug)),
        },
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": street.get(lang),
                "addressLocality": names.get(lang, "kato", &kato(4)),
                "addressRegion": names.get(lang, "kato", &kato(2)),
                "addressCountry": "KZ",
            },
        },
        "directApply": true,
        "totalJobOpenings": content.openings.max(1),
    });
    if content.salary_from.is_some() || content.salary_to.is_some() {
        let mut value = json!({ "@type": "QuantitativeValue", "unitText": "MONTH" });
        match (content.salary_from, content.salary_to) {
            (Some(from), Some(to)) if from != to => {
                value["minValue"] = from.into();
                value["maxValue"] = to.into();
            }
            (Some(from), None) => value["minValue"] = from.into(),
            (None, Some(to)) => value["maxValue"] = to.into(),
            (from, _) => value["value"] = from.into(),
        }
        body["baseSalary"] =
            json!({ "@type": "MonetaryAmount", "currency": "KZT", "value": value });
    }
    if content.experience > 0 {
        body["experienceRequirements"] = json!({
            "@type": "OccupationalExperienceRequirements",
            "monthsOfExperience": content.experience * 12,
        });
    }
    if let (Some(lat), Some(lon)) = (organisation.lat, organisation.lon) {
        body["jobLocation"]["geo"] =
            json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon });
    }
    Some(in_script(&body))
}

/// Duties, requirements and conditions as simple HTML.
fn description(vacancy: &PublicVacancy, lang: Lang) -> String {
    let content = &vacancy.content;
    let parts: [&Text; 4] =
        [&content.duties, &content.requirements, &content.conditions, &content.bonuses];
    let html: String = parts
        .iter()
        .map(|text| text.get(lang).trim())
        .filter(|text| !text.is_empty())
        .map(|text| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            format!("<p>{}</p>", text.replace('\n', "<br>"))
        })
        .collect();
    if html.is_empty() {
        format!("<p>{}</p>", vacancy.title.get(lang).replace('<', "&lt;"))
    } else {
        html
    }
}

/// JSON that cannot end the element it stands in.
fn in_script(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// The end of acceptance as a calendar file with a reminder a day before. `note` says in words
/// what it is.
pub fn calendar(vacancy: &PublicVacancy, site: Site<'_>, lang: Lang, note: &str) -> Option<String> {
    let ends = vacancy.closes_at?;
    let utc = |at: Timestamp| {
        let text: String = at.to_string().chars().filter(|c| !"-:".contains(*c)).collect();
        format!("{}Z", text.split('.').next().unwrap_or_default())
    };
    let host = site.origin.split("://").nth(1).unwrap_or("mansap");
    let url = site.absolute(lang, &format!("/vacancies/{}", vacancy.slug));
    let title = format!("{note}: {}", vacancy.title.get(lang));
    let place = format!(
        "{}, {}",
        vacancy.organisation.name.get(lang),
        vacancy.organisation.address.get(lang)
    );
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Mansap//Vacancies//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:vacancy-{}@{host}", vacancy.number),
        format!("DTSTAMP:{}", utc(vacancy.changed_at)),
        format!("DTSTART:{}", utc(ends)),
        format!("DTEND:{}", utc(ends)),
        format!("SUMMARY:{}", escape(&title)),
        format!("LOCATION:{}", escape(&place)),
        format!("DESCRIPTION:{}", escape(&url)),
        format!("URL:{url}"),
        "TRANSP:TRANSPARENT".to_owned(),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        format!("DESCRIPTION:{}", escape(&title)),
        "TRIGGER:-P1D".to_owned(),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    Some(lines.iter().map(|line| fold(line)).collect())
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

/// Lines are at most 75 octets; longer ones go on after CRLF and a space, never inside a letter.
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for character in line.chars() {
        if width + character.len_utf8() > 75 {
            out += "\r\n ";
            width = 1;
        }
        width += character.len_utf8();
        out.push(character);
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_letters() {
        let folded = fold(&format!("SUMMARY:{}", "қ".repeat(100)));
        assert!(folded.ends_with("\r\n"));
        assert!(folded.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(folded.replace("\r\n ", "").trim_end().chars().count(), 108);
    }

    #[test]
    fn texts_cannot_make_new_lines() {
        assert_eq!(escape("a\r\nb;c,d\\"), "a\\nb\\;c\\,d\\\\");
    }

    #[test]
    fn mark_up_cannot_end_its_element() {
        let text = in_script(&json!({ "a": "</script><!--&\u{2028}" }));
        assert!(!text.contains('<') && !text.contains('&') && !text.contains('\u{2028}'));
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["a"], "</script><!--&\u{2028}");
    }
}
