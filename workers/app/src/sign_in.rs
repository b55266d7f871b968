//! Signing in and activating an account: server pages that work without script.

use domain::{
    account::{
        contact::Contact,
        device::describe,
        sign_in::{check_password as check_policy, count_failure, is_login, locked_until},
        sql::{
            self as account_sql, Factor, SignInRow, UnknownRow, activation_row, failed,
            failed_unknown, open_session, passed, sign_in_row, unknown_row,
        },
    },
    journal::Entry,
    shared::{
        format,
        locale::ERRORS,
        refusal::{Check, Kind, Refusal},
        time::Timestamp,
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
    ports::{Limit, read, read_all},
    route,
    routes::Route,
    save::{Change, save},
    secret::{Totp, check_password, digest, hash_password, mac, token},
    session::{cookie, onward},
    web::{
        self,
        account::{AccountForm, DemoAccount, activation_page, sign_in_page},
        address::{is_switch, switched},
    },
};

/// Routes of this feature.
pub const ROUTES: &[Route] = &[
    route!(Get "/{lang}/sign-in", Public, Page, show),
    route!(Post "/{lang}/sign-in", Public, Page, enter),
    route!(Get "/{lang}/activate/{secret}", Public, Page, show_activation),
    route!(Post "/{lang}/activate/{secret}", Public, Page, activate),
];

/// Where the cabinet is.
const CABINET: &str = "/app/";
/// The password of the demo accounts; the demo region is loaded in development only.
const DEMO_PASSWORD: &str = "Mansap-demo-2026";

/// The value of a form's field; empty where it is missing.
pub fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(have, _)| have == name).map_or("", |(_, value)| value.as_str())
}

/// An address of our own to go to afterwards; everything else leads to the cabinet.
pub fn safe_next(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n'])
        && next.len() < 500;
    if own { next } else { CABINET }
}

/// In development the page helps out: the demo accounts with the code of this minute.
async fn demo(cx: &Cx<'_>) -> Result<Vec<DemoAccount>, Error> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
        login: String,
        totp: String,
        role: Option<String>,
    }
    if !cx.ports.config.dev {
        return Ok(Vec::new());
    }
    let found: Vec<Found> = read(
        cx.ports.db,
        sql!(
            "SELECT a.id, a.login, a.totp, (SELECT min(role) FROM role_assignment r WHERE r.account = a.id) AS role
             FROM account a JOIN person p ON p.id = a.person
             WHERE a.status = 'active' AND p.email LIKE '%@example.kz' ORDER BY a.id LIMIT 12"
        ),
    )
    .await?
    .all()?;
    Ok(found
        .into_iter()
        .filter_map(|one| {
            let totp = Totp::open(cx.ports, &one.id, &one.totp).ok()?;
            Some(DemoAccount {
                role: one.role.unwrap_or_default(),
                login: one.login,
                password: DEMO_PASSWORD.into(),
                code: totp.code(cx.ports.now)?,
            })
        })
        .collect())
}

async fn form(
    cx: &Cx<'_>,
    next: &str,
    login: &str,
    fresh: bool,
    errors: Vec<(String, String)>,
) -> Result<String, Error> {
    let form = AccountForm {
        action: format!("/{}/sign-in", cx.lang.code()),
        notice: if fresh { web::account::activated(cx.lang).to_owned() } else { String::new() },
        login: login.to_owned(),
        hidden: vec![("next", next.to_owned())],
        errors,
        demo: demo(cx).await?,
        ..AccountForm::default()
    };
    Ok(sign_in_page(cx.ports.config, cx.lang, &form))
}

async fn show(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    let query = request.query_pairs();
    let next = safe_next(value(&query, "next"));
    let fresh = request.cookie(ACTIVATED).filter(|login| is_login(login)).unwrap_or_default();
    let page = Response::html(form(cx, next, fresh, !fresh.is_empty(), vec![]).await?);
    Ok(match fresh {
        "" => page,
        _ => page.header("set-cookie", activated("", 0)),
    })
}

async fn enter(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let login = value(&fields, "login").trim().to_lowercase();
    let login = Contact::parse(&login).map_or(login, |contact| contact.value().to_owned());
    let next = safe_next(value(&fields, "next")).to_owned();
    if is_switch(&fields) {
        let page = Response::html(form(cx, &next, &login, false, vec![]).await?);
        return Ok(switched(cx, page));
    }
    match try_enter(cx, request, &fields, &login, &next).await {
        Err(Error::Refusal(refusal)) if refusal.code.starts_with("sign_in_") => {
            let errors = vec![(String::new(), detail(cx.lang, &refusal))];
            let page = Response::html(form(cx, &next, &login, false, errors).await?)
                .status(refusal.kind.status());
            let wait = refusal.args.into_iter().find(|(name, _)| *name == "seconds");
            Ok(match wait {
                Some((_, seconds)) => page.header("retry-after", seconds),
                None => page,
            })
        }
        other => other,
    }
}

