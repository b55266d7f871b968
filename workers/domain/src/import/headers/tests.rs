//! Headings as people write them.

use super::{
    super::cell::{Cell, Merge},
    *,
};

fn table(text: &str) -> Table {
    let rows = text
        .lines()
        .enumerate()
        .map(|(at, line)| Row {
            number: at as u32 + 1,
            cells: line
                .split('|')
                .map(|cell| if cell.is_empty() { Cell::Empty } else { Cell::Text(cell.into()) })
                .collect(),
        })
        .filter(|row| row.filled().next().is_some())
        .collect();
    Table { rows, ..Table::default() }
}

fn fields(table: &Table) -> (u32, String) {
    let headings = find(table).unwrap();
    let list: Vec<_> =
        headings.columns.iter().map(|heading| heading.field.map_or("?", Field::code)).collect();
    (headings.row, list.join(" "))
}

#[test]
fn every_field_has_a_name_and_no_name_two_fields() {
    let mut seen: Vec<(Vec<String>, Field)> = Vec::new();
    for (field, list) in names() {
        for name in list {
            let key: Vec<_> = name.iter().map(|token| token.stem.clone()).collect();
            let other = seen.iter().find(|(have, other)| *have == key && other != field);
            assert!(other.is_none(), "{name:?}: {field:?} and {other:?}");
            seen.push((key, *field));
        }
    }
    assert_eq!(names().len(), Field::ALL.len());
}

#[test]
fn single_headings() {
    for (text, expected) in [
        ("БИН", Field::Bin),
        ("БСН / БИН", Field::Bin),
        ("Ұйым атауы", Field::Organisation),
        ("Наименование организации образования", Field::Organisation),
        ("лауазымы (должность)", Field::Position),
        ("Бос лауазым / Вакантная должность", Field::Position),
        ("Пәні", Field::Subject),
        ("Кол-во ставок", Field::Rate),
        ("Мөлшерлеме", Field::Rate),
        ("Нагрузка (часы)", Field::Hours),
        ("Жүктеме, сағат", Field::Hours),
        ("Заработная плата, тенге", Field::Salary),
        ("Оклад от", Field::SalaryFrom),
        ("Жалақы (дейін)", Field::SalaryTo),
        ("Оқыту тілі / Язык обучения", Field::Language),
        ("Тұрақты / уақытша", Field::Term),
        ("жұмысқа кірісу / выход на работу", Field::StartOn),
        ("құжат қабылдау / приём документов до", Field::AcceptTo),
        ("Срок приема документов", Field::AcceptTo),
        ("Контактный телефон", Field::ContactPhone),
        ("Электрондық пошта", Field::ContactEmail),
        ("жауапты адам / ответственный", Field::ContactName),
        ("Должностные обязанности", Field::Duties),
        ("Біліктілік талаптары", Field::Requirements),
        ("Тұрғын үй", Field::Housing),
        ("№ п/п", Field::Ignored),
        ("Position", Field::Position),
    ] {
        assert_eq!(understand(text).map(|(field, _)| field), Some(expected), "{text}");
    }
    assert_eq!(understand("Ғылыми дәреже жұлдызы"), None);
}

#[test]
fn headings_below_titles() {
    let simple = table(
        "Бос орындар тізімі\n\n№|БИН|Должность|Предмет|Ставка\n1|090340012228|Учитель|Химия|1",
    );
    assert_eq!(fields(&simple), (3, "ignored bin position subject rate".into()));
    let mixed = table("Лауазым|Пән|Жүктеме|Оклад|Неизвестное\nмұғалім|физика|18|200000|x");
    assert_eq!(fields(&mixed), (1, "position subject hours salary ?".into()));
}

#[test]
fn two_rows_of_headings() {
    let text = "№|Ұйым / Организация||Жүктеме / Нагрузка||Мерзімдер / Сроки||Байланыс / Контакты|\n|атауы / наименование|БСН / БИН|ставка|сағат / часы|жұмысқа кірісу / выход на работу|құжат қабылдау / приём документов до|жауапты адам|телефон\n1|x|y|z|1|2|3|4|5";
    let expected = (
        1,
        "ignored organisation bin rate hours start_on accept_to contact_name contact_phone".into(),
    );
    let plain = table(text);
    assert_eq!(fields(&plain), expected);
    let mut merged = plain;
    for columns in [(1, 2), (3, 4), (5, 6), (7, 8)] {
        merged.merges.push(Merge { rows: (1, 1), columns });
    }
    assert_eq!(fields(&merged), expected);
    assert_eq!(find(&merged).unwrap().first, 2);
}

#[test]
fn no_headings_no_guess() {
    assert_eq!(find(&table("Привет\nэто письмо|а не таблица\n1|2|3")), None);
    assert_eq!(find(&Table::default()), None);
}

#[test]
fn repeated_headings_are_no_data() {
    let table =
        table("№|БИН|Должность|Ставка\n1|2|3|4\n№|БИН|Должность|Ставка\n7|090340012228|Повар|1");
    let headings = find(&table).unwrap();
    let repeats: Vec<_> = table.rows.iter().skip(1).map(|row| repeats(row, &headings)).collect();
    assert_eq!(repeats, [true, true, false]);
}
