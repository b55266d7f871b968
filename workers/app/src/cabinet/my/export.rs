//! Taking along all that is known of a person: JSON for programs, a page for printing.

mod words;

use askama::Template;
use domain::{
    journal::Entry,
    profile::personal::{PARTS, reads},
    shared::{format, lang::Lang, locale::PROFILE},
};
use papers::{Block, Paper, render};
use serde_json::{Map, Value, json};

use super::access;
use crate::{
    cx::Cx,
    error::{Error, Fault},
    http::{Request, Response},
    ports::read_all,
    route,
    routes::Route,
    save::{Change, save},
    web::page::{Page, lang},
};
use words::fields;

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/my/export", SignedIn, Cabinet, json_file),
    route!(Get "/api/v1/cabinet/my/export.pdf", SignedIn, Cabinet, pdf_file),
    route!(Get "/{lang}/my-data", SignedIn, Page, print),
];

/// Looks that are taken along.
const LOOKS: u32 = 500;

/// Every part with its rows; columns that hold JSON are written as what they are.
async fn collect(cx: &Cx<'_>) -> Result<Map<String, Value>, Error> {
    let actor = cx.actor()?;
    let answers = read_all(cx.ports.db, reads(&actor.person, &actor.account, cx.ports.now)).await?;
    let mut out = Map::new();
    for (part, rows) in PARTS.iter().zip(answers) {
        let mut rows: Vec<Map<String, Value>> = rows.all()?;
        for row in &mut rows {
            for column in part.json {
                let text = row.get(*column).and_then(Value::as_str);
                let value = text.and_then(|text| serde_json::from_str(text).ok());
                if let Some(value) = value {
                    row.insert((*column).to_owned(), value);
                }
            }
        }
        out.insert(part.name.to_owned(), rows.into_iter().map(Value::Object).collect());
    }
    let looks = access::load(cx, 1 << 52, LOOKS).await?.items;
    let looks = serde_json::to_value(looks).map_err(|e| Fault::new(format!("looks: {e}")))?;
    out.insert("access".into(), looks);
    Ok(out)
}

/// Writes down that the data were taken along: the person sees it should it not have been him.
async fn noted(cx: &Cx<'_>, form: &str, response: Response) -> Result<Response, Error> {
    let person = &cx.actor()?.person;
    let change = Change {
        journal: vec![
            Entry::new("person.take_along", "person", person).after(json!({ "form": form })),
        ],
        ..Change::default()
    };
    save(cx, None, change, response).await
}

async fn json_file(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let file = json!({
        "schema": "https://mansap.kz/schemas/personal-data/1",
        "made_at": cx.ports.now,
        "data": collect(cx).await?,
    });
    let name = format!("attachment; filename=\"mansap-{}.json\"", cx.ports.now.day());
    let text =
        serde_json::to_string_pretty(&file).map_err(|e| Fault::new(format!("export: {e}")))?;
    let response = Response::new(200, "application/json", text).header("content-disposition", name);
    noted(cx, "json", response).await
}

struct Section {
    title: String,
    /// Each row as its filled fields: name and value.
    rows: Vec<Vec<(String, String)>>,
}

#[derive(Template)]
#[template(path = "my_data.html")]
struct MyData<'a> {
    page: Page<'a>,
    made: String,
    note: &'static str,
    empty: &'static str,
    sections: Vec<Section>,
}

/// All parts in words.
fn sections(lang: Lang, data: &Map<String, Value>) -> Vec<Section> {
    let names = PARTS.iter().map(|part| part.name).chain(["access"]);
    names
        .map(|name| {
            let rows = data.get(name).and_then(Value::as_array);
            Section {
                title: PROFILE.fill(lang, &format!("export.part.{name}"), &[]),
                rows: rows.into_iter().flatten().map(|row| fields(lang, name, row)).collect(),
            }
        })
        .collect()
}

/// The same as a PDF, for whoever needs paper.
async fn pdf_file(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let lang = cx.lang;
    let made = PROFILE.fill(lang, "export.made", &[("at", &format::date_time(lang, cx.ports.now))]);
    let title = PROFILE.get(lang, "export.title").to_owned();
    let mut blocks = vec![
        Block::Title(title.clone()),
        Block::Soft(made.clone()),
        Block::Soft(PROFILE.get(lang, "export.note").to_owned()),
    ];
    for section in sections(lang, &collect(cx).await?) {
        blocks.push(Block::Heading(section.title));
        if section.rows.is_empty() {
            blocks.push(Block::Soft(PROFILE.get(lang, "export.empty").to_owned()));
        }
        for fields in section.rows {
            blocks.push(Block::Facts(fields));
            blocks.push(Block::Gap);
        }
    }
    let paper = Paper {
        title,
        lang: lang.code().to_owned(),
        foot: format!("Mansap · {made}"),
        made: crate::application::paper::made(cx.ports.now),
        blocks,
    };
    let name = format!("attachment; filename=\"mansap-{}.pdf\"", cx.ports.now.day());
    let response = Response::new(200, "application/pdf", render(&paper));
    noted(cx, "pdf", response.header("content-disposition", name)).await
}

async fn print(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let lang = lang(cx)?;
    let sections = sections(lang, &collect(cx).await?);

    let made = format::date_time(lang, cx.ports.now);
    let page = Page::new(cx.ports.config, lang, "/my-data")
        .titled(PROFILE.get(lang, "export.title"), "")
        .bare();
    let html = MyData {
        page,
        made: PROFILE.fill(lang, "export.made", &[("at", &made)]),
        note: PROFILE.get(lang, "export.note"),
        empty: PROFILE.get(lang, "export.empty"),
        sections,
    }
    .render()
    .map_err(|e| Fault::new(format!("template: {e}")))?;
    noted(cx, "page", Response::html(html)).await
}
