//! Filters on HTML.
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::value::Val;

const ESCAPES: [(char, &str); 5] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&#34;"), ('\'', "&#39;")];

/// What is left out as a whole: its beginning and its end. The first that fits counts.
const BLOCKS: [(&str, &str); 4] = [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"), ("<", ">")];

pub(super) fn apply<'a>(name: &str, value: &Val<'a>) -> Option<Result<Val<'a>, LiquidError>> {
    let text = value.to_text();
    Some(Ok(match name {
        "escape" | "xml_escape" => Val::text(escaped(&text)),
        "escape_once" => Val::text(escaped(&unescaped(&text))),
        "strip_html" => Val::text(without_markup(&text)),
        "raw" => value.clone(),
        _ => return None,
    }))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match ESCAPES.iter().find(|(plain, _)| *plain == letter) {
            Some((_, escape)) => out.push_str(escape),
            None => out.push(letter),
        }
    }
    out
}

/// Each escape once: what comes out is not looked at again.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((plain, escape)) = ESCAPES.iter().find(|(_, escape)| rest.starts_with(escape)) {
            out.push(*plain);
            rest = &rest[escape.len()..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out + rest
}

fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let block = BLOCKS.iter().filter(|(begin, _)| rest.starts_with(begin));
        let ends = block.filter_map(|(begin, end)| Some(begin.len() + rest[begin.len()..].find(end)? + end.len()));
        match ends.into_iter().next() {
            Some(end) => rest = &rest[end..],
            None => break,
        }
    }
    out + rest
}
