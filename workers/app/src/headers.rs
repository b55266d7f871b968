//! The headers that every answer has.

use std::borrow::Cow;

use crate::{http::Caching, ports::Config, routes::Form};

/// What may frame an answer and what it may load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Public pages: own styles, no script at all, never framed. (`connect-src` is for the tools
    /// that look at a page from inside and ask for robots.txt.)
    Page,
    /// A public page with a script of its own: it works for the sender of a form.
    Script,
    /// A page that our cabinet shows in a frame.
    Preview,
    /// JSON, feeds, files: they load nothing.
    Data,
    /// What a person has sent: it runs nothing, even if a browser takes it for a page.
    File,
    /// The cabinet: own scripts and WASM, its API, a preview in a frame.
    Cabinet,
}

impl Policy {
    const fn csp(self) -> &'static str {
        match self {
            Policy::Page => {
                "default-src 'none'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
                 form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types 'none'"
            }
            Policy::Script => {
                "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                 img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types 'none'"
            }
            Policy::Preview => {
                "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                 form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
                 require-trusted-types-for 'script'; trusted-types 'none'"
            }
            Policy::Data => {
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            }
            Policy::File => {
                "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            }
            Policy::Cabinet => {
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                 img-src 'self' data:; media-src 'self'; connect-src 'self'; frame-src 'self' blob:; manifest-src 'self'; \
                 worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types mansap"
            }
        }
    }
}

/// The policy of an answer of a form, by its content type.
pub fn policy(form: Form, path: &str, content_type: &str) -> Policy {
    match form {
        Form::Page if path.starts_with("/files/") && !content_type.starts_with("text/html") => {
            Policy::File
        }
        Form::Page if path.contains("/preview/") => Policy::Preview,
        Form::Page
            if content_type.starts_with("text/html")
                && (path.ends_with("/feedback") || path.ends_with("/enter")) =>
        {
            Policy::Script
        }
        Form::Page if content_type.starts_with("text/html") => Policy::Page,
        _ => Policy::Data,
    }
}

/// The security headers of an answer, as names and values.
pub fn security(config: &Config, policy: Policy) -> Vec<(&'static str, &'static str)> {
    let mut headers = vec![
        ("content-security-policy", policy.csp()),
        ("x-content-type-options", "nosniff"),
        (
            "referrer-policy",
            match policy {
                // The address of a file opens it.
                Policy::File => "no-referrer",
                _ => "strict-origin-when-cross-origin",
            },
        ),
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "accelerometer=(), browsing-topics=(), camera=(), geolocation=(), gyroscope=(), \
             microphone=(), payment=(), usb=()",
        ),
    ];
    headers.push(match policy {
        Policy::Preview => ("x-frame-options", "SAMEORIGIN"),
        _ => ("x-frame-options", "DENY"),
    });
    headers.push(match policy {
        // The public API and feeds are there to be read by other sites.
        Policy::Data => ("cross-origin-resource-policy", "cross-origin"),
        _ => ("cross-origin-resource-policy", "same-origin"),
    });
    if config.origin.starts_with("https://") {
        headers.push(("strict-transport-security", "max-age=63072000; includeSubDomains; preload"));
    }
    headers
}

/// [`security`] for the cabinet of those who run tests: it may also speak to the worker of tests,
/// where a proctor watches a room.
pub fn testing(config: &Config) -> Vec<(&'static str, Cow<'static, str>)> {
    let tests = config.exam_origin.as_str();
    security(config, Policy::Cabinet)
        .into_iter()
        .map(|(name, value)| match name {
            "content-security-policy" if !tests.is_empty() => {
                let wide = format!("connect-src 'self' {tests};");
                (name, Cow::Owned(value.replace("connect-src 'self';", &wide)))
            }
            _ => (name, Cow::Borrowed(value)),
        })
        .collect()
}

/// The value of `Cache-Control`.
pub fn cache_control(caching: Caching) -> String {
    match caching {
        Caching::Private => "private, no-store".into(),
        // Browsers ask again at once (an ETag makes that cheap); only the edge keeps it.
        Caching::Public(seconds) => {
            format!("public, max-age=0, s-maxage={seconds}, must-revalidate")
        }
        Caching::Immutable => "public, max-age=31536000, immutable".into(),
    }
}
