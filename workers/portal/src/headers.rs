//! Headers of answers that the application does not make itself.

use std::borrow::Cow;

use app::http::Caching;

/// A header.
pub type Header = (Cow<'static, str>, Cow<'static, str>);

/// `cache-control` of a caching rule. Browsers ask again each time; only the edge keeps a page,
/// because only there a correction can be made visible within a minute.
pub fn caching(rule: Caching) -> Cow<'static, str> {
    match rule {
        Caching::Private => "no-store".into(),
        Caching::Public(seconds) => {
            format!("public, max-age=0, s-maxage={}", seconds.min(MOST_SECONDS)).into()
        }
        Caching::Immutable => "public, max-age=31536000, immutable".into(),
    }
}

/// The longest time the edge keeps a page, so that a correction shows within a minute even when
/// a copy was taken a moment before it.
pub const MOST_SECONDS: u32 = 30;

/// Headers of the cabinet's files. The cabinet is our own script and WebAssembly, nothing else.
pub fn of_asset(path: &str, https: bool) -> Vec<Header> {
    let mut headers: Vec<Header> = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
             manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ("x-robots-tag", "noindex"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into();
    if https {
        headers.push((
            "strict-transport-security".into(),
            "max-age=63072000; includeSubDomains; preload".into(),
        ));
    }
    let rule = if hashed(path) { caching(Caching::Immutable) } else { "no-cache".into() };
    headers.push(("cache-control".into(), rule));
    headers
}

/// Whether a file name carries a hash of its content: `cabinet-1a2b3c4d5e6f.js`.
fn hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}
