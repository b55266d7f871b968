//! Items as other programs write them.
use domain::{
    bank::{
        body::{Kind, Task},
        key::{Key, Rule, WHOLE},
        rich::Inline,
    },
    shared::lang::Lang,
};
use item_exchange::{
    Format, Options,
    model::{Draft, Found},
    read,
    report::Weight,
};

use crate::{CHOICE, PNG, manifest, pack};

fn file(xml: &str) -> Found {
    read(Format::Qti, "a.xml", xml.as_bytes(), Options::default()).unwrap()
}

fn one(xml: &str) -> Draft {
    let found = file(xml);
    assert_eq!(found.items.len(), 1, "{:?}", found.notes.list);
    found.items.into_iter().next().unwrap()
}

fn item2(declaration: &str, body: &str, rest: &str) -> String {
    format!(r#"<q:assessmentItem xmlns:q="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="t" xml:lang="ru">{declaration}<q:itemBody>{body}</q:itemBody>{rest}</q:assessmentItem>"#)
        .replace("<q:q:", "<q:")
}

fn item3(declaration: &str, body: &str, rest: &str) -> String {
    format!(
        r#"<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i1" title="t" xml:lang="kk">{declaration}<qti-item-body>{body}</qti-item-body>{rest}</qti-assessment-item>"#
    )
}

#[test]
fn a_choice_with_an_image() {
    let manifest = manifest(&["items/a.xml"]);
    let bytes = pack(&[
        ("imsmanifest.xml", manifest.as_bytes()),
        ("items/a.xml", CHOICE.as_bytes()),
        ("items/images/sign.png", PNG),
    ]);
    let found = read(Format::Qti, "p.zip", &bytes, Options::default()).unwrap();
    let draft = &found.items[0];
    assert_eq!(
        draft.body.stem.text(),
        "Look at the text in the picture.\nNEVER LEAVE LUGGAGE UNATTENDED\nWhat does it say?"
    );
    assert_eq!(draft.answers.key, Key::Options { right: vec!["ChoiceA".into()] });
    let Task::Single { options, shuffle } = &draft.body.task else { panic!() };
    assert!(!shuffle && options[1].fixed && !options[0].fixed);
    // English is not ours: it is taken as the person says, and the report says so.
    assert!(found.notes.list.iter().any(|note| note.code == "language_assumed"));
    // The same folder packed together with its parent.
    let bytes = pack(&[
        ("p/imsmanifest.xml", manifest.as_bytes()),
        ("p/items/a.xml", CHOICE.as_bytes()),
        ("p/items/images/sign.png", PNG),
        ("__MACOSX/p/._a", b""),
    ]);
    assert_eq!(read(Format::Qti, "p.zip", &bytes, Options::default()).unwrap().items.len(), 1);
    // Without the image the item makes no sense.
    let bytes =
        pack(&[("imsmanifest.xml", manifest.as_bytes()), ("items/a.xml", CHOICE.as_bytes())]);
    let found = read(Format::Qti, "p.zip", &bytes, Options::default()).unwrap();
    assert!(found.items.is_empty());
    let note = found.notes.list.iter().find(|note| note.weight == Weight::Refused).unwrap();
    assert_eq!((note.code, note.file.as_str(), note.line), ("image_missing", "items/a.xml", 9));
}

#[test]
fn several_choices_with_a_table() {
    let draft = one(&item3(
        r#"<qti-response-declaration identifier="R" cardinality="multiple" base-type="identifier"><qti-correct-response><qti-value>H</qti-value><qti-value>O</qti-value></qti-correct-response><qti-mapping lower-bound="0" upper-bound="2" default-value="-2"><qti-map-entry map-key="H" mapped-value="1"/><qti-map-entry map-key="O" mapped-value="1"/><qti-map-entry map-key="Cl" mapped-value="-1"/></qti-mapping></qti-response-declaration>"#,
        r#"<p>Су <em>неден</em> тұрады?</p><qti-choice-interaction response-identifier="R" shuffle="true" max-choices="0"><qti-simple-choice identifier="H">Сутек</qti-simple-choice><qti-simple-choice identifier="He">Гелий</qti-simple-choice><qti-simple-choice identifier="O">Оттек</qti-simple-choice><qti-simple-choice identifier="Cl">Хлор</qti-simple-choice></qti-choice-interaction>"#,
        r#"<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/>"#,
    ));
    assert_eq!((draft.lang, draft.body.task.kind()), (Some(Lang::Kk), Kind::Multiple));
    assert_eq!(draft.answers.scoring.rule, Rule::Table);
    assert_eq!(draft.answers.scoring.points, 2);
    let share =
        |id: &str| draft.answers.scoring.table.iter().find(|(have, _)| have == id).unwrap().1;
    assert_eq!([share("H"), share("He"), share("Cl")], [500_000, -WHOLE, -500_000]);
}

#[test]
fn gaps_of_all_kinds() {
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R1" cardinality="single" baseType="string"><correctResponse><value>York</value></correctResponse><mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/><mapEntry mapKey="york" mappedValue="0.5" caseSensitive="false"/></mapping></responseDeclaration><responseDeclaration identifier="R2" cardinality="single" baseType="identifier"><correctResponse><value>L</value></correctResponse></responseDeclaration>"#,
        r#"<blockquote><p>this sun of <textEntryInteraction responseIdentifier="R1" expectedLength="15"/>; <inlineChoiceInteraction responseIdentifier="R2" shuffle="false"><inlineChoice identifier="G">Gloucester</inlineChoice><inlineChoice identifier="L">Lancaster</inlineChoice></inlineChoiceInteraction></p></blockquote>"#,
        "",
    ));
    let Task::Text { gaps, .. } = &draft.body.task else { panic!() };
    assert_eq!((gaps[0].width, gaps[1].options.len()), (15, 2));
    assert_eq!(draft.body.stem.gaps(), ["R1", "R2"]);
    let Key::Gaps { right } = &draft.answers.key else { panic!() };
    assert_eq!(
        right[0].accept.iter().map(|a| (a.share, a.case)).collect::<Vec<_>>(),
        [(WHOLE, true), (500_000, false)]
    );
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R" cardinality="multiple" baseType="directedPair"><correctResponse><value>W G1</value><value>Su G2</value></correctResponse></responseDeclaration>"#,
        r#"<gapMatchInteraction responseIdentifier="R" shuffle="false"><prompt>Identify</prompt><gapText identifier="W" matchMax="1">winter</gapText><gapText identifier="Su" matchMax="1">summer</gapText><gapText identifier="A" matchMax="1">autumn</gapText><p>Now is the <gap identifier="G1"/> of our discontent<br/> Made glorious <gap identifier="G2"/></p></gapMatchInteraction>"#,
        r#"<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>"#,
    ));
    assert_eq!(
        draft.body.stem.text(),
        "Identify\nNow is the ____ of our discontent\nMade glorious ____"
    );
    assert_eq!(draft.answers.scoring.rule, Rule::All);
}