async fn try_enter(
    cx: &Cx<'_>,
    request: &Request,
    fields: &[(String, String)],
    login: &str,
    next: &str,
) -> Result<Response, Error> {
    let ports = cx.ports;
    let key = mac(ports, "sign-in", login)?;
    let rows = read_all(ports.db, vec![sign_in_row(login), unknown_row(&key)]).await?;
    let row: Option<SignInRow> = rows.first().map(|rows| rows.first()).transpose()?.flatten();
    let row = row.filter(|row| row.status == "active");
    let unknown: Option<UnknownRow> = rows.get(1).map(|rows| rows.first()).transpose()?.flatten();
    // A login that nobody has is locked as any other: the lock says nothing of who exists.
    let (failures, failed_at) = match (&row, unknown) {
        (Some(row), _) => (row.failures, row.failed_at),
        (None, Some(unknown)) => (unknown.failures, unknown.failed_at),
        (None, None) => (0, None),
    };
    if let Some(until) = locked_until(failures, failed_at, ports.now) {
        return Err(locked(until, ports.now).into());
    }
    // An unknown login takes as long as a wrong password.
    let phc = row.as_ref().map_or("", |row| row.password.as_str());
    let right = check_password(value(fields, "password"), phc)?;
    let wrong = || Error::from(Refusal::new(Kind::Invalid, "sign_in_wrong"));
    let counted = count_failure(failures, failed_at, ports.now);
    let refused = || match locked_until(counted, Some(ports.now), ports.now) {
        Some(until) => Error::from(locked(until, ports.now)),
        None => wrong(),
    };
    let Some(row) = row else {
        let statements = failed_unknown(&key, counted, ports.now).into();
        save(cx, None, Change { statements, ..Change::default() }, Response::empty()).await?;
        return Err(refused());
    };
    // People who apply may have a password alone: no role counts in such a session.
    let (step, factor) = if right && row.kind == "applicant" && row.totp.is_empty() {
        (Some(row.totp_step + 1), Factor::Password)
    } else if right {
        let step = Totp::open(ports, &row.id, &row.totp)?
            .check(value(fields, "code"), ports.now)
            .filter(|step| *step > row.totp_step);
        (step, Factor::Full)
    } else {
        (None, Factor::Full)
    };
    let Some(step) = step else {
        let change = Change {
            statements: vec![failed(&row.id, counted, ports.now)],
            journal: vec![Entry::new("account.sign_in_failed", "account", &row.id)],
            events: vec![],
        };
        save(cx, None, change, Response::empty()).await?;
        return Err(refused());
    };
    let secret = token(ports);
    let kept = digest(&secret);
    let device = describe(request.header("user-agent").unwrap_or_default());
    let id = ports.new_id();
    let mut statements = passed(&row.id, step).to_vec();
    statements.push(open_session(&id, &kept, &row.id, factor, &device, ports.now));
    let mut change = Change {
        statements,
        journal: vec![Entry::new("account.sign_in", "account", &row.id).by(&row.id)],
        events: vec![],
    };
    let begun = Begun { account: &row.id, session: &id, device: &device, factor };
    noticed(ports, &mut change, request, &begun).await?;
    let response = Response::redirect(303, onward(next, cx.lang))
        .header("set-cookie", cookie(&secret))
        .header("set-cookie", left(&kept));
    match save(cx, None, change, response).await {
        // The same code came twice at once: only one of them is good.
        Err(Error::Refusal(refusal)) if refusal.code == "state" => Err(wrong()),
        other => other,
    }
}

fn locked(until: Timestamp, now: Timestamp) -> Refusal {
    let seconds = (until.millis() - now.millis()).max(0) / 1000 + 1;
    Refusal::new(Kind::TooMany, "sign_in_locked")
        .with("time", format::time(until))
        .with("seconds", seconds)
}

