//! Pages of signing in by a one-time code.

use askama::Template;
use domain::shared::lang::Lang;

use super::{
    assets::PASSKEY,
    page::{Page, TEXTS},
};
use crate::ports::Config;

/// What the page that asks for a phone or an e-mail shows.
#[derive(Debug, Clone, Default)]
pub struct ContactForm {
    /// What was typed.
    pub contact: String,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong, or empty.
    pub error: String,
}

impl ContactForm {
    /// Where to go afterwards, as part of an address.
    fn next_encoded(&self) -> String {
        crate::http::encode(&self.next)
    }
}

/// What the page that asks for the code shows.
#[derive(Debug, Clone, Default)]
pub struct CodeForm {
    /// Token of the code.
    pub token: String,
    /// Where to go afterwards.
    pub next: String,
    /// Where the code was sent, masked.
    pub to: String,
    /// Until when it is good, as a clock shows it.
    pub until: String,
    /// Whether it can still be entered.
    pub open: bool,
    /// How many digits it has.
    pub digits: usize,
    /// What is wrong, or empty.
    pub error: String,
}

#[derive(Template)]
#[template(path = "enter.html")]
struct Contact<'a> {
    page: Page<'a>,
    script: &'static str,
    form: &'a ContactForm,
}

#[derive(Template)]
#[template(path = "enter_code.html")]
struct Code<'a> {
    page: Page<'a>,
    form: &'a CodeForm,
    sent: String,
    digits: String,
    dev: bool,
}

/// `/{lang}/enter`: a phone or an e-mail.
pub fn contact_page(config: &Config, lang: Lang, form: &ContactForm) -> String {
    let title = TEXTS.get(lang, "enter.title");
    let page = Page::new(config, lang, "/enter").titled(title, "").bare().taking();
    Contact { page, script: PASSKEY.0, form }.render().unwrap_or_default()
}

/// `/{lang}/enter/{token}`: the code.
pub fn code_page(config: &Config, lang: Lang, form: &CodeForm) -> String {
    let rest = format!("/enter/{}", form.token);
    let page = Page::new(config, lang, rest).titled(TEXTS.get(lang, "enter.code.title"), "").bare();
    let sent = TEXTS.fill(lang, "enter.code.sent", &[("to", &form.to), ("time", &form.until)]);
    let digits = page.f("enter.code.hint", "n", form.digits.to_string());
    Code { page, form, sent, digits, dev: config.dev }.render().unwrap_or_default()
}
