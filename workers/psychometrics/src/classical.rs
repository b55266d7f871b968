//! Classical test theory: figures of items and of the whole test.

pub mod item;
pub mod option;
pub mod test;

pub use item::{ItemFigures, items};
pub use option::{Choice, OptionFigures, options};
pub use test::{TestFigures, test};

/// Marks of many people for the items that each of them saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    maxima: Vec<f64>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Row {
    marks: Vec<(usize, f64)>,
    total: f64,
    weight: f64,
}

impl Marks {
    /// Nobody yet; the highest mark of each item.
    pub fn new(maxima: Vec<f64>) -> Marks {
        Marks { maxima, rows: Vec::new() }
    }

    /// Adds a person, or `weight` persons with the same marks. The total is the sum of the marks.
    /// Left out: marks of items outside the test, second marks of an item, marks that are not
    /// numbers, persons with a weight that is not a positive number.
    pub fn push(&mut self, marks: impl IntoIterator<Item = (usize, f64)>, weight: f64) {
        if !(weight.is_finite() && weight > 0.0) {
            return;
        }
        let most = self.maxima.len();
        let mut own: Vec<(usize, f64)> =
            marks.into_iter().filter(|(item, mark)| *item < most && mark.is_finite()).collect();
        own.sort_by_key(|(item, _)| *item);
        own.dedup_by_key(|(item, _)| *item);
        let total = own.iter().map(|(_, mark)| mark).sum();
        self.rows.push(Row { marks: own, total, weight });
    }

    /// How many items.
    pub fn items(&self) -> usize {
        self.maxima.len()
    }

    /// How many people.
    pub fn weight(&self) -> f64 {
        self.rows.iter().map(|row| row.weight).sum()
    }

    /// Whether everybody has a mark for every item.
    pub fn is_complete(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.marks.len() == self.maxima.len())
    }

    /// Totals and their weights.
    pub fn totals(&self) -> Vec<(f64, f64)> {
        self.rows.iter().map(|row| (row.total, row.weight)).collect()
    }
}
