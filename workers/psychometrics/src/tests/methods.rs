//! Fit, bias, equating, exposure, flags.

use crate::{
    classical::{ItemFigures, OptionFigures},
    dif::{Class, Dif, Group, Limits, Matching, Table, mantel_haenszel, purify},
    equating::{
        Distribution, chained, equipercentile, equipercentile::chained as chain, linear, mean_sigma,
    },
    exposure::exposure,
    fit::{Groups, residuals, score_fit, score_groups::number_right},
    flag::{Facts, Kind, Thresholds, flags},
    model::Item,
    number::quadrature::Quadrature,
    response::Responses,
    score,
    simulate::{Plan, Random, answers, items},
};

pub const LIMITS: Limits = Limits {
    moderate: 1.0,
    large: 1.5,
    quantile: 1.96,
    quantile_beyond: 1.645,
    least_people: 50.0,
};

fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
}

#[test]
fn numbers_right_are_those_of_all_patterns() {
    let items = items(6, 3);
    let quadrature = Quadrature::even(3, 1.5);
    for (row, point) in number_right(&items, &quadrature).iter().zip(&quadrature.points) {
        let mut wanted = [0.0; 7];
        for pattern in 0..64u32 {
            let p: f64 = (0..6)
                .map(|at| {
                    let p = items[at].probability(*point);
                    if pattern >> at & 1 == 1 { p } else { 1.0 - p }
                })
                .product();
            wanted[pattern.count_ones() as usize] += p;
        }
        row.iter().zip(wanted).for_each(|(a, b)| near(*a, b, 1e-14));
    }
}

#[test]
fn fit_finds_the_item_that_does_not_fit() {
    let items = items(20, 5);
    let plan = Plan { people: 4000, shown: 20, spread: 1.0, mean: 0.0, seed: 8 };
    let (clean, _) = answers(&items, plan);
    // The last item is answered by throwing coins.
    let mut random = Random::new(4);
    let mut data = Responses::new(20);
    for (cells, weight) in clean.rows() {
        let coin = random.unit() < 0.5;
        let row = cells.iter().map(|c| (c.item(), if c.item() == 19 { coin } else { c.right() }));
        data.push(row, weight);
    }
    let known: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let quadrature = Quadrature::even(61, 6.0);
    let groups = Groups { least_expected: 1.0, parameters: 0.0 };
    let fit = score_fit(&data, &known, &quadrature, groups);
    let bad = fit[..19].iter().filter(|fit| fit.p.unwrap() < 0.001).count();
    assert!(bad <= 1 && fit[19].p.unwrap() < 1e-6, "{fit:?}");
    let mean: f64 =
        fit[..19].iter().map(|f| f.statistic.unwrap() / f.df.unwrap()).sum::<f64>() / 19.0;
    assert!((0.8..1.3).contains(&mean), "{mean}");
    let ability = |(cells, _)| score::eap(&known, cells, &quadrature, 1.0).map(|s| s.ability);
    let abilities: Vec<Option<f64>> = data.rows().map(ability).collect();
    let found = residuals(&data, &known, &abilities);
    assert!(found[..19].iter().all(|r| (0.8..1.1).contains(&r.infit.unwrap())), "{found:?}");
    assert!(found[19].infit.unwrap() > 1.1 && found[19].infit_t.unwrap() > 4.0);
    assert!(found.iter().all(|r| r.outfit_t.is_some()));
}

#[test]
fn a_table_by_hand() {
    let table = |a, b, c, d| Table {
        reference_right: a,
        reference_wrong: b,
        focal_right: c,
        focal_wrong: d,
    };
    let limits = Limits { least_people: 1.0, ..LIMITS };
    let tables =
        [table(20.0, 10.0, 10.0, 20.0), table(30.0, 10.0, 15.0, 15.0), table(9.0, 0.0, 0.0, 0.0)];
    let found = mantel_haenszel(&tables, &limits);
    let odds =
        (20.0 * 20.0 / 60.0 + 30.0 * 15.0 / 70.0) / (10.0 * 10.0 / 60.0 + 10.0 * 15.0 / 70.0);
    near(found.odds_ratio.unwrap(), odds, 1e-12);
    near(found.delta.unwrap(), -2.35 * odds.ln(), 1e-12);
    assert_eq!((found.reference, found.focal), (70.0, 60.0));
    assert_eq!(found.class, Some(Class::C));
    // The other way round only the sign changes.
    let turned =
        tables.map(|t| table(t.focal_right, t.focal_wrong, t.reference_right, t.reference_wrong));
    let other = mantel_haenszel(&turned, &limits);
    near(other.delta.unwrap(), -found.delta.unwrap(), 1e-12);
    near(other.delta_se.unwrap(), found.delta_se.unwrap(), 1e-12);
    assert_eq!(mantel_haenszel(&tables, &LIMITS).class, Some(Class::C));
    assert_eq!(mantel_haenszel(&tables[..1], &LIMITS).class, None);
    assert_eq!(mantel_haenszel(&[table(9.0, 0.0, 9.0, 0.0)], &limits).delta, None);
}

