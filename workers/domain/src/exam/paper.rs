//! Answers that were written on paper, typed in afterwards as they were written: a letter, several, a
//! number with a letter, a word. Letters follow the order of the printed form, which is that of the
//! attempt, so what is read here is what the page would have sent.

use crate::bank::{
    answer::{Answer, number},
    body::{Gap, Opt, Task},
};

/// Longest text of a task.
pub const TEXT_MAX: usize = 4_000;

/// The letter of an option, from A; beyond Z with a number.
pub fn letter(at: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    if at < 26 { letter.to_string() } else { format!("{letter}{}", at / 26) }
}

/// What is typed of a task, for the form of whoever types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank {
    /// Code: `one`, `some`, `pairs`, `order`, `number`, `words`, `places`, `points`.
    pub how: &'static str,
    /// How many letters, numbers or gaps there are.
    pub of: usize,
}

/// How a task is typed.
pub fn blank(task: &Task) -> Blank {
    match task {
        Task::Single { options, .. } => Blank { how: "one", of: options.len() },
        Task::Multiple { options, .. } => Blank { how: "some", of: options.len() },
        Task::Matching { left, .. } => Blank { how: "pairs", of: left.len() },
        Task::Ordering { options, .. } => Blank { how: "order", of: options.len() },
        Task::Number { .. } => Blank { how: "number", of: 1 },
        Task::Hotspot { areas, .. } if areas.is_empty() => Blank { how: "points", of: 1 },
        Task::Hotspot { areas, .. } => Blank { how: "places", of: areas.len() },
        Task::Text { gaps, .. } => Blank { how: "words", of: gaps.len() },
    }
}

/// Reads what was typed of a task as the attempt sees it; `None` for a task that was left out.
///
/// # Errors
/// A code: what was typed names nothing of the task.
pub fn read(task: &Task, typed: &str) -> Result<Option<Answer>, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() || matches!(typed, "-" | "–" | "—") {
        return Ok(None);
    }
    if typed.chars().count() > TEXT_MAX {
        return Err("too_long");
    }
    let answer = match task {
        Task::Single { options, .. } => {
            let chosen = letters(options, typed)?;
            if chosen.len() != 1 {
                return Err("paper_one");
            }
            Answer::Options(chosen)
        }
        Task::Multiple { options, .. } => Answer::Options(letters(options, typed)?),
        Task::Ordering { options, .. } => {
            let order = letters(options, typed)?;
            if order.len() != options.len() {
                return Err("paper_order");
            }
            Answer::Order(order)
        }
        Task::Matching { left, right, .. } => Answer::Pairs(pairs(left, right, typed)?),
        Task::Number { .. } => {
            if number(typed).is_none() {
                return Err("paper_number");
            }
            Answer::Number(typed.to_owned())
        }
        Task::Hotspot { image, areas, .. } if areas.is_empty() => {
            Answer::Points(points((image.width, image.height), typed)?)
        }
        Task::Hotspot { areas, .. } => {
            let numbers = typed.split([' ', ',', ';']).filter(|part| !part.is_empty());
            let place = |part: &str| {
                let at = part.parse::<usize>().ok()?.checked_sub(1)?;
                areas.get(at).map(|area| area.id.clone())
            };
            let places: Option<Vec<String>> = numbers.map(place).collect();
            Answer::Options(once(places.ok_or("paper_place")?)?)
        }
        Task::Text { gaps, .. } => Answer::Gaps(words(gaps, typed)?),
    };
    Ok(Some(answer))
}

/// A letter as it is typed: a keyboard in Cyrillic has the same shapes elsewhere.
fn latin(c: char) -> Option<char> {
    let c = c.to_uppercase().next().unwrap_or(c);
    let pairs = [
        ('А', 'A'),
        ('В', 'B'),
        ('С', 'C'),
        ('Е', 'E'),
        ('Н', 'H'),
        ('К', 'K'),
        ('М', 'M'),
        ('О', 'O'),
        ('Р', 'P'),
        ('Т', 'T'),
        ('Х', 'X'),
        ('І', 'I'),
    ];
    let same = pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    same.is_ascii_uppercase().then_some(same)
}

