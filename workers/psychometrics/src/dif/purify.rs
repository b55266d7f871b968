//! Purification: items that differ must not decide who counts as equally able (Holland & Thayer
//! 1988; Clauser & Mazor 1998, Educational Measurement: Issues and Practice 17). Items of class B
//! and C leave the matching score and everything is done again; the item under study itself is
//! always in it.

use serde::{Deserialize, Serialize};

use super::{Class, Dif, Group, Limits, Table, mantel_haenszel};
use crate::{
    model::Item,
    number::quadrature::Quadrature,
    response::{Cell, Responses},
    score,
};

/// By what people are taken to be equally able.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Matching<'a> {
    /// Number right: everybody answered the same items, or as many of equal kind.
    NumberRight,
    /// The ability from known items, cut into so many groups of equal size: everybody answered
    /// other items.
    Ability {
        /// Parameters of the items.
        items: &'a [Option<Item>],
        /// How many groups.
        groups: usize,
    },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Purified {
    /// Each item.
    pub items: Vec<Dif>,
    /// Whether each item is in the matching score.
    pub anchors: Vec<bool>,
    /// How often everything was done.
    pub rounds: u32,
    /// Whether the last round changed nothing.
    pub settled: bool,
}

/// Examines all items. `groups` says to which group each row belongs.
pub fn purify(
    data: &Responses,
    groups: &[Group],
    matching: Matching<'_>,
    limits: &Limits,
    most_rounds: u32,
) -> Purified {
    let count = data.items();
    let mut anchors = vec![true; count];
    let mut seen = vec![anchors.clone()];
    let mut rounds = 0;
    loop {
        let items = round(data, groups, matching, limits, &anchors);
        rounds += 1;
        let next: Vec<bool> =
            items.iter().map(|dif| dif.class.is_none_or(|class| class == Class::A)).collect();
        let settled = next == anchors;
        // With too few anchors nobody can be matched; a set that was seen before comes again.
        let few = next.iter().filter(|keep| **keep).count() < 2;
        if settled || few || rounds >= most_rounds.max(1) || seen.contains(&next) {
            return Purified { items, anchors, rounds, settled };
        }
        seen.push(next.clone());
        anchors = next;
    }
}

fn round(
    data: &Responses,
    groups: &[Group],
    matching: Matching<'_>,
    limits: &Limits,
    anchors: &[bool],
) -> Vec<Dif> {
    let scale = Scale::new(data, matching, anchors);
    let most = scale.levels();
    let mut tables = vec![Table::default(); most * data.items()];
    for (at, ((cells, weight), group)) in data.rows().zip(groups).enumerate() {
        for cell in cells {
            let Some(level) = scale.level(at, cells, *cell) else { continue };
            let Some(table) = tables.get_mut(cell.item() * most + level) else { continue };
            let sum = match (group, cell.right()) {
                (Group::Reference, true) => &mut table.reference_right,
                (Group::Reference, false) => &mut table.reference_wrong,
                (Group::Focal, true) => &mut table.focal_right,
                (Group::Focal, false) => &mut table.focal_wrong,
                (Group::Neither, _) => continue,
            };
            *sum += weight;
        }
    }
    tables.chunks(most).map(|tables| mantel_haenszel(tables, limits)).collect()
}

/// The levels on which people are taken to be equally able.
enum Scale<'a> {
    /// Number right among the anchors, by row.
    Right { anchors: &'a [bool], right: Vec<usize> },
    /// Ability from the anchors, by row.
    Able {
        anchors: &'a [bool],
        items: &'a [Option<Item>],
        abilities: Vec<Option<f64>>,
        cuts: Vec<f64>,
        quadrature: Quadrature,
    },
}

impl<'a> Scale<'a> {
    fn new(data: &Responses, matching: Matching<'a>, anchors: &'a [bool]) -> Scale<'a> {
        let (items, groups) = match matching {
            Matching::NumberRight => {
                let right = |(cells, _): (&[Cell], f64)| {
                    cells.iter().filter(|cell| cell.right() && anchors[cell.item()]).count()
                };
                return Scale::Right { anchors, right: data.rows().map(right).collect() };
            }
            Matching::Ability { items, groups } => (items, groups.clamp(1, 1000)),
        };
        let quadrature = Quadrature::even(41, 5.0);
        let abilities: Vec<Option<f64>> = data
            .rows()
            .map(|(cells, _)| ability(items, cells, &quadrature, |cell| anchors[cell.item()]))
            .collect();
        let mut sorted: Vec<f64> = abilities.iter().flatten().copied().collect();
        sorted.sort_by(f64::total_cmp);
        // Limits by value, so that equal abilities are never cut apart.
        let mut cuts: Vec<f64> =
            (1..groups).filter_map(|at| sorted.get(at * sorted.len() / groups)).copied().collect();
        cuts.dedup();
        Scale::Able { anchors, items, abilities, cuts, quadrature }
    }

    /// How many levels there may be.
    fn levels(&self) -> usize {
        match self {
            Scale::Right { right, .. } => right.iter().max().map_or(1, |most| most + 2),
            Scale::Able { cuts, .. } => cuts.len() + 1,
        }
    }

    /// The level of a row for the study of one of its answers: that answer always counts, else
    /// the less able group would look worse on every item.
    fn level(&self, row: usize, cells: &[Cell], studied: Cell) -> Option<usize> {
        match self {
            Scale::Right { anchors, right } => {
                let extra = !anchors[studied.item()] && studied.right();
                Some(right.get(row)? + usize::from(extra))
            }
            Scale::Able { anchors, items, abilities, cuts, quadrature } => {
                let own = match anchors[studied.item()] {
                    true => *abilities.get(row)?,
                    false => ability(items, cells, quadrature, |cell| {
                        anchors[cell.item()] || cell == studied
                    }),
                };
                let own = own?;
                Some(cuts.partition_point(|cut| *cut <= own))
            }
        }
    }
}

fn ability(
    items: &[Option<Item>],
    cells: &[Cell],
    quadrature: &Quadrature,
    counts: impl Fn(Cell) -> bool,
) -> Option<f64> {
    let kept: Vec<Cell> = cells.iter().copied().filter(|cell| counts(*cell)).collect();
    score::eap(items, &kept, quadrature, 1.0).map(|score| score.ability)
}
