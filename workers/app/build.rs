//! Makes the stylesheet small and gives it a name by its content; turns the help articles
//! (`schemas/help/<slug>.<lang>.md`) into HTML. Both become Rust tables: the worker carries them.

#![expect(clippy::panic, reason = "a build script reports by failing")]

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use sha2::{Digest, Sha256};

#[path = "build/markdown.rs"]
mod markdown;

fn main() {
    // Read at run time: the folder of a build script's own compilation may be another checkout.
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let out = env::var("OUT_DIR").unwrap_or_default();
    assets(&root, Path::new(&out));
    help(&root, Path::new(&out));
    regions(&root, Path::new(&out));
}

/// The lines of the first level alone: the map needs 20 names, not the whole classifier.
fn regions(root: &Path, out: &Path) {
    let kato = read(&root.join("schemas/data/kato.json"));
    let lines: Vec<_> = kato
        .lines()
        .filter(|line| line.contains("\"level\": 1,"))
        .map(|line| line.trim().trim_end_matches(','))
        .collect();
    assert_eq!(lines.len(), 20, "kato.json has one line for each of the 20 regions");
    write(&out.join("regions.json"), &format!("[{}]", lines.join(",")));
}

fn read(path: &Path) -> String {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn assets(root: &Path, out: &Path) {
    let styles = minify(&read(&root.join("frontend/styles/mansap.css")));
    let paper = minify(&read(&root.join("frontend/styles/paper.css")));
    let icon = read(&root.join("workers/app/templates/icon.svg"));
    let passkey = read(&root.join("workers/app/templates/passkey.js"));
    let work = read(&root.join("workers/app/templates/work.js"));
    let mut code = String::new();
    for (constant, stem, kind, body) in [
        ("STYLES", "mansap", "css", styles.as_str()),
        ("PAPER", "paper", "css", paper.as_str()),
        ("ICON", "icon", "svg", icon.trim()),
        ("PASSKEY", "passkey", "js", passkey.trim()),
        ("WORK", "work", "js", work.trim()),
    ] {
        let hash: String =
            Sha256::digest(body).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        let _ = writeln!(
            code,
            "/// `{stem}.{kind}`: address and body.\npub const {constant}: (&str, &str) = (\"/assets/{stem}-{hash}.{kind}\", {body:?});"
        );
    }
    write(&out.join("assets.rs"), &code);
}

/// Drops comments and the spaces that mean nothing. Strings (the inline picture) are kept.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(character) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if character == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |at| at + 2);
            out += &rest[..end];
            rest = &rest[end..];
        } else if character.is_whitespace() {
            rest = rest.trim_start();
            let before = out.chars().next_back().unwrap_or('{');
            let after = rest.chars().next().unwrap_or('}');
            if !("{};,>:".contains(before) || "{};,>".contains(after)) {
                out.push(' ');
            }
        } else {
            if character == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    out
}

fn help(root: &Path, out: &Path) {
    let folder = root.join("schemas/help");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut articles: BTreeMap<String, BTreeMap<String, markdown::Article>> = BTreeMap::new();
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for path in files.filter_map(|file| Some(file.ok()?.path())) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let mut parts = name.split('.');
        if let (Some(slug), Some(lang), Some("md")) = (parts.next(), parts.next(), parts.next()) {
            let article = markdown::article(&read(&path));
            articles.entry(slug.to_owned()).or_default().insert(lang.to_owned(), article);
        }
    }
    let mut code = String::from(
        "/// All articles, in the order of their numbers.\npub const ARTICLES: &[Article] = &[\n",
    );
    for (numbered, langs) in &articles {
        let slug = numbered.split_once('-').map_or(numbered.as_str(), |(_, slug)| slug);
        let _ = write!(code, "Article {{ slug: {slug:?}, texts: [");
        for lang in ["kk", "ru", "en"] {
            let text = langs.get(lang).unwrap_or_else(|| panic!("help {numbered}: no {lang}"));
            let _ = write!(
                code,
                "ArticleText {{ title: {:?}, summary: {:?}, html: {:?} }},",
                text.title, text.summary, text.html
            );
        }
        code += "] },\n";
    }
    code += "];\n";
    write(&out.join("help.rs"), &code);
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