fn once(all: Vec<String>) -> Result<Vec<String>, &'static str> {
    let twice = all.iter().enumerate().any(|(at, one)| all[..at].contains(one));
    if twice { Err("paper_twice") } else { Ok(all) }
}

/// Options by letters, in the order in which they were typed.
fn letters(options: &[Opt], typed: &str) -> Result<Vec<String>, &'static str> {
    let mut chosen = Vec::new();
    for (letter, round) in named(typed)? {
        let at = usize::from(letter as u8 - b'A') + 26 * round;
        chosen.push(options.get(at).ok_or("paper_letter")?.id.clone());
    }
    once(chosen)
}

/// Letters with the number that stands behind them where there are more than 26.
fn named(typed: &str) -> Result<Vec<(char, usize)>, &'static str> {
    let mut all: Vec<(char, usize)> = Vec::new();
    for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | ';')) {
        match (c.to_digit(10), all.last_mut()) {
            (Some(digit), Some(last)) => last.1 = last.1 * 10 + digit as usize,
            (Some(_), None) => return Err("paper_letter"),
            (None, _) => all.push((latin(c).ok_or("paper_letter")?, 0)),
        }
        if all.len() > 200 || all.last().is_some_and(|one| one.1 > 10) {
            return Err("paper_letter");
        }
    }
    Ok(all)
}

/// `1B 2A`: the number of the left, the letter of the right.
fn pairs(left: &[Opt], right: &[Opt], typed: &str) -> Result<Vec<(String, String)>, &'static str> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut number = String::new();
    for c in typed.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if c.is_whitespace() || matches!(c, ',' | ';' | '-' | '–' | '.' | ')') {
            continue;
        }
        let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let from = at.and_then(|at| left.get(at)).ok_or("paper_pairs")?;
        let letter = latin(c).ok_or("paper_pairs")?;
        let to = right.get(usize::from(letter as u8 - b'A')).ok_or("paper_pairs")?;
        let pair = (from.id.clone(), to.id.clone());
        if all.contains(&pair) {
            return Err("paper_twice");
        }
        all.push(pair);
        number.clear();
    }
    if number.is_empty() && !all.is_empty() { Ok(all) } else { Err("paper_pairs") }
}

/// `40 25; 80 10`: hundredths of the image from the left and from above.
fn points((width, height): (u32, u32), typed: &str) -> Result<Vec<(i32, i32)>, &'static str> {
    if width == 0 || height == 0 {
        return Err("paper_point");
    }
    let one = |text: &str| {
        let mut parts = text.split_whitespace().map(|part| part.trim_end_matches('%'));
        let (x, y) = (number(parts.next()?)?, number(parts.next()?)?);
        let sound =
            parts.next().is_none() && (0.0..=100.0).contains(&x) && (0.0..=100.0).contains(&y);
        let place = |share: f64, whole: u32| (share * f64::from(whole) / 100.0).round() as i32;
        sound.then(|| (place(x, width), place(y, height)))
    };
    let all = typed.split(';').filter(|part| !part.trim().is_empty());
    all.map(one).collect::<Option<Vec<_>>>().ok_or("paper_point")
}