/// Names that a password must not be made of.
pub(crate) async fn known_names_of(cx: &Cx<'_>, account: &str) -> Result<Vec<String>, Error> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = read(cx.ports.db, account_sql::known_names(account)).await?.all()?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// The account of an activation link, with its second factor: made at the first visit, so that
/// the code the person scans is the one that is checked.
async fn invited(cx: &Cx<'_>) -> Result<(SignInRow, Totp), Error> {
    let secret = digest(cx.param("secret"));
    let row: Option<SignInRow> =
        read(cx.ports.db, activation_row(&secret, cx.ports.now)).await?.first()?;
    let row = row.ok_or_else(|| Refusal::new(Kind::Gone, "activation_gone"))?;
    if !row.totp.is_empty() {
        let totp = Totp::open(cx.ports, &row.id, &row.totp)?;
        return Ok((row, totp));
    }
    let totp = Totp::new(cx.ports);
    let sealed = totp.seal(cx.ports, &row.id)?;
    let change = Change {
        statements: vec![sql!(
            "UPDATE account SET totp = ?2 WHERE id = ?1 AND totp = ''",
            &row.id,
            &sealed
        )],
        ..Change::default()
    };
    save(cx, None, change, Response::empty()).await?;
    // Two first visits at once: whichever was stored is the one that counts.
    let row: Option<SignInRow> =
        read(cx.ports.db, activation_row(&secret, cx.ports.now)).await?.first()?;
    let row = row.ok_or_else(|| Refusal::new(Kind::Gone, "activation_gone"))?;
    let totp = Totp::open(cx.ports, &row.id, &row.totp)?;
    Ok((row, totp))
}

fn activation_form(
    cx: &Cx<'_>,
    row: &SignInRow,
    totp: &Totp,
    errors: Vec<(String, String)>,
) -> String {
    let rest = format!("/activate/{}", cx.param("secret"));
    let form = AccountForm {
        action: format!("/{}{rest}", cx.lang.code()),
        login: row.login.clone(),
        errors,
        secret: totp.base32(),
        otpauth: totp.uri(&row.login),
        ..AccountForm::default()
    };
    activation_page(cx.ports.config, cx.lang, &rest, &form)
}

async fn show_activation(cx: &Cx<'_>, _: &Request) -> Result<Response, Error> {
    let (row, totp) = invited(cx).await?;
    Ok(Response::html(activation_form(cx, &row, &totp, vec![])))
}

async fn activate(cx: &Cx<'_>, request: &Request) -> Result<Response, Error> {
    if !cx.ports.limiter.allow(Limit::SignIn, &request.client).await {
        return Err(Refusal::new(Kind::TooMany, "too_many").into());
    }
    let fields = request.form()?;
    let (row, totp) = invited(cx).await?;
    let password = value(&fields, "new_password");
    let mut check = Check::default();
    let own = known_names_of(cx, &row.id).await?;
    check_policy(&mut check, password, &row.login, &own);
    let mut errors: Vec<(String, String)> = check
        .0
        .iter()
        .map(|e| ("new_password".to_owned(), field_text(cx.lang, e.code, &e.args)))
        .collect();
    if value(&fields, "repeat") != password {
        errors.push(("repeat".into(), ERRORS.get(cx.lang, "field.repeat").to_owned()));
    }
    let step = totp.check(value(&fields, "code"), cx.ports.now);
    if step.is_none() {
        let code = value(&fields, "code").trim();
        let six = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        let key = if six { "field.code_wrong" } else { "field.code" };
        errors.push(("code".into(), ERRORS.get(cx.lang, key).to_owned()));
    }
    let Some(step) = step.filter(|_| errors.is_empty()) else {
        return Ok(Response::html(activation_form(cx, &row, &totp, errors)).status(422));
    };
    let change = Change {
        statements: vec![
            domain::shared::statement::guard(
                "state",
                "SELECT activation = ?2 FROM account WHERE id = ?1",
                vec![row.id.as_str().into(), digest(cx.param("secret")).into()],
            ),
            sql!(
                "UPDATE account SET password = ?2, status = 'active', activation = NULL, activation_until = NULL,
                   totp_step = ?3, failures = 0, failed_at = NULL, version = version + 1 WHERE id = ?1",
                &row.id,
                hash_password(cx.ports, password)?,
                step
            ),
            account_sql::revoke_sessions(&row.id, cx.ports.now),
        ],
        journal: vec![Entry::new("account.activate", "account", &row.id).by(&row.id)],
        events: vec![],
    };
    let to = format!("/{}/sign-in", cx.lang.code());
    let done = activated(&row.login, 120);
    save(cx, None, change, Response::redirect(303, to).header("set-cookie", done)).await
}

/// Carries the login of a fresh account to the sign-in page, which shows it once: an address
/// would stay in histories and logs.
const ACTIVATED: &str = "__Host-activated";

fn activated(login: &str, seconds: u32) -> String {
    format!("{ACTIVATED}={login}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}")
}
