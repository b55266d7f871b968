//! The little Markdown that the help articles use: `# title`, a summary paragraph, `## heading`,
//! paragraphs, `- list`, `1. list`, `**bold**`, `` `code` ``, `[text](address)`.
//! Links start with `/` and lie in the article's own language: the page adds the prefix `{base}`.

/// One article in one language.
pub struct Article {
    /// Title.
    pub title: String,
    /// First paragraph: also the description of the page.
    pub summary: String,
    /// The rest.
    pub html: String,
}

/// Reads an article.
pub fn article(text: &str) -> Article {
    let mut article = Article { title: String::new(), summary: String::new(), html: String::new() };
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        if let Some(title) = block.strip_prefix("# ") {
            article.title = title.to_owned();
        } else if article.summary.is_empty() {
            article.summary = block.replace('\n', " ");
        } else if let Some(heading) = block.strip_prefix("## ") {
            article.html += &format!("<h2>{}</h2>", inline(heading));
        } else if block.starts_with("- ") {
            article.html += &list("ul", "", block, |line| line.strip_prefix("- "));
        } else if block.starts_with("1. ") {
            article.html += &list("ol", " class=\"steps\"", block, |line| {
                let (number, text) = line.split_once(". ")?;
                number.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
            });
        } else {
            article.html += &format!("<p>{}</p>", inline(&block.replace('\n', " ")));
        }
    }
    article
}

fn list(tag: &str, attributes: &str, block: &str, item: fn(&str) -> Option<&str>) -> String {
    let mut items: Vec<String> = Vec::new();
    for line in block.lines() {
        match (item(line), items.last_mut()) {
            (Some(text), _) => items.push(text.to_owned()),
            (None, Some(last)) => *last += &format!(" {}", line.trim()),
            (None, None) => {}
        }
    }
    let items: String = items.iter().map(|text| format!("<li>{}</li>", inline(text))).collect();
    format!("<{tag}{attributes}>{items}</{tag}>")
}

fn inline(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let text = pairs(&text, "**", "<strong>", "</strong>");
    let text = pairs(&text, "`", "<code>", "</code>");
    links(&text)
}

fn pairs(text: &str, mark: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    for (place, part) in text.split(mark).enumerate() {
        out += match place {
            0 => "",
            n if n % 2 == 1 => open,
            _ => close,
        };
        out += part;
    }
    out
}

fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out += before;
        let link = after.split_once("](").and_then(|(label, tail)| {
            let (address, tail) = tail.split_once(')')?;
            Some((label, address, tail))
        });
        if let Some((label, address, tail)) = link {
            // Addresses of machines have no language.
            let bare = ["/api", "/feed", "/sitemap"].iter().any(|start| address.starts_with(start));
            let base = if address.starts_with('/') && !bare { "{base}" } else { "" };
            out += &format!("<a href=\"{base}{address}\">{label}</a>");
            rest = tail;
        } else {
            out.push('[');
            rest = after;
        }
    }
    out + rest
}
