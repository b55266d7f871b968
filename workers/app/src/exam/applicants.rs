//! Competitions whose admitted people may be put down for a session. Whoever runs tests sees of an
//! application that it is admitted, its number and the name: nothing of what was written in it.

use domain::{
    account::permission::Permission,
    application::sql::sit::{Admitted, Competition, admitted, competitions},
};
use serde_json::{Value, json};

use super::{
    id,
    sessions::{SessionRow, load},
};
use crate::{
    application::show::vacancy_ref,
    cx::Cx,
    error::{Error, Fault},
    facts,
    http::{Request, Response},
    ports::read,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/api/v1/cabinet/exam-sessions/{id}/competitions", May(TestManage), Cabinet, list),
    route!(Get "/api/v1/cabinet/exam-sessions/{id}/competitions/{vacancy}", May(TestManage), Cabinet, people),
];

/// The session of the address, for whoever runs it.
async fn run(cx: &Cx<'_>) -> Result<SessionRow, Error> {
    let session = load(cx.ports, id(cx, "id")?).await?;
    cx.actor()?.check(Permission::TestManage, &session.path)?;
    Ok(session)
}

async fn list(cx: &Cx<'_>, _request: &Request) -> Result<Response, Error> {
    let session = run(cx).await?;
    let reach = cx.actor()?.reach(Permission::TestManage);
    let asked = competitions(&reach, &session.id);
    let (book, _, rows) = facts::load(cx.ports, vec![asked]).await?;
    let rows = rows.first().ok_or_else(|| Fault::new("competitions: no rows"))?;
    let found: Vec<Competition> = rows.all()?;
    let items: Vec<Value> = found
        .into_iter()
        .map(|one| {
            let vacancy = vacancy_ref(&one.row, &book, cx.ports);
            json!({ "vacancy": vacancy, "admitted": one.admitted, "seated": one.seated })
        })
        .collect();
    Ok(Response::json(&json!({ "items": items }))?)
}

async fn people(cx: &Cx<'_>, _request: &Request) -> Result<Response, Error> {
    let session = run(cx).await?;
    let reach = cx.actor()?.reach(Permission::TestManage);
    let asked = admitted(&reach, &session.id, id(cx, "vacancy")?);
    let found: Vec<Admitted> = read(cx.ports.db, asked).await?.all()?;
    let items: Vec<Value> = found
        .into_iter()
        .map(|one| {
            json!({ "application": one.id, "number": one.number, "name": one.name, "lang": one.lang,
                    "seated": one.seated != 0 })
        })
        .collect();
    Ok(Response::json(&json!({ "items": items }))?)
}
