//! Published classical figures.

use super::lsat;
use crate::{
    classical::{Choice, Marks, items, options, test},
    number::{chi_square_above, median, quadrature::Quadrature},
};

fn near(found: Option<f64>, published: f64, within: f64) {
    let found = found.unwrap();
    assert!((found - published).abs() <= within, "{found} is not {published}");
}

#[test]
fn lsat_section_6() {
    let mut marks = Marks::new(vec![1.0; 5]);
    for (pattern, weight) in lsat::patterns() {
        marks.push(pattern.iter().map(|right| f64::from(u8::from(*right))).enumerate(), weight);
    }
    let found = items(&marks);
    let share = [0.924, 0.709, 0.553, 0.763, 0.870];
    let total = [0.3620104, 0.5667721, 0.6184398, 0.5344183, 0.4353664];
    let rest = [0.1128327, 0.1531781, 0.1727789, 0.1444281, 0.1215964];
    for (at, item) in found.iter().enumerate() {
        near(item.facility, share[at], 1e-9);
        near(item.total_correlation, total[at], 1e-7);
        near(item.rest_correlation, rest[at], 1e-7);
        near(item.facility_se, (share[at] * (1.0 - share[at]) / 999.0_f64).sqrt(), 1e-9);
    }
    let whole = test(&marks);
    near(whole.alpha, 0.2949972, 1e-7);
    near(whole.median, 4.0, 0.0);
    let mut frequencies = [0.0; 6];
    for (total, weight) in marks.totals() {
        frequencies[total as usize] += weight;
    }
    assert_eq!(frequencies, [3.0, 20.0, 85.0, 237.0, 357.0, 298.0]);
}

/// Marks of 22 people for slots 8 and 13 of a quiz and their totals: the numbers on which
/// Moodle's statistics report is checked.
const QUIZ: [(f64, f64, f64); 22] = [
    (5.5, 1.0, 12.0),
    (1.0, 1.0, 7.4),
    (2.5, 0.0, 11.7),
    (4.0, 0.0, 8.5),
    (3.0, 0.0, 10.1),
    (4.5, 0.0, 11.3),
    (3.0, 1.0, 11.2),
    (6.0, 0.0, 14.1),
    (0.5, 0.0, 8.6),
    (5.5, 1.0, 11.6),
    (2.5, 0.0, 9.3),
    (4.0, 0.0, 13.1),
    (4.0, 1.0, 11.5),
    (3.0, 0.0, 11.3),
    (1.0, 1.0, 5.5),
    (1.0, 0.0, 4.8),
    (1.5, 1.0, 8.7),
    (4.0, 0.0, 11.8),
    (2.0, 0.0, 6.0),
    (1.0, 0.0, 5.9),
    (6.0, 0.0, 12.8),
    (7.0, 1.0, 13.8),
];

#[test]
fn moodles_quiz() {
    let mut marks = Marks::new(vec![8.0, 1.0, 20.0]);
    for (eight, thirteen, total) in QUIZ {
        marks.push([(0, eight), (1, thirteen), (2, total - eight - thirteen)], 1.0);
    }
    let found = items(&marks);
    let published = [
        (41.19318182, 1912.733589, 25.88327077, 27.23492723),
        (36.36363636, 492.3659639, -12.99017581, -17.5074184),
    ];
    for (item, (facility, sd, index, efficiency)) in found.iter().zip(published) {
        near(item.facility.map(|f| 100.0 * f), facility, 1e-6);
        near(item.sd.map(|sd| 1000.0 * sd), sd, 1e-5);
        near(item.discrimination_index, index, 1e-6);
        near(item.discriminative_efficiency, efficiency, 1e-6);
    }
}

#[test]
fn a_weight_is_as_many_people() {
    let (mut once, mut often) = (Marks::new(vec![2.0; 3]), Marks::new(vec![2.0; 3]));
    for (row, weight) in [([0.0, 1.0, 2.0], 3), ([2.0, 1.0, 0.0], 1), ([2.0, 2.0, 1.0], 4)] {
        once.push(row.into_iter().enumerate(), f64::from(weight));
        (0..weight).for_each(|_| often.push(row.into_iter().enumerate(), 1.0));
    }
    for (a, b) in items(&once).iter().zip(&items(&often)) {
        near(
            a.discriminative_efficiency.or(Some(0.0)),
            b.discriminative_efficiency.unwrap_or(0.0),
            1e-9,
        );
        near(a.rest_correlation, b.rest_correlation.unwrap(), 1e-9);
        near(a.sd, b.sd.unwrap(), 1e-9);
    }
    near(test(&once).alpha, test(&often).alpha.unwrap(), 1e-9);
}

#[test]
fn options_and_who_chose_them() {
    let choice = |options: &'static [usize], rest: f64| Choice { options, rest, weight: 1.0 };
    let chosen = [choice(&[0], 9.0), choice(&[0], 7.0), choice(&[2], 3.0), choice(&[], 2.0)];
    let found = options(4, &chosen);
    assert_eq!(found.iter().map(|o| o.chosen).collect::<Vec<_>>(), [2.0, 0.0, 1.0, 0.0, 1.0]);
    assert_eq!(found[0].share, Some(0.5));
    assert_eq!(found[0].rest_mean, Some(8.0));
    assert!(found[0].rest_correlation.unwrap() > 0.0 && found[2].rest_correlation.unwrap() < 0.0);
    assert_eq!((found[1].rest_correlation, found[1].rest_mean), (None, None));
}

#[test]
fn what_cannot_be_had_is_none() {
    let nothing = items(&Marks::new(vec![1.0, 0.0]));
    assert!(nothing.iter().all(|item| item.facility.is_none() && item.answered == 0.0));
    let mut one = Marks::new(vec![1.0, 0.0, 1.0]);
    one.push([(0, 1.0), (1, 0.0), (2, f64::NAN), (9, 1.0)], 1.0);
    one.push([(0, 1.0)], f64::NAN);
    let found = items(&one);
    assert_eq!((found[0].facility, found[0].sd), (Some(1.0), None));
    assert_eq!((found[1].facility, found[2].facility), (None, None));
    assert_eq!(test(&one).alpha, None);
    let mut same = Marks::new(vec![1.0; 2]);
    (0..9).for_each(|_| same.push([(0, 1.0), (1, 0.0)], 1.0));
    assert_eq!(items(&same)[0].rest_correlation, None);
    assert_eq!(items(&same)[0].discriminative_efficiency, None);
    assert_eq!(test(&same).alpha, None);
}

#[test]
fn quadrature_and_distributions() {
    for q in [Quadrature::hermite(21), Quadrature::hermite(61), Quadrature::even(61, 6.0)] {
        for (power, moment) in [(0, 1.0), (2, 1.0), (4, 3.0), (6, 15.0), (7, 0.0)] {
            let sum: f64 = q.points.iter().zip(&q.weights).map(|(x, w)| w * x.powi(power)).sum();
            assert!((sum - moment).abs() < 1e-4, "{} points, power {power}: {sum}", q.len());
        }
    }
    // Tables of the distribution: 5 % points.
    for (x, df) in [(3.841459, 1.0), (5.991465, 2.0), (18.307038, 10.0), (124.342113, 100.0)] {
        near(chi_square_above(x, df), 0.05, 1e-7);
    }
    assert_eq!(chi_square_above(f64::NAN, 1.0), None);
    assert_eq!(median(&mut [(3.0, 1.0), (1.0, 1.0), (2.0, 2.0)]), Some(2.0));
    assert_eq!(median(&mut [(1.0, 1.0), (2.0, 1.0)]), Some(1.5));
    assert_eq!(median(&mut []), None);
}
