//! The OpenAPI 3.1 document of the public API, made from the operations below and from the types
//! of the answers. `schemas/openapi.json` holds it; a test compares and rewrites it.

use domain::search::{
    api::{Changes, Facets, List, PublicVacancy},
    filter::Filter,
    geo,
    query::{CLOSING, CODES_MAX, SALARY_MAX, Sort, TEXT_MAX},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{NUMBER_MAX, PER_PAGE, PER_PAGE_MAX};

/// A parameter.
struct Parameter {
    name: &'static str,
    place: &'static str,
    about: &'static str,
    schema: Value,
    example: Value,
}

/// An operation.
struct Operation {
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    about: &'static str,
    parameters: Vec<Parameter>,
    /// Type of the answer, and an example of it.
    answer: fn(&mut SchemaGenerator) -> Value,
    /// Whether a well-formed parameter may name what does not exist.
    may_miss: bool,
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn any_object(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "object" })
}

/// The operations, one a route.
fn operations(directories: &Value, regions: &[String]) -> Vec<Operation> {
    let paged = || {
        let mut parameters = search_parameters(directories, regions);
        parameters.push(Parameter {
            name: "cursor",
            place: "query",
            about: "`next` of the page before. It belongs to exactly this search.",
            schema: json!({ "type": "string", "pattern": "^[0-9a-f]{30}$", "minLength": 30, "maxLength": 30 }),
            example: Value::Null,
        });
        parameters.push(Parameter {
            name: "per_page",
            place: "query",
            about: "How many results an answer has.",
            schema: json!({ "type": "integer", "minimum": 1, "maximum": PER_PAGE_MAX, "default": PER_PAGE }),
            example: json!(10),
        });
        parameters
    };
    vec![
        Operation {
            path: "/api/v1/vacancies",
            id: "listVacancies",
            summary: "Find vacancies",
            about: "Published vacancies whose acceptance of documents goes on.",
            parameters: paged(),
            answer: schema::<List>,
            may_miss: true,
        },
        Operation {
            path: "/api/v1/vacancies/facets",
            id: "countVacancies",
            summary: "Count vacancies by what they can be narrowed by",
            about: "Takes the same search. The count of a value is what a search with it would \
                    find, all other filters kept.",
            parameters: search_parameters(directories, regions),
            answer: schema::<Facets>,
            may_miss: true,
        },
        Operation {
            path: "/api/v1/vacancies/changes",
            id: "listChanges",
            summary: "What changed since a cursor",
            about: "For partners who keep a copy: call it with the `next` of the last answer. \
                    Without a cursor it starts from the beginning.",
            parameters: vec![Parameter {
                name: "since",
                place: "query",
                about: "`next` of the last answer.",
                schema: json!({ "type": "string", "pattern": "^[0-9a-f]{12}[0-9a-z]{0,40}$", "minLength": 12, "maxLength": 52 }),
                example: json!("000000000000"),
            }],
            answer: schema::<Changes>,
            may_miss: false,
        },
        Operation {
            path: "/api/v1/vacancies/{number}",
            id: "getVacancy",
            summary: "One vacancy",
            about: "The whole announcement in all its languages, also after its end.",
            parameters: vec![Parameter {
                name: "number",
                place: "path",
                about: "Number of the vacancy.",
                schema: json!({ "type": "integer", "minimum": 1, "maximum": NUMBER_MAX }),
                example: json!(1001),
            }],
            answer: schema::<PublicVacancy>,
            may_miss: true,
        },
        Operation {
            path: "/api/v1/journal/head",
            id: "getJournalHead",
            summary: "The head of the journal",
            about: "Every change is a row of a journal whose rows are chained by hashes. Whoever \
                    notes its head can prove later that no earlier row was rewritten.",
            parameters: Vec::new(),
            answer: schema::<crate::cabinet::journal::Head>,
            may_miss: false,
        },
        Operation {
            path: "/api/v1/feedback/figures",
            id: "getFeedbackFigures",
            summary: "How satisfied people are",
            about: "Scores that people gave and messages that were answered in time, of the last \
                    days. The mean is empty while there are too few scores to hide who gave them.",
            parameters: Vec::new(),
            answer: schema::<domain::ticket::api::Figures>,
            may_miss: false,
        },
        Operation {
            path: "/api/openapi.json",
            id: "getContract",
            summary: "This document",
            about: "The contract of the public API.",
            parameters: Vec::new(),
            answer: any_object,
            may_miss: false,
        },
    ]
}

