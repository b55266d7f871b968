//! Points of the evaluation sheet, as claimed.

use super::model::{Claim, Content};
use crate::rule::application::{Applying, How, Points, ScoreRow};

/// Points of a claim by its row. Unknown options and counts beyond `most` count for nothing
/// (the check names them); the row's cap holds for sums.
pub fn points(row: &ScoreRow, claim: &Claim) -> Points {
    if row.how == How::Organisation {
        return Points(0);
    }
    let one = |choice: &super::model::Choice| -> i64 {
        row.options.iter().find(|option| option.code == choice.option).map_or(0, |option| {
            let count = match row.how {
                How::Sum => choice.count.min(option.most),
                _ => 1,
            };
            i64::from(option.points.0) * i64::from(count)
        })
    };
    let total: i64 = match row.how {
        How::One => claim.choices.first().map_or(0, one),
        _ => claim.choices.iter().map(one).sum(),
    };
    let capped = row.cap.map_or(total, |cap| total.min(cap.0.into()));
    Points(i32::try_from(capped).unwrap_or(i32::MAX))
}

/// Whether the person has no experience, as the content says.
pub fn without_experience(content: &Content) -> bool {
    content.no_experience || !content.records.iter().any(|record| record.kind == "experience")
}

/// The sum over the rows that apply.
pub fn total(content: &Content, rules: &Applying) -> Points {
    let without = without_experience(content);
    let sum = content
        .claims
        .iter()
        .filter_map(|claim| Some((rules.row(&claim.row)?, claim)))
        .filter(|(row, _)| row.applies(without))
        .map(|(row, claim)| i64::from(points(row, claim).0))
        .sum::<i64>();
    Points(i32::try_from(sum).unwrap_or(i32::MAX))
}
