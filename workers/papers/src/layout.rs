//! Where everything stands: blocks become lines on pages of A4. Lengths are points.

use crate::{
    Block, Item, Paper,
    face::{Font, Weight, wrap},
};

/// Width and height of the sheet.
pub const SHEET: (f32, f32) = (595.28, 841.89);
/// Free margin at the left and the right.
pub const SIDE: f32 = 56.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = 72.0;
const ROOM: f32 = SHEET.0 - 2.0 * SIDE;
/// Width of the names of facts, and the gap to their values.
const NAMES: f32 = 150.0;
const GAP: f32 = 14.0;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line of text with its left end on the baseline.
    Text { x: f32, y: f32, size: f32, weight: Weight, soft: bool, text: String },
    /// A thin line across.
    Rule { y: f32, strong: bool },
}

struct Sheets {
    regular: Font,
    bold: Font,
    pages: Vec<Vec<Mark>>,
    /// How far down the page is used.
    y: f32,
}

/// The pages of a paper, without their feet.
pub fn pages(paper: &Paper) -> Vec<Vec<Mark>> {
    let mut sheets = Sheets {
        regular: Font::new(Weight::Regular),
        bold: Font::new(Weight::Bold),
        pages: vec![Vec::new()],
        y: TOP,
    };
    for block in &paper.blocks {
        sheets.block(block);
    }
    sheets.pages
}

impl Sheets {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => {
                self.lines(text, 19.0, Weight::Bold, false, SIDE, ROOM);
                self.y += 4.0;
            }
            Block::Soft(text) => {
                self.lines(text, 9.5, Weight::Regular, true, SIDE, ROOM);
                self.y += 3.0;
            }
            Block::Heading(text) => {
                // A heading stays with what follows it.
                self.need(64.0);
                self.y += 14.0;
                self.lines(text, 12.5, Weight::Bold, false, SIDE, ROOM);
                self.rule(true);
                self.y += 5.0;
            }
            Block::Text(text) => {
                self.lines(text, 10.5, Weight::Regular, false, SIDE, ROOM);
                self.y += 4.0;
            }
            Block::Gap => {
                self.rule(false);
                self.y += 4.0;
            }
            Block::Facts(facts) => facts.iter().for_each(|(name, value)| self.fact(name, value)),
            Block::Items(items) => items.iter().for_each(|item| self.item(item)),
        }
    }

    fn fact(&mut self, name: &str, value: &str) {
        let names = wrap(&self.regular, name, 9.5, NAMES);
        let values = wrap(&self.regular, value, 10.5, ROOM - NAMES - GAP);
        for at in 0..names.len().max(values.len()).max(1) {
            self.need(15.0);
            self.y += 15.0;
            let y = SHEET.1 - self.y;
            if let Some(text) = names.get(at) {
                self.put(SIDE, y, 9.5, Weight::Regular, true, text.clone());
            }
            if let Some(text) = values.get(at) {
                self.put(SIDE + NAMES + GAP, y, 10.5, Weight::Regular, false, text.clone());
            }
        }
        self.y += 2.0;
    }

    fn item(&mut self, item: &Item) {
        let side = self.bold.width(&item.side, 10.5);
        let room = if item.side.is_empty() { ROOM } else { ROOM - side - GAP };
        let first = wrap(&self.bold, &item.name, 10.5, room).len() as f32 * 15.0;
        // The name is not torn from the first line below it.
        self.need(first + if item.lines.is_empty() { 0.0 } else { 13.0 });
        let page = self.pages.len();
        let y = SHEET.1 - self.y - 15.0;
        if !item.side.is_empty() {
            let x = SIDE + ROOM - side;
            self.put(x, y, 10.5, Weight::Bold, false, item.side.clone());
        }
        self.lines(&item.name, 10.5, Weight::Bold, false, SIDE, room);
        for line in &item.lines {
            self.lines(line, 9.0, Weight::Regular, true, SIDE, ROOM);
        }
        self.y += 5.0;
        if page == self.pages.len() {
            self.rule(false);
        }
        self.y += 2.0;
    }

    /// A text broken into lines.
    fn lines(&mut self, text: &str, size: f32, weight: Weight, soft: bool, x: f32, room: f32) {
        let font = if weight == Weight::Bold { &self.bold } else { &self.regular };
        let step = (size * 1.42).round();
        for line in wrap(font, text, size, room) {
            self.need(step);
            self.y += step;
            self.put(x, SHEET.1 - self.y, size, weight, soft, line);
        }
    }

    /// Goes to the next page where less than `height` is left.
    fn need(&mut self, height: f32) {
        if self.y + height > SHEET.1 - BOTTOM {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    fn rule(&mut self, strong: bool) {
        self.y += 4.0;
        let y = SHEET.1 - self.y;
        self.mark(Mark::Rule { y, strong });
    }

    fn put(&mut self, x: f32, y: f32, size: f32, weight: Weight, soft: bool, text: String) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, size, weight, soft, text });
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}
