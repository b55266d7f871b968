//! Axes, lines and points.

use std::fmt::Write;

use super::{Words, escape};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;

/// Colours: token and fallback.
pub(super) const INK: &str = "var(--ink,#14202b)";
pub(super) const SOFT: &str = "var(--soft,#4a5a67)";
pub(super) const LINE: &str = "var(--line,#d5dee4)";
pub(super) const PAPER: &str = "var(--paper,#fff)";
pub(super) const SKY: &str = "var(--sky,#006b8f)";
pub(super) const TINT: &str = "var(--tint,#e3f1f6)";
pub(super) const LATE: &str = "var(--late,#b3261e)";

/// A drawing that is being made.
pub(super) struct Frame<'a> {
    words: &'a Words,
    x: (f64, f64),
    y: (f64, f64),
    body: String,
}

/// A distance between marks that people count in: 1, 2 or 5 times a power of ten.
pub(super) fn step(from: f64, to: f64, most: f64) -> f64 {
    let rough = ((to - from) / most).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(rough.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|n| n * power >= rough * 0.999);
    nice.unwrap_or(10.0) * power
}

impl<'a> Frame<'a> {
    /// A drawing of these ranges, with its axes. A range without width gets one.
    pub fn new(words: &'a Words, x: (f64, f64), y: (f64, f64)) -> Frame<'a> {
        let wide = |(from, to): (f64, f64)| match from.is_finite() && to.is_finite() && to > from {
            true => (from, to),
            false if from.is_finite() => (from, from + 1.0),
            false => (0.0, 1.0),
        };
        let mut frame = Frame { words, x: wide(x), y: wide(y), body: String::new() };
        frame.axes();
        frame
    }

    fn px(&self, x: f64) -> f64 {
        let part = (x - self.x.0) / (self.x.1 - self.x.0);
        LEFT + part.clamp(-0.02, 1.02) * (WIDTH - LEFT - RIGHT)
    }

    fn py(&self, y: f64) -> f64 {
        let part = (y - self.y.0) / (self.y.1 - self.y.0);
        HEIGHT - BOTTOM - part.clamp(-0.02, 1.02) * (HEIGHT - TOP - BOTTOM)
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, colour: &str, text: &str) {
        let _ = write!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="{colour}">{}</text>"#,
            escape(text)
        );
    }

    fn axes(&mut self) {
        let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        for (range, upright) in [(self.x, false), (self.y, true)] {
            let step = step(range.0, range.1, if upright { 6.0 } else { 10.0 });
            let places = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
            let mut at = (range.0 / step).ceil();
            while at * step <= range.1 + step * 1e-9 {
                let value = at * step;
                let label = self.words.number(Some(value), places);
                if upright {
                    let y = self.py(value);
                    let _ = write!(
                        self.body,
                        r#"<path d="M{LEFT:.1} {y:.1}H{right:.1}" stroke="{LINE}"/>"#
                    );
                    self.text(LEFT - 8.0, y + 4.0, "end", SOFT, &label);
                } else {
                    let x = self.px(value);
                    let _ =
                        write!(self.body, r#"<path d="M{x:.1} {bottom:.1}v5" stroke="{SOFT}"/>"#);
                    self.text(x, bottom + 19.0, "middle", SOFT, &label);
                }
                at += 1.0;
            }
        }
        let _ =
            write!(self.body, r#"<path d="M{LEFT:.1} {bottom:.1}H{right:.1}" stroke="{SOFT}"/>"#);
        let words = self.words;
        self.text((LEFT + right) / 2.0, HEIGHT - 10.0, "middle", INK, &words.x);
        self.text(LEFT - 48.0, TOP - 12.0, "start", INK, &words.y);
    }

    /// A line through points; where a value is missing it is broken.
    pub fn line(&mut self, points: &[(f64, Option<f64>)], colour: &str, dashes: &str) {
        let mut path = String::new();
        let mut up = true;
        for (x, y) in points {
            let Some(y) = y.filter(|y| y.is_finite() && x.is_finite()) else {
                up = true;
                continue;
            };
            let _ =
                write!(path, "{}{:.1} {:.1}", if up { 'M' } else { 'L' }, self.px(*x), self.py(y));
            up = false;
        }
        if !path.is_empty() {
            let _ = write!(
                self.body,
                r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>"#
            );
        }
    }

    /// An upright line over a range of values: an error.
    pub fn whisker(&mut self, x: f64, from: f64, to: f64, colour: &str) {
        if from.is_finite() && to.is_finite() {
            let (x, from, to) = (self.px(x), self.py(from), self.py(to));
            let _ = write!(
                self.body,
                r#"<path d="M{x:.1} {from:.1}V{to:.1}" stroke="{colour}" stroke-width="1.5"/>"#
            );
        }
    }

    /// A level line across the drawing.
    pub fn level(&mut self, y: f64, dashes: &str) {
        if y >= self.y.0 && y <= self.y.1 {
            self.line(&[(self.x.0, Some(y)), (self.x.1, Some(y))], SOFT, dashes);
        }
    }

    /// A round point.
    pub fn dot(&mut self, x: f64, y: f64, radius: f64, colour: &str) {
        let (x, y) = (self.px(x), self.py(y));
        let _ = write!(
            self.body,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{PAPER}" stroke="{colour}" stroke-width="2"/>"#
        );
    }

    /// A square point.
    pub fn square(&mut self, x: f64, y: f64, radius: f64, colour: &str) {
        let (x, y, side) = (self.px(x) - radius, self.py(y) - radius, 2.0 * radius);
        let _ = write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{side:.1}" height="{side:.1}" fill="{PAPER}" stroke="{colour}" stroke-width="2"/>"#
        );
    }

    /// A column from the bottom.
    pub fn column(&mut self, from: f64, to: f64, height: f64) {
        let (x, end, y) = (self.px(from), self.px(to), self.py(height));
        let (width, tall) = ((end - x).max(1.0), (HEIGHT - BOTTOM - y).max(0.0));
        let _ = write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{tall:.1}" fill="{TINT}" stroke="{SKY}"/>"#
        );
    }

    /// What the lines are, at the upper right.
    pub fn legend(&mut self, entries: &[(&str, &str, &str)]) {
        let mut y = TOP - 22.0;
        for (name, colour, dashes) in entries.iter().filter(|(name, _, _)| !name.is_empty()) {
            let (from, to) = (WIDTH - RIGHT - 34.0, WIDTH - RIGHT);
            let _ = write!(
                self.body,
                r#"<path d="M{from:.1} {y:.1}H{to:.1}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>"#
            );
            self.text(from - 6.0, y + 4.0, "end", INK, name);
            y += 16.0;
        }
    }

    /// The finished element.
    pub fn finish(self) -> String {
        let id: String =
            self.words.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" role="img" "#,
                r#"aria-labelledby="t-{id} d-{id}" font-family="system-ui,sans-serif" font-size="13">"#,
                r#"<title id="t-{id}">{title}</title><desc id="d-{id}">{desc}</desc>"#,
                r#"<rect width="{w}" height="{h}" fill="{paper}"/>{body}</svg>"#
            ),
            w = WIDTH,
            h = HEIGHT,
            id = id,
            title = escape(&self.words.title),
            desc = escape(&self.words.description),
            paper = PAPER,
            body = self.body,
        )
    }
}
