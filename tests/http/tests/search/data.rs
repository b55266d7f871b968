//! A made-up country of vacancies: directories and places as shipped, the rest by counting.

use domain::shared::time::Timestamp;
use http_tests::World;
use serde_json::{Value, json};

pub const DAY: i64 = 86_400;

fn shipped(file: &str) -> Value {
    let path = format!("{}/../../schemas/data/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn insert(world: &World, sql: &str, rows: &Value) {
    world.db.execute(&sql.replace("?1", &format!("'{}'", rows.to_string().replace('\'', "''"))));
}

/// Directories and places.
pub fn names(world: &World) {
    let mut items = Vec::new();
    for (directory, list) in shipped("directories.json").as_object().unwrap() {
        for item in list.as_array().unwrap() {
            items.push(json!([
                directory,
                item["code"],
                item["kk"],
                item["ru"],
                item["en"],
                item.get("attrs").cloned().unwrap_or(json!({})).to_string()
            ]));
        }
    }
    insert(
        world,
        "INSERT INTO directory_item (directory, code, edition, kk, ru, en, attrs, valid_from)
         SELECT value ->> 0, value ->> 1, 1, value ->> 2, value ->> 3, coalesce(value ->> 4, ''),
           value ->> 5, '2026-01-01' FROM json_each(?1)",
        &json!(items),
    );
    insert(
        world,
        "INSERT INTO kato (code, parent, level, kk, ru, en, lat, lon)
         SELECT value ->> 'code', value ->> 'parent', value ->> 'level', value ->> 'kk',
           value ->> 'ru', coalesce(value ->> 'en', ''), value ->> 'lat', value ->> 'lon'
         FROM json_each(?1)",
        &shipped("kato.json"),
    );
}

/// Organisations in every tenth district, named after a number.
pub fn organisations(world: &World) -> Vec<(String, String)> {
    let kato = shipped("kato.json");
    let districts: Vec<&Value> =
        kato.as_array().unwrap().iter().filter(|unit| unit["level"] == 2).collect();
    let mut rows = Vec::new();
    let mut out = Vec::new();
    for n in 0..60_usize {
        let district = districts[n * 7 % districts.len()];
        let id = format!("org{n:05}");
        let kind = ["school", "gymnasium", "preschool", "tvet"][n % 4];
        let point = if n % 3 == 0 {
            (Value::Null, Value::Null)
        } else {
            let shift = (n % 10) as f64 / 50.0;
            (
                json!(district["lat"].as_f64().unwrap() + shift),
                json!(district["lon"].as_f64().unwrap() - shift),
            )
        };
        rows.push(json!({
            "id": id, "slug": format!("uiym-{n}"), "bin": format!("{n:012}"), "type": kind,
            "path": format!("/{id}/"), "kato": district["code"],
            "kk": format!("№{n} жалпы білім беретін мектеп"), "ru": format!("Общеобразовательная школа № {n}"),
            "lat": point.0, "lon": point.1,
        }));
        out.push((id, district["code"].as_str().unwrap().to_owned()));
    }
    insert(
        world,
        "INSERT INTO organisation (id, slug, bin, level, type, path, kato, name_kk, name_ru, lat,
           lon, valid_from, changed_at)
         SELECT value ->> 'id', value ->> 'slug', value ->> 'bin', 'organisation',
           value ->> 'type', value ->> 'path', value ->> 'kato', value ->> 'kk', value ->> 'ru',
           value ->> 'lat', value ->> 'lon', '2026-01-01', '2026-01-01T00:00:00.000Z'
         FROM json_each(?1)",
        &json!(rows),
    );
    out
}

/// A vacancy to be written.
pub struct New {
    pub number: usize,
    pub organisation: String,
    pub state: &'static str,
    pub closes_at: Timestamp,
    pub published_at: Timestamp,
    pub content: Value,
}

