//! Signing in by a one-time code to a phone or an e-mail: who proves a contact for the first time
//! has an account from then on. Server pages that work without script.

use data_encoding::HEXLOWER;
use domain::{
    account::{
        contact::{
            self, CodeRow, Contact, ContactError, Sent, code_row, count_try, digits, forget,
            reserve, sent, too_soon, use_up,
        },
        device::describe,
        sign_in::policy,
        sql::{Factor, open_session},
    },
    job::Express,
    journal::Entry,
    shared::{
        refusal::{Kind, Refusal},
        statement::Statement,
    },
    sql,
};
use serde::Deserialize;

use crate::{
    cx::Cx,
    entry::{detail, field_text},
    error::Error,
    http::{Request, Response},
    notice::device::{Begun, left, noticed},
    ports::{CourierError, DbError, Limit, Ports, read},
    route,
    routes::Route,
    save::{Change, refused, save},
    secret::{digest, token},
    session::{actor, cookie, onward},
    sign_in::{safe_next, value},
    web::{
        address::{is_switch, switched},
        enter::{CodeForm, ContactForm, code_page, contact_page},
    },
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/enter", Public, Page, show),
    route!(Post "/{lang}/enter", Public, Page, ask),
    route!(Get "/{lang}/enter/{token}", Public, Page, show_code),
    route!(Post "/{lang}/enter/{token}", Public, Page, enter),
];

/// Where people who apply land.
const CABINET: &str = "/app/my/";
/// Draws of random bytes for a code; each is good but for a chance of one in a billion.
const DRAWS: usize = 8;

/// Where to go afterwards.
fn next_of(fields: &[(String, String)]) -> String {
    match value(fields, "next") {
        "" => CABINET.to_owned(),
        next => safe_next(next).to_owned(),
    }
}

/// The address a request came from, as the limits know it: a keyed hash of the day.
fn network(ports: &Ports<'_>, client: &str) -> String {
    let key = HEXLOWER.encode(&ports.config.totp_key);
    digest(&format!("{key} {} {client}", ports.now.day()))
}

/// What is stored of a code: without the token, which is not stored, it tells nothing.
fn code_digest(token: &str, code: &str) -> String {
    digest(&format!("{token}:{code}"))
}

/// Sends a code to a contact and returns its token. `account` is the account that adds the
/// contact; none = signing in.
///
/// Errors: too many codes ([`Kind::TooMany`]), a gateway that refuses the address
/// ([`Kind::Invalid`]), no gateway ([`Kind::Unavailable`]).
pub async fn send(
    cx: &Cx<'_>,
    request: &Request,
    contact: &Contact,
    account: Option<&str>,
) -> Result<String, Error> {
    let ports = cx.ports;
    let rule = &policy().code;
    let network = network(ports, &request.client);
    let so_far: Sent =
        read(ports.db, sent(contact, &network, ports.now)).await?.first()?.unwrap_or_default();
    if let Some((code, wait)) = too_soon(rule, &so_far, ports.now) {
        return Err(waiting(code, wait).into());
    }
    let code = (0..DRAWS)
        .find_map(|_| {
            let mut bytes = [0; 8];
            (ports.random)(&mut bytes);
            digits(rule, bytes)
        })
        .ok_or_else(|| crate::error::Fault::new("no randomness for a code"))?;
    let token = token(ports);
    let row = CodeRow {
        id: digest(&token),
        kind: contact.kind().into(),
        value: contact.value().into(),
        account: account.map(str::to_owned),
        code: code_digest(&token, &code),
        tries: 0,
        sent_at: ports.now,
        until: ports.now.plus_seconds(rule.minutes * 60),
        done_at: None,
    };
    match ports.db.batch(reserve(&row, &network, rule).into()).await {
        Ok(_) => {}
        // Another request of this moment was first.
        Err(DbError::Check(_)) => return Err(waiting("code_wait", rule.resend_seconds).into()),
        Err(error) => return Err(refused(error)),
    }
    let host = ports.config.origin.split("://").nth(1).unwrap_or_default();
    let message = Express {
        key: row.id.clone(),
        channel: contact.channel().into(),
        address: contact.value().into(),
        lang: cx.lang.code().into(),
        event: "account.code".into(),
        args: vec![
            ("code".into(), code),
            ("minutes".into(), rule.minutes.to_string()),
            ("host".into(), host.to_owned()),
        ],
    };
    if let Err(error) = ports.courier.express(&message).await {
        // What was not sent burns no time.
        ports.db.batch(vec![forget(&row.id)]).await.map_err(refused)?;
        return Err(match error {
            CourierError::Address => Refusal::new(Kind::Invalid, "code_address").into(),
            CourierError::Down => Refusal::new(Kind::Unavailable, "code_down").into(),
        });
    }
    Ok(token)
}

