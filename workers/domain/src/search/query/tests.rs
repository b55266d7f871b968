use super::*;

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

fn fields(list: &[(&str, &str)]) -> Vec<(String, &'static str)> {
    Query::parse(&pairs(list))
        .unwrap_err()
        .fields
        .into_iter()
        .map(|error| (error.field.into_owned(), error.code))
        .collect()
}

#[test]
fn one_search_has_one_address() {
    let query = Query::parse(&pairs(&[
        ("sort", "newest"),
        ("subject", "physics"),
        ("utm_source", "x"),
        ("subject", "mathematics"),
        ("region", "33"),
        ("q", "  ұстаз \u{0} керек "),
        ("rate", ""),
        ("km", "20"),
    ]))
    .unwrap();
    let text = query.to_query_string();
    assert_eq!(
        text,
        "q=%D2%B1%D1%81%D1%82%D0%B0%D0%B7%20%20%D0%BA%D0%B5%D1%80%D0%B5%D0%BA\
         &region=330000000&subject=mathematics&subject=physics&sort=newest"
    );
}

#[test]
fn wrong_values_are_named() {
    assert_eq!(
        fields(&[
            ("q", &"ә".repeat(201)),
            ("region", "Абай"),
            ("region", "x"),
            ("salary", "-1"),
            ("km", "1e3"),
            ("closing", "5"),
            ("near", "1"),
            ("sort", "best"),
            ("cursor", "zz"),
        ]),
        [
            ("q", "search_text"),
            ("region", "search_value"),
            ("salary", "search_number"),
            ("km", "search_number"),
            ("closing", "search_value"),
            ("near", "search_value"),
            ("sort", "search_value"),
            ("cursor", "search_cursor"),
        ]
        .map(|(a, b)| (a.to_owned(), b))
    );
    assert!(Query::parse(&pairs(&[("q", &"ә".repeat(200))])).is_ok());
}

#[test]
fn a_cursor_belongs_to_its_search() {
    let query = Query::parse(&pairs(&[("region", "33")])).unwrap();
    let cursor = Cursor { tier: 0, key: 5, number: 7 };
    let text = query.cursor_text(cursor);
    let again = Query::parse(&pairs(&[("region", "330000000"), ("cursor", &text)])).unwrap();
    assert_eq!(again.cursor, Some(cursor));
    assert_eq!(fields(&[("region", "31"), ("cursor", &text)])[0].1, "search_cursor");
}

#[test]
fn orders_without_sense_become_the_usual_one() {
    for sort in ["relevance", "distance", "ending"] {
        let query = Query::parse(&pairs(&[("sort", sort)])).unwrap();
        assert_eq!(query.to_query_string(), "");
        assert!(query.is_everything());
    }
}

#[test]
fn removing_a_region_removes_its_districts() {
    let query = Query::parse(&pairs(&[
        ("region", "33"),
        ("region", "31"),
        ("district", "331000000"),
        ("district", "311000000"),
    ]))
    .unwrap();
    assert_eq!(
        query.without(Filter::Region, "330000000").to_query_string(),
        "region=310000000&district=311000000"
    );
    assert_eq!(
        query.in_whole_regions().unwrap().to_query_string(),
        "region=310000000&region=330000000"
    );
}
