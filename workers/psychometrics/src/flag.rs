//! What a person should look at. A flag is a reason to look, never a verdict; the limits are
//! data (`schemas/rules/item-analysis`).

use serde::{Deserialize, Serialize};

use crate::{
    classical::{ItemFigures, OptionFigures},
    dif::{Class, Dif},
};

/// Limits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// With fewer people nothing is flagged: chance would do it.
    pub least_people: f64,
    /// Too hard below this facility.
    pub facility_least: f64,
    /// Too easy above it.
    pub facility_most: f64,
    /// Discrimination at or below this is flagged.
    pub discrimination_least: f64,
    /// A distractor that at most this share chose does not work (0: nobody).
    pub distractor_share: f64,
    /// From which class on a difference between languages is flagged.
    pub dif_class: Class,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Hardly anybody is right.
    TooHard,
    /// Nearly everybody is right.
    TooEasy,
    /// The able are right less often than the others: often a wrong key.
    NegativeDiscrimination,
    /// Nobody chooses a distractor.
    IdleDistractor,
    /// A distractor draws the able more than the key does.
    DistractorBeatsKey,
    /// Readers of one language are at an advantage.
    LanguageDif,
}

/// A flag.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// What is wrong.
    pub kind: Kind,
    /// The figure that says so.
    pub value: f64,
    /// The limit that it passed.
    pub limit: f64,
    /// The option that it is about.
    pub option: Option<usize>,
}

/// What is known of an item.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Classical figures.
    pub figures: &'a ItemFigures,
    /// Options, without "nothing chosen"; empty if the item has none.
    pub options: &'a [OptionFigures],
    /// Indices of the right options.
    pub key: &'a [usize],
    /// Difference between languages, if it was examined.
    pub dif: Option<&'a Dif>,
}

/// Flags of an item.
pub fn flags(facts: &Facts<'_>, limits: &Thresholds) -> Vec<Flag> {
    let mut out = Vec::new();
    let figures = facts.figures;
    if figures.answered < limits.least_people {
        return out;
    }
    let mut raise = |kind, value, limit, option| out.push(Flag { kind, value, limit, option });
    if let Some(p) = figures.facility {
        if p < limits.facility_least {
            raise(Kind::TooHard, p, limits.facility_least, None);
        }
        if p > limits.facility_most {
            raise(Kind::TooEasy, p, limits.facility_most, None);
        }
    }
    if let Some(r) = figures.rest_correlation
        && r <= limits.discrimination_least
    {
        raise(Kind::NegativeDiscrimination, r, limits.discrimination_least, None);
    }
    let of_key = facts.key.iter().filter_map(|at| facts.options.get(*at)?.rest_correlation);
    let best = of_key.reduce(f64::max);
    for (at, option) in facts.options.iter().enumerate().filter(|(at, _)| !facts.key.contains(at)) {
        if let Some(share) = option.share.filter(|share| *share <= limits.distractor_share) {
            raise(Kind::IdleDistractor, share, limits.distractor_share, Some(at));
        }
        if let Some((own, best)) = option.rest_correlation.zip(best)
            && own > best
            && own > 0.0
        {
            raise(Kind::DistractorBeatsKey, own, best, Some(at));
        }
    }
    if let Some((class, delta)) = facts.dif.and_then(|dif| dif.class.zip(dif.delta))
        && class >= limits.dif_class
    {
        raise(Kind::LanguageDif, delta, f64::from(class as u8), None);
    }
    out
}