fn waiting(code: &'static str, seconds: i64) -> Refusal {
    Refusal::new(Kind::TooMany, code).with("seconds", seconds)
}

/// Checks a code that was typed. Every entry counts; the right one must still be used up in the
/// batch of what it opens ([`use_up`]).
///
/// Errors: `code_gone` (unknown, too old, used, or too many tries), `code_wrong` with the tries
/// that are left.
pub async fn check(
    cx: &Cx<'_>,
    token: &str,
    typed: &str,
    account: Option<&str>,
) -> Result<CodeRow, Error> {
    let rule = &policy().code;
    let gone = || Error::from(Refusal::new(Kind::Gone, "code_gone"));
    let id = digest(token);
    let typed = contact::typed(typed);
    let row: Option<CodeRow> = read(cx.ports.db, code_row(&id)).await?.first()?;
    let row = row.filter(|row| row.account.as_deref() == account).ok_or_else(gone)?;
    if !row.is_open(rule, cx.ports.now) {
        return Err(gone());
    }
    if typed.len() != rule.digits {
        return Err(Refusal::new(Kind::Invalid, "code_digits").with("n", rule.digits).into());
    }
    match cx.ports.db.batch(count_try(&id, rule, cx.ports.now).into()).await {
        Ok(_) => {}
        Err(DbError::Check(_)) => return Err(gone()),
        Err(error) => return Err(refused(error)),
    }
    if code_digest(token, &typed) == row.code {
        return Ok(row);
    }
    match rule.tries - row.tries - 1 {
        left if left > 0 => {
            Err(Refusal::new(Kind::Invalid, "code_wrong").with("left", left).into())
        }
        _ => Err(gone()),
    }
}

/// The field error of a contact.
pub fn contact_error(cx: &Cx<'_>, error: ContactError) -> String {
    field_text(cx.lang, error.code(), &[])
}

async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let query = request.query_pairs();
    // Who is signed in already goes on to where the link leads.
    if actor(cx.ports, request).await?.is_some() {
        return Ok(Response::redirect(303, onward(&next_of(&query), cx.lang)));
    }
    let form = ContactForm { next: next_of(&query), ..ContactForm::default() };
    Ok(Response::html(contact_page(cx.ports.config, cx.lang, &form)))
}

async fn ask(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let form = |error: String| ContactForm {
        contact: value(&fields, "contact").to_owned(),
        next: next_of(&fields),
        error,
    };
    let page = |status: u16, error: String| {
        Ok(Response::html(contact_page(cx.ports.config, cx.lang, &form(error))).status(status))
    };
    if is_switch(&fields) {
        return page(200, String::new()).map(|page| switched(cx, page));
    }
    let contact = match Contact::parse(value(&fields, "contact")) {
        Ok(contact) => contact,
        Err(error) => return page(422, contact_error(cx, error)),
    };
    match send(cx, request, &contact, None).await {
        Ok(token) => Ok(Response::redirect(303, code_address(cx, &token, &next_of(&fields)))),
        Err(Error::Refusal(refusal)) => page(refusal.kind.status(), detail(cx.lang, &refusal)),
        Err(fault) => Err(fault),
    }
}

fn code_address(cx: &Cx<'_>, token: &str, next: &str) -> String {
    let next = if next == CABINET {
        String::new()
    } else {
        format!("?next={}", crate::http::encode(next))
    };
    format!("/{}/enter/{token}{next}", cx.lang.code())
}

/// The page of a code; with what was wrong, if something was.
async fn code_form(cx: &Cx<'_>, token: &str, next: &str, error: String) -> Result<String, Error> {
    let row: Option<CodeRow> = read(cx.ports.db, code_row(&digest(token))).await?.first()?;
    let row = row
        .filter(|row| row.account.is_none() && row.done_at.is_none())
        .ok_or_else(|| Refusal::new(Kind::Gone, "code_gone"))?;
    let rule = &policy().code;
    let form = CodeForm {
        token: token.to_owned(),
        next: next.to_owned(),
        to: row.contact().masked(),
        until: domain::shared::format::time(row.until),
        open: row.is_open(rule, cx.ports.now),
        digits: rule.digits,
        error,
    };
    Ok(code_page(cx.ports.config, cx.lang, &form))
}

async fn show_code(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let next = next_of(&request.query_pairs());
    Ok(Response::html(code_form(cx, cx.param("token"), &next, String::new()).await?))
}

