//! How answers are counted where no template of the standard says it.

use domain::bank::{
    body::{Body, Task},
    key::{Range, Rule},
};

use super::Version;
use crate::report::Notes;

/// A number with its tolerance.
pub(super) fn number_processing(right: &[Range], v: Version, notes: &mut Notes) -> String {
    if right.len() > 1 {
        notes.dropped("ranges", 0, right.len().to_string());
    }
    let half = right.first().map_or(0.0, |range| (range.to - range.from) / 2.0);
    let variable = v.tag("variable", &[("identifier", "RESPONSE")], "");
    let correct = v.tag("correct", &[("identifier", "RESPONSE")], "");
    let equal = v.tag(
        "equal",
        &[("toleranceMode", "absolute"), ("tolerance", &format!("{half} {half}"))],
        &format!("{variable}{correct}"),
    );
    let one = v.tag("baseValue", &[("baseType", "float")], "1");
    let set = v.tag("setOutcomeValue", &[("identifier", "SCORE")], &one);
    let condition = v.tag("responseIf", &[], &format!("{equal}{set}"));
    v.tag("responseProcessing", &[], &v.tag("responseCondition", &[], &condition))
}

/// The sum over several gaps.
pub(super) fn sum_processing(body: &Body, rule: Rule, v: Version) -> String {
    let Task::Text { gaps, .. } = &body.task else { return String::new() };
    let inner: String = gaps
        .iter()
        .map(|gap| match rule {
            Rule::All => {
                let pair = format!(
                    "{}{}",
                    v.tag("variable", &[("identifier", &gap.id)], ""),
                    v.tag("correct", &[("identifier", &gap.id)], "")
                );
                v.tag("match", &[], &pair)
            }
            _ => v.tag("mapResponse", &[("identifier", &gap.id)], ""),
        })
        .collect();
    let of = if rule == Rule::All { "and" } else { "sum" };
    let set = v.tag("setOutcomeValue", &[("identifier", "SCORE")], &v.tag(of, &[], &inner));
    v.tag("responseProcessing", &[], &set)
}
