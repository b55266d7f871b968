//! The draw: which items a person gets. Fixed counts by blueprint, without bias, repeatable by
//! anybody who has the secret and the pool.
//!
//! With the words of [`Stream`] of the seed of the case, at most [`TRIES`] times until a form fits:
//! 1. Each cell in its order takes the items of the pool that are of its sort, in the pool's order,
//!    without those whose exposure has reached the cap. From `i = 0`: `j = i + below(left)`; where
//!    there is a cap, `below(1000)` must be under the item's weight
//!    `1000 × (cap − exposure) ÷ cap` (rounded up, so never 0), or `j` is drawn again; then `i` and
//!    `j` change places and the item at `i` is taken, unless an enemy of it has been taken;
//!    `i` rises by one. It ends when the count is reached.
//! 2. Where the blueprint has a difficulty window, the mean of the known facilities must lie in it.
//! 3. Where it shuffles, each section is shuffled.

use super::{
    blueprint::{Blueprint, Cell},
    pool::{Pool, UNKNOWN},
    seed::Stream,
};

/// How often a form is tried.
pub const TRIES: u32 = 64;

/// Why there is no form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoForm {
    /// A cell cannot be filled: section, cell, how many there are and how many are wanted.
    Short {
        /// Number of the section, from 0.
        section: usize,
        /// Number of its cell, from 0.
        cell: usize,
        /// Items that may be taken.
        have: usize,
        /// Items wanted.
        want: usize,
    },
    /// No form lay in the difficulty window.
    Window,
}

/// One chosen item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Number of the section, from 0.
    pub section: u16,
    /// Number of the item in the pool.
    pub item: u32,
}

/// A blueprint on a pool, ready to draw. Made once an exam and kept.
#[derive(Debug)]
pub struct Plan<'a> {
    pool: &'a Pool,
    blueprint: &'a Blueprint,
    /// Cells in their order: section, how many, items of their sort, most likely weight.
    cells: Vec<(u16, usize, Vec<u32>)>,
    /// Weight of each item, per mille.
    weights: Vec<u16>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// A cell that the pool cannot fill whatever is drawn.
    pub fn new(blueprint: &'a Blueprint, pool: &'a Pool) -> Result<Plan<'a>, NoForm> {
        let weights = pool.items.iter().map(|item| weight(item.exposure, blueprint.exposure_cap));
        let weights: Vec<u16> = weights.collect();
        let sorts = blueprint.sections.iter().zip(0_u16..).flat_map(|(section, s)| {
            section.cells.iter().enumerate().map(move |(c, cell)| (s, c, cell))
        });
        let mut cells: Vec<_> = sorts.map(|(s, c, cell)| (s, c, cell, Vec::new())).collect();
        // Topics are compared once, not for every item: a pool has thousands of these.
        let of_topic = |topic: &String| -> Vec<usize> {
            (0..cells.len()).filter(|at| cells[*at].2.takes_topic(topic)).collect()
        };
        let of_topics: Vec<Vec<usize>> = pool.topics.iter().map(of_topic).collect();
        for ((item, at), weight) in pool.items.iter().zip(0_u32..).zip(&weights) {
            for place in of_topics[usize::from(item.topic)].iter().filter(|_| *weight > 0) {
                let (_, _, cell, items) = &mut cells[*place];
                if cell.takes_sort(item.level, item.kind) {
                    items.push(at);
                }
            }
        }
        let full = |(s, c, cell, items): (u16, usize, &Cell, Vec<u32>)| {
            let (have, want) = (items.len(), cell.count as usize);
            let short = NoForm::Short { section: s.into(), cell: c, have, want };
            (have >= want).then_some((s, want, items)).ok_or(short)
        };
        let cells = cells.into_iter().map(full).collect::<Result<_, _>>()?;
        Ok(Plan { pool, blueprint, cells, weights })
    }

    /// How many items could be taken, cell by cell.
    pub fn room(&self) -> impl Iterator<Item = usize> + '_ {
        self.cells.iter().map(|(_, _, items)| items.len())
    }

    /// Draws a form.
    ///
    /// # Errors
    /// None of [`TRIES`] forms fits: enemies leave a cell short, or the window is too narrow.
    pub fn draw(&self, seed: &[u8; 32]) -> Result<Vec<Chosen>, NoForm> {
        let mut stream = Stream::new(seed);
        let mut last = NoForm::Window;
        for _ in 0..TRIES {
            match self.form(&mut stream) {
                Ok(form) if self.fits(&form) => return Ok(self.ordered(form, &mut stream)),
                Ok(_) => last = NoForm::Window,
                Err(short) => last = short,
            }
        }
        Err(last)
    }

    fn form(&self, stream: &mut Stream) -> Result<Vec<Chosen>, NoForm> {
        let mut form: Vec<Chosen> = Vec::with_capacity(self.blueprint.tasks() as usize);
        let mut groups: Vec<u16> = Vec::new();
        for (at, (section, want, items)) in self.cells.iter().enumerate() {
            let mut items = items.clone();
            let (mut taken, mut i) = (0, 0);
            while taken < *want {
                if i == items.len() {
                    let before = self.cells[..at].iter().filter(|(s, ..)| s == section).count();
                    let section = usize::from(*section);
                    return Err(NoForm::Short { section, cell: before, have: taken, want: *want });
                }
                let j = i + stream.below((items.len() - i) as u32) as usize;
                let passes = self.blueprint.exposure_cap == 0
                    || stream.below(1000) < u32::from(self.weights[items[j] as usize]);
                if !passes {
                    continue;
                }
                items.swap(i, j);
                let item = items[i];
                i += 1;
                if self.pool.groups(item).any(|group| groups.contains(&group)) {
                    continue;
                }
                groups.extend(self.pool.groups(item));
                form.push(Chosen { section: *section, item });
                taken += 1;
            }
        }
        Ok(form)
    }

    fn fits(&self, form: &[Chosen]) -> bool {
        let Some(window) = self.blueprint.difficulty else { return true };
        let known = form.iter().map(|one| self.pool.items[one.item as usize].facility);
        let (sum, n) = known
            .filter(|facility| *facility != UNKNOWN)
            .fold((0_u32, 0_u32), |(sum, n), facility| (sum + u32::from(facility), n + 1));
        (n * u32::from(window.from)..=n * u32::from(window.to)).contains(&sum)
    }

    fn ordered(&self, mut form: Vec<Chosen>, stream: &mut Stream) -> Vec<Chosen> {
        if self.blueprint.shuffle {
            for section in form.chunk_by_mut(|a, b| a.section == b.section) {
                stream.shuffle(section);
            }
        }
        form
    }
}

/// How readily an item is taken, per mille; 0 at the cap and beyond.
fn weight(exposure: u16, cap: u16) -> u16 {
    if cap == 0 {
        return 1000;
    }
    let left = u32::from(cap.saturating_sub(exposure));
    (left * 1000).div_ceil(u32::from(cap)) as u16
}

#[cfg(test)]
mod tests;
