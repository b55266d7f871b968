//! Answers, right or wrong, of people who each saw some of the items.

/// One answer to one item, in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell(u32);

impl Cell {
    /// An answer to the item at `item`.
    pub fn new(item: usize, right: bool) -> Cell {
        Cell(((item as u32) << 1) | u32::from(right))
    }

    /// Index of the item.
    pub fn item(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// Whether it was right.
    pub fn right(self) -> bool {
        self.0 & 1 == 1
    }

    /// Number of the pair (item, right): its row in tables that have a row for each.
    pub(crate) fn row(self) -> usize {
        self.0 as usize
    }
}

/// Answers of many people, stored one after another. What a person was not shown is simply not
/// there: it is missing by design and says nothing about the person (Mislevy & Wu 1996,
/// "Missing responses and IRT ability estimation", ETS RR-96-30).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Responses {
    items: usize,
    starts: Vec<usize>,
    cells: Vec<Cell>,
    weights: Vec<f64>,
}

impl Responses {
    /// Nobody yet, of a pool of so many items.
    pub fn new(items: usize) -> Responses {
        let items = items.min(u32::MAX as usize / 2);
        Responses { items, starts: vec![0], cells: Vec::new(), weights: Vec::new() }
    }

    /// Adds a person, or `weight` persons with the same answers. Answers to items outside the pool
    /// and a second answer to the same item are left out, as are persons with a weight that is not
    /// a positive number.
    pub fn push(&mut self, answers: impl IntoIterator<Item = (usize, bool)>, weight: f64) {
        if !(weight.is_finite() && weight > 0.0) {
            return;
        }
        let start = self.cells.len();
        let known = answers.into_iter().filter(|(item, _)| *item < self.items);
        self.cells.extend(known.map(|(item, right)| Cell::new(item, right)));
        if let Some(own) = self.cells.get_mut(start..) {
            // Stable: of two answers to one item the first stays.
            own.sort_by_key(|cell| cell.item());
        }
        let mut kept = start;
        for at in start..self.cells.len() {
            if kept == start || self.cells[kept - 1].item() != self.cells[at].item() {
                self.cells[kept] = self.cells[at];
                kept += 1;
            }
        }
        self.cells.truncate(kept);
        self.starts.push(kept);
        self.weights.push(weight);
    }

    /// How many items the pool has.
    pub fn items(&self) -> usize {
        self.items
    }

    /// How many rows there are (a row may stand for several people by its weight).
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether nobody answered.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// How many answers there are.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// Answers of one row, by item; empty beyond the last.
    pub fn person(&self, at: usize) -> &[Cell] {
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => self.cells.get(*from..*to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// All rows: answers and weight.
    pub fn rows(&self) -> impl Iterator<Item = (&[Cell], f64)> {
        self.weights.iter().enumerate().map(|(at, weight)| (self.person(at), *weight))
    }

    /// Sum of the weights: how many people.
    pub fn weight(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// Weight of right and of all answers to each item.
    pub fn counts(&self) -> Vec<(f64, f64)> {
        let mut counts = vec![(0.0, 0.0); self.items];
        for (cells, weight) in self.rows() {
            for cell in cells {
                let (right, all) = &mut counts[cell.item()];
                *right += if cell.right() { weight } else { 0.0 };
                *all += weight;
            }
        }
        counts
    }

    /// Whether every row has an answer to every item.
    pub fn is_complete(&self) -> bool {
        self.items > 0 && self.rows().all(|(cells, _)| cells.len() == self.items)
    }
}
