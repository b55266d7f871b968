//! Pages of signing in. The handlers belong to the accounts; here is only what they show.

use askama::Template;
use domain::shared::lang::Lang;

use super::page::Page;
use crate::ports::Config;

/// What a form of signing in shows.
#[derive(Debug, Clone, Default)]
pub struct AccountForm {
    /// Address that the form posts to.
    pub action: String,
    /// Name of the person who is being activated, or empty.
    pub name: String,
    /// What was typed as login; passwords and codes are never shown again.
    pub login: String,
    /// Hidden fields (where to go afterwards, the secret of an invitation).
    pub hidden: Vec<(&'static str, String)>,
    /// What is wrong: name of the field (empty = the whole form) and text.
    pub errors: Vec<(String, String)>,
    /// What went well before (signed out, activated).
    pub notice: String,
    /// New second-factor secret, for activation: as text for the authenticator application.
    pub secret: String,
    /// `otpauth://` address of the secret; shown as a QR.
    pub otpauth: String,
    /// Demo accounts; only where `config.dev` is set.
    pub demo: Vec<DemoAccount>,
}

/// A demo account.
#[derive(Debug, Clone, Default)]
pub struct DemoAccount {
    /// Who it is.
    pub role: String,
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// The code of this minute.
    pub code: String,
}

struct Field<'a> {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    value: &'a str,
    error: &'a str,
    short: bool,
    required: bool,
}

impl Field<'_> {
    fn described(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.name));
        let error = (!self.error.is_empty()).then(|| format!("{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    page: Page<'a>,
    form: &'a AccountForm,
    fields: Vec<Field<'a>>,
    button: &'static str,
    aside: &'static str,
}

#[derive(Template)]
#[template(path = "activation.html")]
struct Activation<'a> {
    page: Page<'a>,
    form: &'a AccountForm,
    fields: Vec<Field<'a>>,
    button: &'static str,
    aside: &'static str,
    qr: Option<super::qr::Qr>,
}

fn field<'a>(page: &Page<'_>, form: &'a AccountForm, name: &'static str) -> Field<'a> {
    let error = form.errors.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text);
    let (label, hint, kind, autocomplete) = match name {
        "login" => (page.t("sign_in.login"), page.t("sign_in.login.hint"), "text", "username"),
        "password" => (page.t("sign_in.password"), "", "password", "current-password"),
        "new_password" => (
            page.t("activation.password"),
            page.t("activation.password.hint"),
            "password",
            "new-password",
        ),
        "repeat" => (page.t("activation.repeat"), "", "password", "new-password"),
        _ => (page.t("sign_in.code"), page.t("sign_in.code.hint"), "text", "one-time-code"),
    };
    let value = if name == "login" { form.login.as_str() } else { "" };
    Field {
        name,
        label,
        hint,
        kind,
        autocomplete,
        value,
        error,
        short: name == "code",
        required: true,
    }
}

fn frame<'a>(config: &'a Config, lang: Lang, rest: &str, title: &str) -> Page<'a> {
    Page::new(config, lang, rest).titled(title, "").bare()
}

/// `/{lang}/sign-in`: login, password and code at once.
pub fn sign_in_page(config: &Config, lang: Lang, form: &AccountForm) -> String {
    show(config, lang, form, &["login", "password", "code"])
}

/// What the sign-in page says right after an activation.
pub fn activated(lang: Lang) -> &'static str {
    super::page::TEXTS.get(lang, "activation.done")
}

/// The second step alone, where login and password were right and the code was not given.
pub fn code_page(config: &Config, lang: Lang, form: &AccountForm) -> String {
    show(config, lang, form, &["code"])
}

fn show(config: &Config, lang: Lang, form: &AccountForm, names: &[&'static str]) -> String {
    let title = super::page::TEXTS.get(lang, "sign_in.title");
    let page = frame(config, lang, "/sign-in", title);
    // The second step has nothing that the first page could show again.
    let page = if names.contains(&"login") { page.taking() } else { page };
    let mut fields: Vec<Field<'_>> = names.iter().map(|name| field(&page, form, name)).collect();
    // People who apply have no second factor: their phone or e-mail and the password are enough.
    if names.contains(&"login")
        && let Some(code) = fields.iter_mut().find(|field| field.name == "code")
    {
        (code.label, code.required) = (page.t("sign_in.code.staff"), false);
    }
    let (button, aside) = (page.t("sign_in.button"), page.t("sign_in.aside"));
    SignIn { page, form, fields, button, aside }.render().unwrap_or_default()
}

/// `/{lang}/activate/{secret}`: the invited person sets a password and the second factor.
/// `rest` is the page's address without its language.
pub fn activation_page(config: &Config, lang: Lang, rest: &str, form: &AccountForm) -> String {
    let title = super::page::TEXTS.get(lang, "activation.title");
    let page = frame(config, lang, rest, title);
    let names = ["new_password", "repeat", "code"];
    let fields = names.iter().map(|name| field(&page, form, name)).collect();
    let (button, aside) = (page.t("activation.button"), "");
    let qr =
        Some(&form.otpauth).filter(|text| !text.is_empty()).and_then(|text| super::qr::draw(text));
    Activation { page, form, fields, button, aside, qr }.render().unwrap_or_default()
}
