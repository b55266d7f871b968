//! Organisations in the cabinet: finding one, its card.

use domain::{
    account::permission::Permission,
    journal::Entry,
    organisation::{CabinetOrganisation, Card, Row, check_card},
    shared::{
        fold::fold,
        id::is_ulid,
        phone::Phone,
        refusal::{Kind, Refusal},
        statement::guard,
    },
    sql,
    vacancy::content::Directories,
};
use serde_json::json;

use crate::{
    cx::Cx,
    error::Error,
    facts,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
    save::{Change, Event, save},
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/organisations", SignedIn, Cabinet, list),
    route!(Get "/api/v1/cabinet/organisations/{id}", SignedIn, Cabinet, show),
    route!(Put "/api/v1/cabinet/organisations/{id}", May(OrganisationEdit), Cabinet, change),
];

/// An organisation by its identifier, whoever asks; the caller checks the reach.
pub async fn place(cx: &Cx<'_>, id: &str) -> Result<Row, Error> {
    if !is_ulid(id) {
        return Err(Refusal::not_found().into());
    }
    let found: Option<Row> =
        read(cx.ports.db, sql!("SELECT * FROM organisation WHERE id = ?1", id)).await?.first()?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Organisations within reach whose folded name contains the folded words of `q`.
async fn list(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let wanted = request.query_pairs().into_iter().find(|(name, _)| name == "q");
    let words: Vec<String> = wanted
        .map(|(_, q)| fold(&q).split_whitespace().map(str::to_owned).collect())
        .unwrap_or_default();
    // Whoever works with vacancies, cards or accounts of an organisation finds it here.
    let sees = [Permission::VacancyRead, Permission::OrganisationEdit, Permission::AccountManage];
    let mut found = super::me::organisations(cx, &sees, true, 2000).await?;
    found.retain(|one| {
        let name = fold(&format!("{} {}", one.name.kk, one.name.ru));
        words.iter().all(|word| name.contains(word.as_str()))
    });
    found.truncate(50);
    Ok(Response::json(&found)?)
}

fn view(cx: &Cx<'_>, row: &Row) -> Result<CabinetOrganisation, Error> {
    Ok(CabinetOrganisation {
        id: row.id.clone(),
        slug: row.slug.clone(),
        bin: row.bin.clone(),
        kind: row.kind.clone(),
        level: row.level.clone(),
        kato: row.kato.clone(),
        rural: row.rural,
        version: row.version,
        card: row.card(),
        editable: cx.actor()?.may(Permission::OrganisationEdit, &row.path),
    })
}

async fn show(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let row = place(cx, cx.param("id")).await?;
    let actor = cx.actor()?;
    let sees = [Permission::VacancyRead, Permission::OrganisationEdit, Permission::AccountRead];
    if !sees.iter().any(|permission| actor.may(*permission, &row.path)) {
        return Err(Refusal::not_found().into());
    }
    Ok(Response::json(&view(cx, &row)?)?.header("etag", format!("\"{}\"", row.version)))
}

async fn change(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let version: i64 = request
        .header("if-match")
        .and_then(|value| value.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| Refusal::new(Kind::Precondition, "version_missing"))?;
    let mut card = request.json::<Card>()?.tidy();
    let row = place(cx, cx.param("id")).await?;
    cx.actor()?.check(Permission::OrganisationEdit, &row.path)?;
    let (book, _, _) = facts::load(cx.ports, vec![]).await?;
    check_card(&card, |code| book.has("language_of_instruction", code))?;
    if let Ok(phone) = Phone::parse(&card.phone) {
        card.phone = phone.e164();
    }
    let next = Row {
        name_kk: card.name.kk.clone(),
        name_ru: card.name.ru.clone(),
        name_en: card.name.en.clone(),
        address_kk: card.address.kk.clone(),
        address_ru: card.address.ru.clone(),
        about_kk: card.about.kk.clone(),
        about_ru: card.about.ru.clone(),
        phone: card.phone.clone(),
        email: card.email.clone(),
        site: card.site.clone(),
        languages: card.languages.clone(),
        lat: card.lat,
        lon: card.lon,
        version: version + 1,
        ..row.clone()
    };
    let statements = vec![
        guard(
            "version",
            "SELECT version = ?2 FROM organisation WHERE id = ?1",
            vec![row.id.as_str().into(), version.into()],
        ),
        sql!(
            "UPDATE organisation SET name_kk = ?2, name_ru = ?3, name_en = ?4, address_kk = ?5,
               address_ru = ?6, about_kk = ?7, about_ru = ?8, phone = ?9, email = ?10, site = ?11,
               languages = ?12, lat = ?13, lon = ?14, version = ?15, changed_at = ?16 WHERE id = ?1",
            &row.id,
            &next.name_kk,
            &next.name_ru,
            &next.name_en,
            &next.address_kk,
            &next.address_ru,
            &next.about_kk,
            &next.about_ru,
            &next.phone,
            &next.email,
            &next.site,
            json!(next.languages).to_string(),
            next.lat,
            next.lon,
            next.version,
            cx.ports.now
        ),
    ];
    let change = Change {
        statements,
        journal: vec![
            Entry::new("organisation.save", "organisation", &row.id)
                .of(&row.id)
                .before(json!({ "card": row.card(), "version": row.version }))
                .after(json!({ "card": card, "version": next.version })),
        ],
        events: vec![Event { topic: "organisation.changed", key: row.id.clone() }],
    };
    let response =
        Response::json(&view(cx, &next)?)?.header("etag", format!("\"{}\"", next.version));
    save(cx, None, change, response).await
}
