//! Drawings are well-formed, escape what people wrote and never show NaN.

use crate::{
    dif::{Class, Dif},
    equating::Distribution,
    information::{abilities, curve},
    model::Item,
    plot::{
        Observed, Plot, Share, Words, characteristic, deltas, distribution, information, language,
        observe,
    },
};

fn words() -> Words {
    Words {
        id: "a1\"><script>".into(),
        title: "Тапсырма <b>\"5\" & 'ә'\u{0}".into(),
        description: "Модель & бақылау".into(),
        x: "Қабілет".into(),
        y: "Үлес <".into(),
        series: ["модель", "бақылау", "адам"].map(str::to_owned).to_vec(),
        comma: true,
    }
}

/// Tags are balanced, attributes quoted, text escaped; no number is missing.
fn well_formed(plot: &Plot) {
    let svg = &plot.svg;
    for bad in ["NaN", "inf", "<script", "<b>", "\u{0}"] {
        assert!(!svg.contains(bad), "{bad} in {svg}");
    }
    let (mut open, mut rest) = (Vec::new(), svg.as_str());
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "{svg}");
        let end = rest.find('>').unwrap();
        let tag = &rest[at + 1..end];
        assert!(!tag.contains('<') && tag.matches('"').count() % 2 == 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.is_empty());
    assert!(
        svg.contains("role=\"img\"") && svg.contains("<title id=\"t-a1script\">Тапсырма &lt;b&gt;")
    );
    assert!(svg.contains("aria-labelledby=\"t-a1script d-a1script\""));
    assert!(plot.rows.iter().all(|row| row.len() == plot.head.len()));
}

#[test]
fn every_drawing_is_well_formed_with_anything_in_it() {
    let words = words();
    let answers: Vec<(f64, bool, f64)> =
        (0..200).map(|n| (f64::from(n) / 50.0 - 2.0, n % 3 > 0 || n > 150, 1.0)).collect();
    let observed = observe(&answers, 10);
    assert_eq!((observed.len(), observed[0].people), (10, 20.0));
    assert!(observed[0].share < observed[9].share && observed[9].share == 1.0);
    let plot = characteristic(Some(Item::of(1.2, 0.3)), &observed, &words);
    well_formed(&plot);
    assert_eq!(plot.svg.matches("<circle").count(), 10);
    assert_eq!(plot.rows[0][0], "-1,81");
    well_formed(&characteristic(None, &[], &words));
    let edge = Observed { ability: f64::NAN, share: f64::NAN, people: 0.0 };
    let _ = characteristic(None, &[edge], &words);

    let curve = curve(&[Item::of(1.0, 0.0), Item::of(2.0, 1.0)], &abilities(-4.0, 4.0, 81));
    let plot = information(&curve, &words);
    well_formed(&plot);
    assert_eq!(plot.rows.len(), 17);
    well_formed(&information(&[], &words));

    let plot = distribution(&Distribution::new((0..51).map(f64::from)), 26, &words);
    well_formed(&plot);
    assert_eq!((plot.rows.len(), plot.rows[0][0].as_str()), (26, "0–1"));
    well_formed(&distribution(&Distribution::new([]), 10, &words));

    let share = |level, reference, focal| Share { level, reference, focal };
    well_formed(&language(
        &[share(1.0, Some(0.2), None), share(2.0, Some(0.5), Some(0.4))],
        &words,
    ));
    well_formed(&language(&[], &words));
    let dif = |delta, se, class| Dif { delta, delta_se: se, class, ..Dif::default() };
    let items = [
        ("<1>".to_owned(), dif(Some(-2.0), Some(0.2), Some(Class::C))),
        ("2".to_owned(), dif(None, None, None)),
    ];
    let plot = deltas(&items, 1.0, 1.5, &words);
    well_formed(&plot);
    assert_eq!(plot.rows[0], ["<1>", "-2,00", "0,20", "C"]);
    well_formed(&deltas(&[], 1.0, 1.5, &words));
}
