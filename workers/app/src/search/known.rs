//! The names of what a query asks for; a code without a name is refused.

use domain::{
    search::{
        filter::{Filter, district_of},
        geo::Point,
        index::{Name, Names},
        query::Query,
        sql,
    },
    shared::{lang::Lang, refusal::Check},
};
use serde::Deserialize;

use crate::{
    error::Error,
    ports::{Ports, read, read_all},
};

/// Names of the codes of a query, and the point of its place.
pub(super) struct Known {
    names: Names,
    /// The point of `near`.
    pub(super) point: Option<Point>,
}

#[derive(Deserialize)]
struct Middle {
    lat: Option<f64>,
    lon: Option<f64>,
}

impl Middle {
    fn point(self) -> Option<Point> {
        self.lat.zip(self.lon).map(|(lat, lon)| Point { lat, lon })
    }
}

impl Known {
    /// Reads the names. A search without codes asks nothing.
    pub(super) async fn of(ports: &Ports<'_>, query: &Query) -> Result<Known, Error> {
        let mut asked: Vec<(&'static str, &str, &str)> = Vec::new();
        for filter in Filter::ALL {
            if let Some(directory) = filter.directory() {
                asked.extend(query.codes(filter).map(|code| (filter.name(), directory, code)));
            }
        }
        asked.extend(query.near.iter().map(|code| ("near", "kato", code.as_str())));
        if asked.is_empty() {
            return Ok(Known { names: Names::new(Vec::new()), point: None });
        }
        let pairs: Vec<(&str, &str)> = asked.iter().map(|(_, d, code)| (*d, *code)).collect();
        let mut rows: Vec<Name> = read(ports.search, sql::names(&pairs)).await?.all()?;
        let has = |rows: &[Name], directory: &str, code: &str| {
            rows.iter().any(|name| name.facet == directory && name.code == code)
        };
        let unknown: Vec<(&str, &str)> =
            pairs.iter().copied().filter(|(d, code)| !has(&rows, d, code)).collect();
        if !unknown.is_empty() {
            // New in the directories, and no vacancy has it yet.
            rows.extend(read(ports.db, sql::names_of_main(&unknown)).await?.all::<Name>()?);
        }
        let mut check = Check::default();
        for (field, directory, code) in &asked {
            let told = check.0.iter().any(|error| error.field == *field);
            if !told && !has(&rows, directory, code) {
                check.wrong(*field, "search_value");
            }
        }
        check.done()?;
        let names = Names::new(rows);
        let point = match &query.near {
            Some(code) => Known::place(ports, &names, code).await?,
            None => None,
        };
        Ok(Known { names, point })
    }

    /// The point of a place: its own, the middle of its organisations, or the one of its
    /// district.
    async fn place(ports: &Ports<'_>, names: &Names, code: &str) -> Result<Option<Point>, Error> {
        if let Some(name) = names.get("kato", code)
            && let Some((lat, lon)) = name.lat.zip(name.lon)
        {
            return Ok(Some(Point { lat, lon }));
        }
        let own = read(ports.db, sql::middle_of_organisations(code)).await?.first::<Middle>()?;
        if let Some(point) = own.and_then(Middle::point) {
            return Ok(Some(point));
        }
        let district = district_of(code);
        let rows = read_all(
            ports.search,
            vec![sql::names(&[("kato", &district)]), sql::middle(&district)],
        )
        .await?;
        for row in &rows {
            if let Some(point) = row.first::<Middle>()?.and_then(Middle::point) {
                return Ok(Some(point));
            }
        }
        let mut check = Check::default();
        check.wrong("near", "search_place");
        check.done()?;
        Ok(None)
    }

    /// A name in a language; the code itself where there is none.
    pub(super) fn name(&self, lang: Lang, directory: &str, code: &str) -> String {
        self.names
            .get(directory, code)
            .map_or_else(|| code.to_owned(), |name| name.text().get(lang).to_owned())
    }
}
