//! Counts for a report to the public. A count below five could point to somebody, so it is hidden,
//! and with it whatever would let it be worked out.

use std::collections::BTreeMap;

/// The smallest count that is shown.
pub const LEAST: u32 = 5;

/// A group of counts that add up to all cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Counts by their code; `None` is hidden.
    pub cells: Vec<(String, Option<u32>)>,
    /// The sum, unless it would give a hidden one away.
    pub total: Option<u32>,
}

/// Counts with what must not be seen hidden.
pub fn group(counts: &BTreeMap<String, u32>) -> Group {
    let total: u32 = counts.values().sum();
    let mut cells: Vec<(String, Option<u32>)> = counts
        .iter()
        .map(|(code, count)| (code.clone(), (*count >= LEAST).then_some(*count)))
        .collect();
    let total = (total >= LEAST).then_some(total);
    // One hidden cell is the sum less the others: the smallest of those goes too. Two hidden ones
    // that are both nearly nothing would still be known to be so; that much is what "below five" says.
    let hidden = cells.iter().filter(|(_, count)| count.is_none()).count();
    if hidden == 1 && total.is_some() {
        let smallest =
            cells.iter_mut().filter(|(_, count)| count.is_some()).min_by_key(|(_, count)| *count);
        match smallest {
            Some(cell) => cell.1 = None,
            None => return Group { cells, total: None },
        }
    }
    Group { cells, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(&str, u32)]) -> Group {
        group(&counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect())
    }

    fn cells(group: &Group) -> Vec<Option<u32>> {
        group.cells.iter().map(|(_, count)| *count).collect()
    }

    #[test]
    fn counts_below_five_are_hidden_and_cannot_be_worked_out() {
        let all = of(&[("a", 5), ("b", 9), ("c", 30)]);
        assert_eq!((cells(&all), all.total), (vec![Some(5), Some(9), Some(30)], Some(44)));
        // 44 - 30 - 9 would be the hidden one.
        let one = of(&[("a", 4), ("b", 9), ("c", 30)]);
        assert_eq!((cells(&one), one.total), (vec![None, None, Some(30)], Some(43)));
        let two = of(&[("a", 4), ("b", 0), ("c", 30)]);
        assert_eq!((cells(&two), two.total), (vec![None, None, Some(30)], Some(34)));
        let few = of(&[("a", 2), ("b", 1)]);
        assert_eq!((cells(&few), few.total), (vec![None, None], None));
        let alone = of(&[("a", 3)]);
        assert_eq!((cells(&alone), alone.total), (vec![None], None));
        assert_eq!(of(&[]), Group::default());
    }

    #[test]
    fn every_sum_that_is_shown_leaves_at_least_two_unknown() {
        for a in 0..12 {
            for b in 0..12 {
                for c in 0..12 {
                    let made = of(&[("a", a), ("b", b), ("c", c)]);
                    let hidden = cells(&made).iter().filter(|count| count.is_none()).count();
                    assert!(made.total.is_none() || hidden != 1, "{a} {b} {c}");
                    assert!(cells(&made).iter().flatten().all(|count| *count >= LEAST));
                }
            }
        }
    }
}
