//! The classifier of administrative units as those who keep it see it: level by level, or found by
//! name or code, closed units among them.

use domain::{
    shared::{lang::Text, row},
    sql,
};
use serde::{Deserialize, Serialize};

use crate::{
    cx::Cx,
    error::Error,
    http::{Request, Response},
    ports::read_all,
    route,
    routes::Route,
};

/// Routes of this feature.
pub const ROUTES: &[Route] =
    &[route!(Get "/api/v1/cabinet/kato", May(DirectoryEdit), Cabinet, units)];

/// Units of a page.
const PAGE: usize = 100;

#[derive(Serialize, Deserialize)]
struct Unit {
    /// KATO code, nine digits.
    code: String,
    /// Name.
    #[serde(deserialize_with = "row::json")]
    name: Text,
    /// 1 region, 2 district, 3 rural district, 4 settlement.
    level: u8,
    /// The unit above, by name; empty for a region.
    #[serde(deserialize_with = "row::json")]
    above: Text,
    /// Units right below it.
    below: u32,
    /// Organisations of this portal that are there.
    organisations: u32,
    /// The day from which the official table no longer has it.
    closed_on: Option<String>,
}

/// A unit on the way down.
#[derive(Serialize, Deserialize)]
struct Step {
    code: String,
    #[serde(deserialize_with = "row::json")]
    name: Text,
}

#[derive(Serialize)]
struct Page {
    /// From the region down to the unit whose parts these are.
    trail: Vec<Step>,
    items: Vec<Unit>,
    next: Option<String>,
}

/// What the address asks for.
#[derive(Default)]
struct Asked {
    words: String,
    under: String,
    after: String,
}

fn asked(request: &Request) -> Asked {
    let mut asked = Asked::default();
    for (name, value) in request.query_pairs() {
        let value: String = value.trim().chars().take(40).collect();
        match name.as_str() {
            "q" => asked.words = value,
            "under" => asked.under = value,
            "cursor" => asked.after = value,
            _ => {}
        }
    }
    asked
}

/// The letters as typed in lower case, and with a capital: the database knows no Cyrillic capitals.
fn spellings(typed: &str) -> [String; 2] {
    let lower = typed.to_lowercase();
    let mut letters = lower.chars();
    let capital = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    [lower, capital]
}

/// `GET /cabinet/kato?q=&under=&cursor=`: the parts of a unit (of the country where none is named),
/// or the units whose name contains the letters or whose code begins with them.
async fn units(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let asked = asked(request);
    let [lower, capital] = spellings(&asked.words);
    let found = sql!(
        "SELECT k.code, json_object('kk', k.kk, 'ru', k.ru, 'en', k.en) AS name, k.level, k.closed_on,
                coalesce((SELECT json_object('kk', p.kk, 'ru', p.ru, 'en', p.en)
                            FROM kato p WHERE p.code = k.parent), '{}') AS above,
                (SELECT count(*) FROM kato c WHERE c.parent = k.code AND c.closed_on IS NULL) AS below,
                (SELECT count(*) FROM organisation o WHERE o.kato = k.code) AS organisations
           FROM kato k
          WHERE k.code > ?5
            AND CASE WHEN ?1 = '' THEN k.parent IS ?4
                ELSE (?4 IS NULL OR k.parent = ?4) AND (substr(k.code, 1, length(?1)) = ?1
                  OR instr(k.kk, ?2) > 0 OR instr(k.ru, ?2) > 0
                  OR instr(k.kk, ?3) > 0 OR instr(k.ru, ?3) > 0) END
          ORDER BY k.code LIMIT ?6",
        asked.words.as_str(),
        lower,
        capital,
        Some(asked.under.as_str()).filter(|code| !code.is_empty()),
        asked.after.as_str(),
        PAGE as i64 + 1
    );
    let trail = sql!(
        "WITH RECURSIVE up (code, parent, level, kk, ru, en) AS (
           SELECT code, parent, level, kk, ru, en FROM kato WHERE code = ?1
           UNION SELECT k.code, k.parent, k.level, k.kk, k.ru, k.en FROM kato k JOIN up ON k.code = up.parent)
         SELECT code, json_object('kk', kk, 'ru', ru, 'en', en) AS name FROM up ORDER BY level, code",
        asked.under.as_str()
    );
    let rows = read_all(cx.ports.db, vec![found, trail]).await?;
    let mut items: Vec<Unit> = rows.first().map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let trail = rows.get(1).map(|rows| rows.all()).transpose()?.unwrap_or_default();
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next = items.last().filter(|_| more).map(|last| last.code.clone());
    Ok(Response::json(&Page { trail, items, next })?)
}
