//! A calculator for tests that allow one: the four operations, powers, roots, per cent, brackets. What
//! is typed is read as a person writes it: with a comma or a point, × or *, ÷, : or /.

/// Longest expression, characters.
pub const LONGEST: usize = 100;
/// Brackets, roots and signs within each other.
const DEEPEST: u32 = 40;
/// Digits that are shown; beyond them is what binary numbers cannot hold.
const DIGITS: i32 = 12;

/// The value as a text; none where the expression has none.
pub fn value(text: &str) -> Option<String> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let mut reader = Reader { rest: text.chars().filter(|c| !c.is_whitespace()).collect(), at: 0 };
    let value = reader.sum(0)?;
    (reader.at == reader.rest.len()).then_some(())?;
    value.is_finite().then(|| shown(value))
}

/// With a comma, without zeros at the end; very large and very small ones with a power of ten.
fn shown(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs().log10().floor() as i32;
    if !(-9..DIGITS).contains(&size) {
        let text = format!("{:.*e}", (DIGITS - 1) as usize, value);
        let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        return format!("{digits}×10^{power}").replace('.', ",").replace('-', "−");
    }
    let text = format!("{:.*}", (DIGITS - 1 - size).clamp(0, 20) as usize, value);
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    text.replace('.', ",").replace('-', "−")
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn next_is(&mut self, some: &[char]) -> Option<char> {
        let found = self.rest.get(self.at).copied().filter(|c| some.contains(c))?;
        self.at += 1;
        Some(found)
    }

    fn sum(&mut self, depth: u32) -> Option<f64> {
        let mut value = self.product(depth)?;
        while let Some(sign) = self.next_is(&['+', '-', '−', '–']) {
            let other = self.product(depth)?;
            value = if sign == '+' { value + other } else { value - other };
        }
        Some(value)
    }

    fn product(&mut self, depth: u32) -> Option<f64> {
        let mut value = self.signed(depth)?;
        while let Some(sign) = self.next_is(&['*', '×', '·', '/', '÷', ':']) {
            let other = self.signed(depth)?;
            value = if matches!(sign, '*' | '×' | '·') { value * other } else { value / other };
        }
        Some(value)
    }

    /// A sign binds weaker than a power: −2^2 is −4.
    fn signed(&mut self, depth: u32) -> Option<f64> {
        if depth > DEEPEST {
            return None;
        }
        if self.next_is(&['-', '−', '–']).is_some() {
            return self.signed(depth + 1).map(|value| -value);
        }
        let base = self.one(depth)?;
        match self.next_is(&['^']) {
            Some(_) => self.signed(depth + 1).map(|power| base.powf(power)),
            None => Some(base),
        }
    }

    fn one(&mut self, depth: u32) -> Option<f64> {
        if depth > DEEPEST {
            return None;
        }
        let mut value = if self.next_is(&['(']).is_some() {
            let inner = self.sum(depth + 1)?;
            self.next_is(&[')'])?;
            inner
        } else if self.next_is(&['√']).is_some() {
            self.one(depth + 1)?.sqrt()
        } else {
            self.number()?
        };
        while self.next_is(&['%']).is_some() {
            value /= 100.0;
        }
        Some(value)
    }

    fn number(&mut self) -> Option<f64> {
        let from = self.at;
        while self.next_is(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ',', '.']).is_some()
        {
        }
        let text: String = self.rest[from..self.at].iter().collect();
        text.replace(',', ".").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_writes_has_the_value_that_school_teaches() {
        for (text, want) in [
            ("2+3×4", "14"),
            ("(2 + 3) * 4", "20"),
            ("7 − 10", "−3"),
            ("0,1+0.2", "0,3"),
            ("1÷3", "0,333333333333"),
            ("10:4", "2,5"),
            ("−2^2", "−4"),
            ("2^−1", "0,5"),
            ("2^3^2", "512"),
            ("√(9+16)", "5"),
            ("√9×2", "6"),
            ("200×15%", "30"),
            ("−−5", "5"),
            ("5−5", "0"),
            ("999999999999+1", "1×10^12"),
            ("2^40", "1,09951162778×10^12"),
            ("1÷1000000000000", "1×10^−12"),
            ("100000", "100000"),
        ] {
            assert_eq!(value(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_has_no_value_is_said_and_nothing_hangs() {
        let deep = "(".repeat(60);
        let signs = "-".repeat(90) + "1";
        let long = "1".repeat(101);
        for text in [
            "",
            "2+",
            "1÷0",
            "√(−1)",
            "(2",
            "2)",
            "1,2,3",
            ",",
            "a",
            "2 2x",
            "^2",
            &deep,
            &signs,
            &long,
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