/// Two groups, the focal one less able; two items are harder for it than ability says.
pub fn two_languages(shown: usize) -> (Responses, Vec<Group>, Vec<Item>) {
    let of_reference = items(24, 11);
    let mut of_focal = of_reference.clone();
    of_focal[2].d -= 1.0;
    of_focal[7].d += 1.0;
    let mut data = Responses::new(24);
    let mut groups = Vec::new();
    for (items, mean, group, seed) in
        [(&of_reference, 0.3, Group::Reference, 1), (&of_focal, -0.4, Group::Focal, 2)]
    {
        let plan = Plan { people: 3000, shown, spread: 1.0, mean, seed };
        for (cells, weight) in answers(items, plan).0.rows() {
            data.push(cells.iter().map(|cell| (cell.item(), cell.right())), weight);
            groups.push(group);
        }
    }
    (data, groups, of_reference)
}

#[test]
fn the_two_items_that_differ_are_found() {
    let (data, groups, _) = two_languages(24);
    let found = purify(&data, &groups, Matching::NumberRight, &LIMITS, 10);
    let class: Vec<Class> = found.items.iter().map(|dif| dif.class.unwrap()).collect();
    assert_eq!((class[2], class[7]), (Class::C, Class::C));
    assert!(found.items[2].delta.unwrap() < -1.5 && found.items[7].delta.unwrap() > 1.5);
    assert!(found.items[2].standardised.unwrap() < -0.05);
    assert_eq!(class.iter().filter(|class| **class != Class::A).count(), 2, "{class:?}");
    assert!(found.settled && found.rounds > 1 && !found.anchors[2]);
    // Everybody saw other items: matched by ability.
    let (data, groups, known) = two_languages(15);
    let known: Vec<Option<Item>> = known.into_iter().map(Some).collect();
    let matching = Matching::Ability { items: &known, groups: 20 };
    let found = purify(&data, &groups, matching, &LIMITS, 10);
    let others = |at: usize| at != 2 && at != 7;
    for (at, dif) in found.items.iter().enumerate() {
        assert_eq!(dif.class.unwrap() == Class::C, !others(at), "{at}: {dif:?}");
    }
}

#[test]
fn equating_by_hand_and_in_circles() {
    // Five scores: with percentile ranks 10, 35, 60, 80, 95 the other form gives these scores.
    let x = Distribution::new([20.0, 30.0, 20.0, 20.0, 10.0]);
    let y = Distribution::new([10.0, 20.0, 20.0, 30.0, 20.0]);
    let found: Vec<f64> = equipercentile(&x, &y).into_iter().flatten().collect();
    for (found, wanted) in found.iter().zip([0.5, 1.75, 2.0 + 5.0 / 6.0, 3.5, 4.25]) {
        near(*found, wanted, 1e-9);
    }
    for (score, same) in equipercentile(&y, &y).into_iter().enumerate() {
        near(same.unwrap(), score as f64, 1e-9);
    }
    let line = linear(&x, &y).unwrap();
    near(line.of(x.mean().unwrap()).unwrap(), y.mean().unwrap(), 1e-12);
    near(linear(&y, &x).unwrap().of(line.of(3.0).unwrap()).unwrap(), 3.0, 1e-12);
    // If the anchor is the same in both groups, the chain is the direct way.
    let anchor = Distribution::new([15.0, 30.0, 40.0, 15.0]);
    near(chained(&x, &anchor, &anchor, &y).unwrap().of(2.0).unwrap(), line.of(2.0).unwrap(), 1e-12);
    for (a, b) in chain(&x, &anchor, &anchor, &y).iter().zip(equipercentile(&x, &y)) {
        near(a.unwrap(), b.unwrap(), 1e-9);
    }
    // Scores that nobody had, at the ends and within, and nobody at all.
    let holes = Distribution::new([0.0, 5.0, 0.0, 0.0, 5.0, 0.0]);
    near(holes.score(0.5).unwrap(), 2.5, 1e-12);
    near(holes.score(0.0).unwrap(), 0.5, 1e-12);
    near(holes.score(1.0).unwrap(), 4.5, 1e-12);
    let nobody = Distribution::new([0.0; 3]);
    assert!(equipercentile(&x, &nobody).iter().all(Option::is_none));
    assert_eq!(linear(&x, &nobody), None);
    assert_eq!(linear(&x, &Distribution::new([0.0, 9.0])), None);
    assert_eq!(
        Distribution::of([(f64::NAN, 1.0), (-3.0, 1.0), (99.0, 2.0)], 2).counts(),
        [1.0, 0.0, 2.0]
    );
}