pub fn insert_vacancies(world: &World, list: &[New]) {
    let rows: Vec<Value> = list
        .iter()
        .map(|new| {
            json!({
                "id": format!("vac{:06}", new.number), "number": new.number,
                "slug": format!("bos-oryn-{}", new.number), "organisation": new.organisation,
                "state": new.state, "content": new.content.to_string(),
                "position": new.content["position"], "subject": new.content["subject"],
                "published_at": new.published_at.to_string(),
                "accept_to": new.closes_at.day().to_string(),
                "closes_at": new.closes_at.to_string(),
            })
        })
        .collect();
    insert(
        world,
        "INSERT INTO vacancy (id, number, slug, organisation, state, content, position, subject,
           procedure, edition, published_at, accept_from, accept_to, closes_at, created_by,
           created_at, changed_by, changed_at)
         SELECT value ->> 'id', value ->> 'number', value ->> 'slug', value ->> 'organisation',
           value ->> 'state', value ->> 'content', value ->> 'position', value ->> 'subject',
           'teachers-competition', '2023-08-15', value ->> 'published_at', '2026-10-01',
           value ->> 'accept_to', value ->> 'closes_at', 'a', '2026-10-01T00:00:00.000Z', 'a',
           value ->> 'published_at'
         FROM json_each(?1)",
        &json!(rows),
    );
}

/// Vacancies by counting: all positions, subjects, kinds of pay, dates.
pub fn vacancies(world: &World, from: usize, to: usize, organisations: &[(String, String)]) {
    let directories = shipped("directories.json");
    let codes = |directory: &str| -> Vec<String> {
        let list = directories[directory].as_array().unwrap();
        list.iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
    };
    let (positions, subjects, extras) = (codes("position"), codes("subject"), codes("extra"));
    let now = world.now.get();
    let list: Vec<New> = (from..to)
        .map(|n| {
            let mix = n.wrapping_mul(2_654_435_761) >> 7;
            let teacher = mix % 3 == 0;
            let position = if teacher { "subject_teacher" } else { &positions[mix % positions.len()] };
            let subject = teacher.then(|| subjects[mix / 3 % subjects.len()].clone());
            New {
                number: 1001 + n,
                organisation: organisations[mix % organisations.len()].0.clone(),
                state: "published",
                closes_at: now.plus_seconds(DAY * (1 + (mix % 30) as i64) + 60 * (mix % 600) as i64),
                published_at: now.plus_seconds(-60 * (mix % 40_000) as i64),
                content: json!({
                    "position": position, "subject": subject,
                    "term": if mix % 5 == 0 { "temporary" } else { "permanent" },
                    "rate": ([50, 100, 100, 150][mix % 4]), "openings": 1,
                    "salary_from": if mix % 7 == 0 { Value::Null } else { json!(100_000 + (mix % 50) * 10_000) },
                    "language": (["kk", "ru", "mixed"][mix % 3]),
                    "duties": {"kk": "Сабақ береді, сыныппен жұмыс істейді.", "ru": "Ведёт уроки и работает с классом."},
                    "extras": if mix % 4 == 0 { json!([extras[mix % extras.len()], extras[(mix + 1) % extras.len()]]) } else { json!([]) },
                }),
            }
        })
        .collect();
    insert_vacancies(world, &list);
}

/// Everything into the index, in steps.
pub fn rebuild(world: &World) {
    let mut cursor: Option<String> = None;
    loop {
        cursor =
            world.with(async |ports| app::search::rebuild(ports, cursor.as_deref()).await).unwrap();
        if cursor.is_none() {
            return;
        }
    }
}

/// A country with `n` vacancies, indexed.
pub fn country(n: usize) -> World {
    let world = World::new();
    names(&world);
    let organisations = organisations(&world);
    vacancies(&world, 0, n, &organisations);
    rebuild(&world);
    // Notes that the index is whole.
    for _ in 0..n / 500 + 3 {
        world.with(async |ports| app::search::catch_up(ports).await).unwrap();
    }
    world
}
