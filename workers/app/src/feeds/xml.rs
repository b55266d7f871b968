//! Text inside XML.

/// Escapes a text for content and attributes; characters that XML 1.0 has no place for are left
/// out, since not even an escape may carry them.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_becomes_markup() {
        assert_eq!(
            escape("]]><b a='1'>&amp;\u{0}\u{b}\u{ffff}\"\n\u{85}ә"),
            "]]&gt;&lt;b a=&#39;1&#39;&gt;&amp;amp;&quot; ә"
        );
    }
}
