//! Tables of what people write.

use super::*;

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

#[test]
fn rates() {
    for (written, expected) in [
        ("1", Ok(Some(100))),
        ("0,5", Ok(Some(50))),
        ("1,0 ст.", Ok(Some(100))),
        ("1.5", Ok(Some(150))),
        ("1 ставка", Ok(Some(100))),
        ("0,75 ст. (12 ч.)", Ok(Some(75))),
        ("жарты ставка", Ok(Some(50))),
        ("полставки", Ok(Some(50))),
        ("1/2", Ok(Some(50))),
        ("бір жарым", Ok(Some(150))),
        ("50%", Ok(Some(50))),
        ("", Ok(None)),
        ("-", Ok(None)),
        ("30 ставок", Err("rate_out_of_range")),
        ("0", Err("rate_out_of_range")),
        ("-1", Err("rate_out_of_range")),
        ("0,6", Err("rate_step")),
        ("много", Err("rate_unreadable")),
    ] {
        assert_eq!(rate(&text(written)), expected, "{written}");
    }
    assert_eq!(rate(&Cell::Number(0.25)), Ok(Some(25)));
    assert_eq!(rate(&Cell::Number(f64::MAX)), Err("rate_out_of_range"));
    let may = chrono::NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
    assert_eq!(rate(&Cell::Date(may)), Ok(Some(150)));
}

#[test]
fn salaries() {
    let both = |sum| Ok(((Some(sum), Some(sum)), false));
    for (written, expected) in [
        ("400 000 тг", both(400_000)),
        ("220000тг", both(220_000)),
        ("220 мың теңге", both(220_000)),
        ("180\u{a0}000,00", both(180_000)),
        ("180.000", both(180_000)),
        ("1 250 000", both(1_250_000)),
        ("от 180 000", Ok(((Some(180_000), None), false))),
        ("180 000 теңгеден", Ok(((Some(180_000), None), false))),
        ("180 000-нан бастап", Ok(((Some(180_000), None), false))),
        ("до 250 000 тенге", Ok(((None, Some(250_000)), false))),
        ("180-220 тыс.", Ok(((Some(180_000), Some(220_000)), false))),
        ("160000-220000", Ok(((Some(160_000), Some(220_000)), false))),
        ("от 180 000 до 220 000", Ok(((Some(180_000), Some(220_000)), false))),
        ("180 000 – 220 000 тг.", Ok(((Some(180_000), Some(220_000)), false))),
        ("180,5 тыс", both(180_500)),
        ("", Ok(((None, None), false))),
        ("по договорённости", Ok(((None, None), true))),
        ("штат кестесіне сәйкес", Ok(((None, None), true))),
        ("300 000 - 200 000", Err("salary_order")),
        ("-150000", Err("salary_negative")),
        ("250", Err("salary_out_of_range")),
        ("99999999999999999999", Err("salary_out_of_range")),
        ("хорошая", Err("salary_unreadable")),
        ("100000 150000 200000", Err("salary_unreadable")),
    ] {
        assert_eq!(salary(&text(written), false), expected, "{written}");
    }
    assert_eq!(salary(&text("250"), true), both(250_000));
    assert_eq!(salary(&Cell::Number(-5.0), false), Err("salary_negative"));
    assert_eq!(salary(&Cell::Number(210000.0), false), both(210_000));
}

#[test]
fn hours_and_counts() {
    for (written, expected) in [
        ("18", Ok(Some(18))),
        ("18 сағ", Ok(Some(18))),
        ("18 ч.", Ok(Some(18))),
        ("18,0", Ok(Some(18))),
        ("", Ok(None)),
        ("16,5", Err(())),
        ("0", Err(())),
        ("100", Err(())),
        ("полная", Err(())),
    ] {
        assert_eq!(whole(&text(written), 1, 60), expected, "{written}");
    }
}

#[test]
fn languages() {
    for (written, expected) in [
        ("қазақ", Ok(Some("kk"))),
        ("каз.", Ok(Some("kk"))),
        ("казахский язык", Ok(Some("kk"))),
        ("рус", Ok(Some("ru"))),
        ("орыс тілі", Ok(Some("ru"))),
        ("қаз/орыс", Ok(Some("mixed"))),
        ("каз, рус", Ok(Some("mixed"))),
        ("аралас", Ok(Some("mixed"))),
        ("смешанный (каз/рус)", Ok(Some("mixed"))),
        ("уйгурский", Ok(Some("ug"))),
        ("ағылшын", Ok(Some("en"))),
        ("", Ok(None)),
        ("марсианский", Err("language_unknown")),
    ] {
        assert_eq!(language(written), expected.map(|code| code.map(str::to_owned)), "{written}");
    }
}

#[test]
fn remarks_and_answers() {
    for (written, expected) in [
        ("жильё предоставляется", vec!["housing"]),
        ("тұрғын үй беріледі", vec!["housing"]),
        ("тұрғын үй берілмейді", vec![]),
        ("жилья нет", vec![]),
        ("С дипломом в село, подъёмные", vec!["rural_programme"]),
        ("«Дипломмен ауылға»", vec!["rural_programme"]),
        ("опыт не требуется", vec!["no_experience"]),
        ("еңбек өтілі талап етілмейді", vec!["no_experience"]),
        ("без опыта, общежитие", vec!["housing", "no_experience"]),
        ("звонить после 15:00", vec![]),
        ("1 ауысым", vec![]),
    ] {
        assert_eq!(extras(written), expected, "{written}");
    }
    assert_eq!(yes_no("Иә"), Some(true));
    assert_eq!(yes_no("нет"), Some(false));
    assert_eq!(yes_no("комната в общежитии"), None);
    assert_eq!(schedule("неполный день"), Some("part"));
    assert_eq!(schedule("5/2"), Some("full"));
}

#[test]
fn phones_and_contacts() {
    for (written, expected) in [
        ("8-700-000-5667", Ok(Some("+77000005667"))),
        ("тел. 8 (775) 000-64-02", Ok(Some("+77750006402"))),
        ("87770000232, 87770000233", Ok(Some("+77770000232"))),
        ("702 000 9690 (WhatsApp)", Ok(Some("+77020009690"))),
        ("", Ok(None)),
        ("8 701 000 12", Err(())),
        ("нет такого", Err(())),
    ] {
        assert_eq!(phone(written), expected.map(|p| p.map(str::to_owned)), "{written}");
    }
    let (name, number, email) = contact("Сейітова А.Б., тел. 8 700 000 56 67, s.ab@example.kz");
    assert_eq!(name, "Сейітова А.Б.");
    assert_eq!(number.as_deref(), Some("+77000005667"));
    assert_eq!(email.as_deref(), Some("s.ab@example.kz"));
    assert_eq!(contact("Қожахметов Е.").0, "Қожахметов Е.");
}