#[test]
fn scales_are_joined_by_common_items() {
    let from = items(12, 21);
    let link = |item: &Item| Item::of(item.a / 1.3, 1.3 * item.b().unwrap() - 0.4);
    let common: Vec<(Item, Item)> = from.iter().map(|item| (*item, link(item))).collect();
    let found = mean_sigma(&common).unwrap();
    near(found.slope, 1.3, 1e-9);
    near(found.intercept, -0.4, 1e-9);
    for (from, to) in &common {
        let moved = found.item(*from).unwrap();
        near(moved.a, to.a, 1e-9);
        near(moved.d, to.d, 1e-9);
        near(moved.probability(found.ability(0.7).unwrap()), from.probability(0.7), 1e-9);
    }
    assert_eq!(mean_sigma(&common[..1]), None);
    assert_eq!(mean_sigma(&[common[0], common[0]]), None);
}

#[test]
fn exposure_is_the_overlap_of_pairs() {
    // Four tests of three items from a pool of six: the mean over all pairs, counted.
    let tests = [[0, 1, 2], [0, 1, 3], [0, 4, 2], [0, 1, 2]];
    let mut shown = [0u64; 6];
    tests.iter().flatten().for_each(|item| shown[*item] += 1);
    let (mut common, mut pairs) = (0.0, 0.0);
    for a in 0..4 {
        for b in 0..a {
            common += tests[a].iter().filter(|item| tests[b].contains(item)).count() as f64 / 3.0;
            pairs += 1.0;
        }
    }
    let found = exposure(&shown, 4);
    near(found.overlap_pairs.unwrap(), common / pairs, 1e-12);
    near(found.overlap.unwrap(), (1.0 + 2.0 * 0.5625 + 0.0625 * 2.0) / 3.0, 1e-12);
    near(found.unused.unwrap(), 1.0 / 6.0, 1e-12);
    assert_eq!(found.highest, Some(1.0));
    assert_eq!(exposure(&[0, 0], 0).overlap, None);
    assert_eq!(exposure(&[], 5).unused, None);
}

#[test]
fn flags_name_what_to_look_at() {
    let limits = Thresholds {
        least_people: 30.0,
        facility_least: 0.2,
        facility_most: 0.95,
        discrimination_least: 0.0,
        distractor_share: 0.0,
        dif_class: Class::C,
    };
    let option = |share: f64, r: f64| OptionFigures {
        chosen: 100.0 * share,
        share: Some(share),
        rest_correlation: (share > 0.0).then_some(r),
        rest_mean: None,
    };
    let figures = ItemFigures {
        answered: 100.0,
        facility: Some(0.15),
        rest_correlation: Some(-0.1),
        ..ItemFigures::default()
    };
    let options = [option(0.15, -0.1), option(0.85, 0.2), option(0.0, 0.0)];
    let dif = Dif { class: Some(Class::C), delta: Some(-2.0), ..Dif::default() };
    let facts = Facts { figures: &figures, options: &options, key: &[0], dif: Some(&dif) };
    let found: Vec<(Kind, Option<usize>)> =
        flags(&facts, &limits).iter().map(|flag| (flag.kind, flag.option)).collect();
    let wanted = [
        (Kind::TooHard, None),
        (Kind::NegativeDiscrimination, None),
        (Kind::DistractorBeatsKey, Some(1)),
        (Kind::IdleDistractor, Some(2)),
        (Kind::LanguageDif, None),
    ];
    assert_eq!(found, wanted);
    let few = ItemFigures { answered: 29.0, ..figures };
    assert!(flags(&Facts { figures: &few, ..facts }, &limits).is_empty());
    let easy = ItemFigures { facility: Some(0.96), rest_correlation: None, ..figures };
    let good = Dif { class: Some(Class::B), delta: Some(-1.2), ..Dif::default() };
    let facts = Facts { figures: &easy, options: &[], key: &[], dif: Some(&good) };
    let kinds: Vec<Kind> = flags(&facts, &limits).iter().map(|flag| flag.kind).collect();
    assert_eq!(kinds, [Kind::TooEasy]);
}