fn search_parameters(directories: &Value, regions: &[String]) -> Vec<Parameter> {
    let mut out = vec![text_parameter()];
    out.extend(
        Filter::ALL.into_iter().map(|filter| filter_parameter(filter, directories, regions)),
    );
    out.extend(other_parameters());
    out
}

fn text_parameter() -> Parameter {
    Parameter {
        name: "q",
        place: "query",
        about: "Words in Kazakh or Russian, in any spelling.",
        schema: json!({ "type": "string", "maxLength": TEXT_MAX }),
        example: json!("математика мұғалімі"),
    }
}

fn filter_parameter(filter: Filter, directories: &Value, regions: &[String]) -> Parameter {
    let codes = |directory: &str| -> Value {
        let list = directories.get(directory).and_then(Value::as_array);
        let codes: Vec<&Value> =
            list.into_iter().flatten().filter_map(|item| item.get("code")).collect();
        json!({ "type": "string", "enum": codes })
    };
    let (about, item, example) = match filter {
        Filter::Region => (
            "KATO codes of regions and cities of republican importance.",
            json!({ "type": "string", "enum": regions }),
            json!(["330000000"]),
        ),
        Filter::District => (
            "KATO codes of districts and cities.",
            json!({ "type": "string", "pattern": "^[0-9]{9}$", "minLength": 9, "maxLength": 9 }),
            Value::Null,
        ),
        Filter::Group => ("Groups of positions.", codes("position_group"), json!(["pedagogue"])),
        Filter::Position => ("Positions.", codes("position"), json!(["subject_teacher"])),
        Filter::Subject => ("Subjects.", codes("subject"), json!(["mathematics"])),
        Filter::Language => {
            ("Languages of instruction.", codes("language_of_instruction"), json!(["kk"]))
        }
        Filter::Type => ("Types of organisation.", codes("organisation_type"), json!(["school"])),
        Filter::Term => (
            "Permanent or temporary.",
            json!({ "type": "string", "enum": ["permanent", "temporary"] }),
            json!(["permanent"]),
        ),
        Filter::Extra => ("Help and relief.", codes("extra"), json!(["housing"])),
        Filter::Rate => (
            "Rates in hundredths of a full post.",
            json!({ "type": "integer", "enum": [25, 50, 75, 100, 125, 150, 175, 200] }),
            json!([100]),
        ),
        Filter::Org => (
            "Organisations: last segments of their addresses.",
            json!({ "type": "string", "pattern": "^[a-z0-9-]{1,100}$", "minLength": 1, "maxLength": 100 }),
            Value::Null,
        ),
    };
    Parameter {
        name: filter.name(),
        place: "query",
        about,
        schema: json!({ "type": "array", "items": item, "maxItems": CODES_MAX }),
        example,
    }
}