#[test]
fn numbers_orders_pairs_and_places() {
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R" cardinality="single" baseType="float"><correctResponse><value>3.14</value></correctResponse></responseDeclaration>"#,
        r#"<p>π ≈ <textEntryInteraction responseIdentifier="R"/></p>"#,
        r#"<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.01 0.02"><variable identifier="R"/><correct identifier="R"/></equal><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"#,
    ));
    let Key::Number { right } = &draft.answers.key else { panic!("{draft:?}") };
    assert!((right[0].from - 3.13).abs() < 1e-9 && (right[0].to - 3.16).abs() < 1e-9);
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R" cardinality="ordered" baseType="identifier"><correctResponse><value>C</value><value>A</value><value>B</value></correctResponse></responseDeclaration>"#,
        r#"<orderInteraction responseIdentifier="R" shuffle="true"><prompt>Order</prompt><simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice><simpleChoice identifier="C">c</simpleChoice></orderInteraction>"#,
        "",
    ));
    assert_eq!(draft.answers.key, Key::Order { right: vec!["C".into(), "A".into(), "B".into()] });
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R" cardinality="multiple" baseType="directedPair"><correctResponse><value>C R</value><value>D M</value></correctResponse></responseDeclaration>"#,
        r#"<matchInteraction responseIdentifier="R" shuffle="true" maxAssociations="4"><prompt>Match</prompt><simpleMatchSet><simpleAssociableChoice identifier="C" matchMax="1">Capulet</simpleAssociableChoice><simpleAssociableChoice identifier="D" matchMax="1">Demetrius</simpleAssociableChoice></simpleMatchSet><simpleMatchSet><simpleAssociableChoice identifier="M" matchMax="4">Dream</simpleAssociableChoice><simpleAssociableChoice identifier="R" matchMax="4">Romeo</simpleAssociableChoice></simpleMatchSet></matchInteraction>"#,
        "",
    ));
    let Task::Matching { reuse, .. } = draft.body.task else { panic!() };
    assert_eq!(reuse, 4);
    let data = data_encoding::BASE64.encode(PNG);
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R" cardinality="single" baseType="point"><areaMapping defaultValue="0"><areaMapEntry shape="circle" coords="102,113,16" mappedValue="1"/></areaMapping></responseDeclaration>"#,
        &format!(
            r#"<selectPointInteraction responseIdentifier="R" maxChoices="1"><prompt>Where?</prompt><object type="image/png" data="data:image/png;base64,{data}" width="196" height="280">UK</object></selectPointInteraction>"#
        ),
        r#"<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response_point"/>"#,
    ));
    let Task::Hotspot { image, areas, most } = &draft.body.task else { panic!() };
    assert_eq!((image.width, areas.len(), *most, image.alt.as_str()), (196, 0, 1, "UK"));
}

