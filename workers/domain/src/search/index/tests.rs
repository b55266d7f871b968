use super::*;

#[test]
fn kazakh_names_the_region_first() {
    let name = |code: &str, kk: &str, ru: &str, en: &str| Name {
        facet: "kato".into(),
        code: code.into(),
        kk: kk.into(),
        ru: ru.into(),
        en: en.into(),
        lat: None,
        lon: None,
        attrs: None,
    };
    let names = Names::new(vec![
        name("33", "Жетісу облысы", "область Жетісу", "Jetisu Region"),
        name("3310", "Талдықорған қаласы", "город Талдыкорган", "Taldykorgan"),
        name("71", "Астана қаласы", "город Астана", "Astana"),
    ]);
    let text = place(&names, "33", "3310");
    assert_eq!(text.kk, "Жетісу облысы, Талдықорған қаласы");
    assert_eq!(text.ru, "город Талдыкорган, область Жетісу");
    assert_eq!(text.en, "Taldykorgan, Jetisu Region");
    assert_eq!(place(&names, "71", "71").kk, "Астана қаласы");
    assert_eq!(place(&names, "-", "3310").kk, "Талдықорған қаласы");
}

#[test]
fn rows_stay_below_2_to_the_53() {
    const { assert!((KEY_MAX << NUMBER_BITS) + NUMBER_MASK < 1 << 53) };
    let epoch = Timestamp::parse("2020-01-01T00:00:00Z").unwrap();
    assert_eq!(epoch.millis() / 60_000, EPOCH);
    assert_eq!(first_open(epoch), 1 << NUMBER_BITS);
    assert_eq!(first_open(Timestamp::from_millis(0)), 0);
    assert_eq!(first_open(Timestamp::from_millis(i64::MAX)), first_open(Timestamp::from_millis(0)));
}