fn other_parameters() -> Vec<Parameter> {
    let sorts: Vec<&str> = Sort::ALL.iter().map(|sort| sort.code()).collect();
    vec![
        Parameter {
            name: "salary",
            place: "query",
            about: "Pay of at least so many tenge a month.",
            schema: json!({ "type": "integer", "minimum": 0, "maximum": SALARY_MAX }),
            example: json!(200_000),
        },
        Parameter {
            name: "closing",
            place: "query",
            about: "Acceptance ends within so many days.",
            schema: json!({ "type": "integer", "enum": CLOSING }),
            example: json!(7),
        },
        Parameter {
            name: "near",
            place: "query",
            about: "KATO code of the place from which distance is measured.",
            schema: json!({ "type": "string", "pattern": "^[0-9]{9}$", "minLength": 9, "maxLength": 9 }),
            example: json!("331000000"),
        },
        Parameter {
            name: "km",
            place: "query",
            about: "Radius around the place, km.",
            schema: json!({ "type": "integer", "minimum": 1, "maximum": geo::MAX_KM, "default": geo::DEFAULT_KM }),
            example: json!(50),
        },
        Parameter {
            name: "sort",
            place: "query",
            about: "Order. Relevance needs a text and distance a place; without them it is the \
                    usual order.",
            schema: json!({ "type": "string", "enum": sorts, "default": Sort::default().code() }),
            example: json!("newest"),
        },
        Parameter {
            name: "lang",
            place: "query",
            about: "Language of the texts.",
            schema: json!({ "type": "string", "enum": ["kk", "ru", "en"], "default": "kk" }),
            example: json!("kk"),
        },
    ]
}

/// The whole document. `directories` and `regions` are the data that the portal ships with.
pub fn document(directories: &Value, regions: &[String]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths = Map::new();
    for operation in operations(directories, regions) {
        let answer = (operation.answer)(&mut generator);
        let value = describe(&operation, answer);
        paths.insert(operation.path.to_owned(), json!({ "get": value }));
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Problem".into(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mansap",
            "version": "1.0.0",
            "summary": "Vacancies of Kazakhstan's education system",
            "description": "Reads only what is public. Times are RFC 3339, days are of Astana. \
                Every answer carries an ETag; ask again with If-None-Match.",
        },
        "servers": [{ "url": "/" }],
        "security": [{}, { "key": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key has its own limit of calls. Without one, calls are \
                        limited by address.",
                },
            },
        },
    })
}

fn describe(operation: &Operation, answer: Value) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let mut value = json!({
                "name": parameter.name,
                "in": parameter.place,
                "description": parameter.about,
                "required": parameter.place == "path",
                "schema": parameter.schema,
            });
            if !parameter.example.is_null() {
                value["example"] = parameter.example.clone();
            }
            value
        })
        .collect();
    let mut responses = Map::new();
    responses.insert(
        "200".into(),
        json!({
            "description": "Found.",
            "headers": {
                "ETag": {
                    "description": "Changes with the answer.",
                    "schema": { "type": "string" },
                },
            },
            "content": { "application/json": { "schema": answer } },
        }),
    );
    responses.insert("304".into(), json!({ "description": "Nothing changed since that ETag." }));
    let mut refusals = vec![
        ("400", "The call could not be read."),
        ("405", "The address knows other methods; the header Allow names them."),
        ("429", "Too many calls; the header Retry-After says when to come back."),
        ("500", "A fault of ours."),
    ];
    if operation.parameters.iter().any(|parameter| parameter.place == "query") {
        refusals.push(("422", "A parameter is wrong."));
    }
    if operation.may_miss {
        refusals.push(("404", "There is no such place or vacancy."));
    }
    for (status, about) in refusals {
        let mut value = json!({
            "description": about,
            "content": {
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
            },
        });
        if status == "429" {
            value["headers"] = json!({
                "Retry-After": { "description": "Seconds.", "schema": { "type": "string" } },
            });
        }
        responses.insert(status.into(), value);
    }
    json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.about,
        "parameters": parameters,
        "responses": responses,
    })
}

/// RFC 9457 problem details, as every refusal has them.
fn problem() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457 problem details.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string" },
            "code": { "type": "string" },
            "request_id": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "code", "detail"],
                    "properties": {
                        "field": { "type": "string" },
                        "code": { "type": "string" },
                        "detail": { "type": "string" },
                    },
                },
            },
        },
    })
}