#[test]
fn formulas_lose_only_what_is_dangerous() {
    let draft = one(&item2(
        r#"<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>a</value></correctResponse></responseDeclaration>"#,
        r#"<p><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:semantics><m:mrow><m:msup><m:mi mathvariant="italic" href="javascript:x">x</m:mi><m:mn>2</m:mn></m:msup><m:maction actiontype="x"><m:mo>=</m:mo></m:maction></m:mrow><m:annotation encoding="TeX">x^2</m:annotation></m:semantics></m:math></p><script>alert(1)</script><choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="a">1</simpleChoice><simpleChoice identifier="b">2</simpleChoice></choiceInteraction>"#,
        "",
    ));
    let mut formulas = Vec::new();
    draft.body.stem.walk(&mut |inline| {
        if let Inline::Math(math) = inline {
            formulas.push(math.clone());
        }
    });
    assert!(formulas[0].is_safe());
    assert_eq!((formulas[0].text().as_str(), draft.body.stem.text().as_str()), ("x2=", "x2="));
}

#[test]
fn what_the_model_cannot_hold_is_named() {
    let declared = r#"<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>a</value></correctResponse></responseDeclaration>"#;
    for (declaration, body, code, what) in [
        (
            declared,
            r#"<extendedTextInteraction responseIdentifier="R"/>"#,
            "interaction",
            "extendedTextInteraction",
        ),
        (
            declared,
            r#"<uploadInteraction responseIdentifier="R"/>"#,
            "interaction",
            "uploadInteraction",
        ),
        (
            declared,
            r#"<associateInteraction responseIdentifier="R"/>"#,
            "interaction",
            "associateInteraction",
        ),
        (
            declared,
            r#"<sliderInteraction responseIdentifier="R"/>"#,
            "interaction",
            "sliderInteraction",
        ),
        (
            declared,
            r#"<customInteraction responseIdentifier="R"/>"#,
            "interaction",
            "customInteraction",
        ),
        (declared, "<p>text</p>", "no_interaction", ""),
        (
            "",
            r#"<p>x</p><choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="a">1</simpleChoice></choiceInteraction>"#,
            "no_key",
            "R",
        ),
        (
            r#"<templateDeclaration identifier="A" cardinality="single" baseType="integer"/>"#,
            "<p>x</p>",
            "template",
            "A",
        ),
    ] {
        let found = file(&item2(declaration, body, ""));
        assert!(found.items.is_empty());
        let note = found.notes.list.iter().find(|note| note.weight == Weight::Refused).unwrap();
        assert_eq!((note.code, note.what.as_str()), (code, what), "{body}");
    }
    for (xml, code) in
        [("<questestinterop/>", "qti1"), ("<html/>", "not_qti"), ("<manifest/>", "manifest_alone")]
    {
        assert_eq!(
            read(Format::Qti, "a", xml.as_bytes(), Options::default()).unwrap_err().code,
            code
        );
    }
}

#[test]
fn tests_name_their_items() {
    let found = file(
        r#"<assessmentTest xmlns="x" identifier="T" title="Test"><timeLimits maxTime="4800"/><testPart identifier="p" navigationMode="linear" submissionMode="individual"><assessmentSection identifier="s" title="First" visible="true"><selection select="1"/><ordering shuffle="true"/><assessmentItemRef identifier="i1" href="a.xml"/><assessmentItemRef identifier="i2" href="b.xml"/></assessmentSection></testPart></assessmentTest>"#,
    );
    let test = &found.tests[0];
    assert_eq!((test.seconds, test.free, test.sections.len()), (4800, false, 1));
    assert_eq!(
        (test.sections[0].select, test.sections[0].shuffle, test.sections[0].items.len()),
        (1, true, 2)
    );
}