async fn enter(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let next = next_of(&fields);
    let token = cx.param("token");
    let outcome = if value(&fields, "again").is_empty() {
        open(cx, request, token, value(&fields, "code"), &next).await
    } else {
        again(cx, request, token, &next).await
    };
    match outcome {
        Err(Error::Refusal(refusal)) if refusal.code.starts_with("code_") => {
            let text = detail(cx.lang, &refusal);
            let page = code_form(cx, token, &next, text).await?;
            Ok(Response::html(page).status(refusal.kind.status()))
        }
        other => other,
    }
}

/// Sends another code to the contact of a token; the old one dies with its own time.
async fn again(cx: &Cx<'_>, request: &Request, token: &str, next: &str) -> Result<Response, Error> {
    let row: Option<CodeRow> = read(cx.ports.db, code_row(&digest(token))).await?.first()?;
    let row = row
        .filter(|row| row.account.is_none() && row.done_at.is_none())
        .ok_or_else(|| Refusal::new(Kind::Gone, "code_gone"))?;
    let token = send(cx, request, &row.contact(), None).await?;
    Ok(Response::redirect(303, code_address(cx, &token, next)))
}

#[derive(Deserialize)]
struct Owner {
    account: String,
    status: String,
}

async fn open(
    cx: &Cx<'_>,
    request: &Request,
    token: &str,
    typed: &str,
    next: &str,
) -> Result<Response, Error> {
    let row = check(cx, token, typed, None).await?;
    match open_once(cx, request, &row, next).await {
        // Two devices proved a new contact at once: the other one has made the account.
        Err(Error::Refusal(refusal)) if refusal.code == "taken" => {
            open_once(cx, request, &row, next).await
        }
        Err(Error::Refusal(refusal)) if refusal.code == "state" => {
            Err(Refusal::new(Kind::Gone, "code_gone").into())
        }
        other => other,
    }
}

async fn open_once(
    cx: &Cx<'_>,
    request: &Request,
    row: &CodeRow,
    next: &str,
) -> Result<Response, Error> {
    let ports = cx.ports;
    let contact = row.contact();
    let owner: Option<Owner> = read(
        ports.db,
        sql!(
            "SELECT a.id AS account, a.status FROM contact c JOIN account a ON a.id = c.account
             WHERE c.kind = ?1 AND c.value = ?2",
            contact.kind(),
            contact.value()
        ),
    )
    .await?
    .first()?;
    let mut change = Change { statements: use_up(&row.id, ports.now).into(), ..Change::default() };
    let account = match owner {
        Some(owner) if owner.status == "blocked" => {
            return Err(Refusal::new(Kind::Forbidden, "account_blocked").into());
        }
        Some(owner) => owner.account,
        None => {
            let account = ports.new_id();
            change.statements.extend(new_account(cx, &account, &contact));
            change.journal.push(Entry::new("account.register", "account", &account).by(&account));
            account
        }
    };
    begin_session(cx, request, change, &account, Factor::Code, next).await
}

/// Opens a session in the batch of `change` and leads to `next`.
pub async fn begin_session(
    cx: &Cx<'_>,
    request: &Request,
    mut change: Change,
    account: &str,
    factor: Factor,
    next: &str,
) -> Result<Response, Error> {
    let secret = token(cx.ports);
    let kept = digest(&secret);
    let device = describe(request.header("user-agent").unwrap_or_default());
    let id = cx.ports.new_id();
    change.statements.push(open_session(&id, &kept, account, factor, &device, cx.ports.now));
    change.journal.push(Entry::new("account.sign_in", "account", account).by(account));
    let begun = Begun { account, session: &id, device: &device, factor };
    noticed(cx.ports, &mut change, request, &begun).await?;
    let response = Response::redirect(303, onward(next, cx.lang))
        .header("set-cookie", cookie(&secret))
        .header("set-cookie", left(&kept));
    save(cx, None, change, response).await
}

/// An account for somebody who proved a contact for the first time: the name comes later, when
/// it is needed.
fn new_account(cx: &Cx<'_>, account: &str, contact: &Contact) -> Vec<Statement> {
    let ports = cx.ports;
    let person = ports.new_id();
    let (phone, email) = match contact {
        Contact::Phone(value) => (value.as_str(), ""),
        Contact::Email(value) => ("", value.as_str()),
    };
    vec![
        sql!(
            "INSERT INTO person (id, surname, name, phone, email, lang, created_at) VALUES (?1, '', '', ?2, ?3, ?4, ?5)",
            &person,
            phone,
            email,
            cx.lang.code(),
            ports.now
        ),
        sql!(
            "INSERT INTO account (id, person, login, kind, status, created_at) VALUES (?1, ?2, lower(?1), 'applicant', 'active', ?3)",
            account,
            &person,
            ports.now
        ),
        sql!(
            "INSERT INTO contact (id, account, kind, value, verified_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            ports.new_id(),
            account,
            contact.kind(),
            contact.value(),
            ports.now
        ),
    ]
}