/// `сөз; B`: a text or a letter for each gap, in their order.
fn words(gaps: &[Gap], typed: &str) -> Result<Vec<(String, String)>, &'static str> {
    let parts: Vec<&str> = match gaps {
        [_] => vec![typed],
        _ => typed.split(';').collect(),
    };
    if parts.len() > gaps.len() {
        return Err("paper_words");
    }
    let mut all = Vec::new();
    for (gap, part) in gaps.iter().zip(parts) {
        let part = part.trim();
        if part.is_empty() || part == "-" {
            continue;
        }
        let text = if gap.options.is_empty() {
            part.to_owned()
        } else {
            match letters(&gap.options, part)?.as_slice() {
                [one] => one.clone(),
                _ => return Err("paper_one"),
            }
        };
        all.push((gap.id.clone(), text));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::{
        body::{Area, Shape},
        rich::{Image, Rich},
    };

    fn options(ids: &str) -> Vec<Opt> {
        let one = |id: &str| Opt { id: id.into(), text: Rich::plain(id), fixed: false };
        ids.split_whitespace().map(one).collect()
    }

    fn ids(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_stands_on_paper_is_what_the_page_would_have_sent() {
        let single = Task::Single { options: options("p q r"), shuffle: false };
        let many = Task::Multiple { options: options("p q r"), shuffle: false, least: 0, most: 0 };
        let order = Task::Ordering { options: options("p q r"), shuffle: false };
        let pairs = Task::Matching {
            left: options("l m"),
            right: options("x y"),
            shuffle: false,
            reuse: 0,
        };
        let number = Task::Number { unit: String::new() };
        let area = |id: &str| Area { id: id.into(), shape: Shape::All, name: String::new() };
        let image = Image { width: 200, height: 100, ..Image::default() };
        let places =
            Task::Hotspot { image: image.clone(), areas: vec![area("s"), area("t")], most: 0 };
        let point = Task::Hotspot { image, areas: Vec::new(), most: 0 };
        let gaps = vec![
            Gap { id: "1".into(), ..Gap::default() },
            Gap { id: "2".into(), options: options("u v"), width: 0 },
        ];
        let text = Task::Text { gaps: gaps.clone(), shuffle: false };
        let alone = Task::Text { gaps: gaps[..1].to_vec(), shuffle: false };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        for (task, typed, answer) in [
            (&single, " b ", Ok(Some(Answer::Options(ids("q"))))),
            // The letter of a Cyrillic keyboard that looks the same.
            (&single, "В", Ok(Some(Answer::Options(ids("q"))))),
            (&single, "AB", Err("paper_one")),
            (&single, "D", Err("paper_letter")),
            (&single, "Ж", Err("paper_letter")),
            (&single, "2", Err("paper_letter")),
            (&single, "", Ok(None)),
            (&single, "—", Ok(None)),
            (&many, "a, c", Ok(Some(Answer::Options(ids("p r"))))),
            (&many, "AA", Err("paper_twice")),
            (&order, "c a b", Ok(Some(Answer::Order(ids("r p q"))))),
            (&order, "ca", Err("paper_order")),
            (&pairs, "1B 2a", Ok(Some(Answer::Pairs(vec![pair("l", "y"), pair("m", "x")])))),
            (&pairs, "1-B; 2-B", Ok(Some(Answer::Pairs(vec![pair("l", "y"), pair("m", "y")])))),
            (&pairs, "3A", Err("paper_pairs")),
            (&pairs, "1", Err("paper_pairs")),
            (&number, "3,5", Ok(Some(Answer::Number("3,5".into())))),
            (&number, "үш", Err("paper_number")),
            (&places, "2, 1", Ok(Some(Answer::Options(ids("t s"))))),
            (&places, "0", Err("paper_place")),
            (&point, "50 10; 0 100", Ok(Some(Answer::Points(vec![(100, 10), (0, 100)])))),
            (&point, "50", Err("paper_point")),
            (&text, "сөз; b", Ok(Some(Answer::Gaps(vec![pair("1", "сөз"), pair("2", "v")])))),
            (&text, "; A", Ok(Some(Answer::Gaps(vec![pair("2", "u")])))),
            (&text, "а; б; в", Err("paper_words")),
            (&alone, "бір; екі", Ok(Some(Answer::Gaps(vec![pair("1", "бір; екі")])))),
        ] {
            assert_eq!(read(task, typed), answer, "{typed}");
        }
    }

    #[test]
    fn nothing_that_is_typed_breaks_it() {
        let task = Task::Single { options: options("p q"), shuffle: false };
        let pairs =
            Task::Matching { left: options("l"), right: options("x"), shuffle: false, reuse: 0 };
        let long = "9".repeat(3_000);
        for typed in ["A99999999999999", "١", "🙂", &long, "1Ж", "\u{0}", "A\u{301}"] {
            assert!(read(&task, typed).is_err(), "{typed}");
            assert!(read(&pairs, typed).is_err(), "{typed}");
        }
        assert_eq!((letter(0), letter(25), letter(26)), ("A".into(), "Z".into(), "A1".into()));
    }
}
