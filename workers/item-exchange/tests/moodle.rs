use domain::bank::{
    body::{Kind, Task},
    key::{Key, Rule, WHOLE},
};
use item_exchange::{Format, Options, read, report::Weight};

use crate::PNG;

#[test]
fn questions_of_a_quiz() {
    let png = data_encoding::BASE64.encode(PNG);
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/pedagogy/didactics</text></category></question>
<question type="multichoice"><name><text>P-1_ru</text></name><questiontext format="html"><text><![CDATA[<p>Что на рисунке? <img src="@@PLUGINFILE@@/a%20b.png" alt="круг"></p>]]></text><file name="a b.png" path="/" encoding="base64">{png}</file></questiontext><defaultgrade>2.0000000</defaultgrade><single>true</single><shuffleanswers>true</shuffleanswers><answer fraction="100" format="html"><text>Круг</text><feedback format="html"><text>Да</text></feedback></answer><answer fraction="0" format="html"><text>Квадрат</text></answer></question>
<question type="truefalse"><name><text>tf</text></name><questiontext format="html"><text>Земля круглая</text></questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="numerical"><name><text>n</text></name><questiontext format="html"><text>2+2</text></questiontext><answer fraction="100"><text>4</text><tolerance>0.1</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>кг</unit_name></unit></units></question>
<question type="matching"><name><text>m</text></name><questiontext format="html"><text>Соотнесите</text></questiontext><subquestion format="html"><text>a</text><answer><text>1</text></answer></subquestion><subquestion format="html"><text>b</text><answer><text>2</text></answer></subquestion><subquestion format="html"><text></text><answer><text>3</text></answer></subquestion></question>
<question type="gapselect"><name><text>g</text></name><questiontext format="html"><text>Кот [[1]] мышь [[2]].</text></questiontext><selectoption><text>ест</text><group>1</group></selectoption><selectoption><text>боится</text><group>1</group></selectoption></question>
<question type="cloze"><name><text>c</text></name><questiontext format="html"><text><![CDATA[<p>Столица — {{1:SHORTANSWER:=Астана#да~%50%Нур-Султан}}, год {{1:NM:=1997:1}}, цвет {{1:MULTICHOICE:=синий~красный}}</p>]]></text></questiontext></question>
<question type="essay"><name><text>e</text></name><questiontext format="html"><text>Напишите</text></questiontext></question>
<question type="calculated"><name><text>k</text></name><questiontext format="html"><text>x</text></questiontext></question>
</quiz>"#
    );
    let found = read(Format::Moodle, "q.xml", xml.as_bytes(), Options::default()).unwrap();
    let kinds: Vec<Kind> = found.items.iter().map(|item| item.body.task.kind()).collect();
    assert_eq!(
        kinds,
        [Kind::Single, Kind::Single, Kind::Number, Kind::Matching, Kind::Text, Kind::Text],
        "{:?}",
        found.notes.list
    );
    assert_eq!((found.seen, found.media.len()), (8, 1));
    assert_eq!(found.items[0].meta.topic, "pedagogy/didactics");
    assert_eq!(found.items[0].answers.scoring.points, 2);
    let Task::Number { unit } = &found.items[2].body.task else { panic!() };
    assert_eq!(unit, "кг");
    let Task::Matching { left, right, .. } = &found.items[3].body.task else { panic!() };
    assert_eq!((left.len(), right.len()), (2, 3));
    let Key::Gaps { right } = &found.items[5].answers.key else { panic!() };
    assert_eq!(right.len(), 3);
    assert_eq!(right[0].accept.iter().map(|a| a.share).collect::<Vec<_>>(), [WHOLE, 500_000]);
    assert_eq!(found.items[5].answers.scoring.rule, Rule::Part);
    assert_eq!(found.items[5].body.stem.text(), "Столица — ____, год ____, цвет ____");
    let refused: Vec<(&str, &str, u32)> = found
        .notes
        .list
        .iter()
        .filter(|n| n.weight == Weight::Refused)
        .map(|n| (n.code, n.what.as_str(), n.line))
        .collect();
    assert_eq!(refused, [("moodle_kind", "essay", 10), ("moodle_kind", "calculated", 11)]);
    assert!(found.notes.list.iter().any(|n| n.code == "feedback"));
}
