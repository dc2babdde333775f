//! Filters on text.
use serde_json::Value;

use super::Arguments;
use crate::core::js;
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::value::Val;

pub(super) fn apply<'a>(
    name: &str,
    value: &Val<'a>,
    arguments: &Arguments<'a>,
) -> Option<Result<Val<'a>, LiquidError>> {
    let text = value.to_text();
    let text = text.as_ref();
    let first = || arguments.text(0);
    let result = match name {
        "append" | "prepend" if arguments.len() != 1 => {
            return Some(Err(LiquidError::new(format!("{name} expect 2 arguments"))));
        }
        "append" => format!("{text}{}", first()),
        "prepend" => format!("{}{text}", first()),
        "upcase" => text.to_uppercase(),
        "downcase" => text.to_lowercase(),
        "capitalize" => capitalized(text),
        "strip" => stripped(text, &arguments.at(0), Ends { start: true, end: true }).to_owned(),
        "lstrip" => stripped(text, &arguments.at(0), Ends { start: true, end: false }).to_owned(),
        "rstrip" => stripped(text, &arguments.at(0), Ends { start: false, end: true }).to_owned(),
        "strip_newlines" => text.replace("\r\n", "").replace('\n', ""),
        "squish" => js::trim(&single_spaced(text)).to_owned(),
        "normalize_whitespace" => single_spaced(text),
        "remove" => replaced(text, &first(), ""),
        "remove_first" => text.replacen(&first(), "", 1),
        "remove_last" => replaced_last(text, &first(), ""),
        "replace" => replaced(text, &first(), &arguments.text(1)),
        "replace_first" => text.replacen(&first(), &arguments.text(1), 1),
        "replace_last" => replaced_last(text, &first(), &arguments.text(1)),
        "split" => return Some(Ok(Val::list(split(text, &first())))),
        "truncate" => return Some(Ok(truncated(value, text, arguments))),
        "truncatewords" => truncated_words(text, arguments),
        "number_of_words" => return Some(Ok(Val::Number(js::number(&number_of_words(text, &first()).into())))),
        _ => return None,
    };
    Some(Ok(Val::text(result)))
}

/// The first letter in upper case, the others in lower case.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // Half a letter has no upper case.
        Some(first) if first.len_utf16() == 2 => format!("{first}{}", letters.as_str().to_lowercase()),
        Some(first) => first.to_uppercase().chain(letters.as_str().to_lowercase().chars()).collect(),
        None => String::new(),
    }
}

#[derive(Clone, Copy)]
struct Ends {
    start: bool,
    end: bool,
}

/// Takes blanks, or the letters given, off the ends.
fn stripped<'t>(text: &'t str, letters: &Val<'_>, ends: Ends) -> &'t str {
    let given = letters.to_text();
    let is_given = letters.to_json().is_some_and(|json| js::truthy(&json));
    let goes = |letter: char| if is_given { given.contains(letter) } else { js::is_blank(letter) };
    let text = if ends.start { text.trim_start_matches(goes) } else { text };
    if ends.end { text.trim_end_matches(goes) } else { text }
}

fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut was_blank = false;
    for letter in text.chars() {
        let is_blank = js::is_blank(letter);
        if !is_blank {
            out.push(letter);
        } else if !was_blank {
            out.push(' ');
        }
        was_blank = is_blank;
    }
    out
}

/// Splits at a text and joins with another; an empty text splits between all letters, but not at the ends.
fn replaced(text: &str, pattern: &str, replacement: &str) -> String {
    if !pattern.is_empty() {
        return text.replace(pattern, replacement);
    }
    let letters: Vec<_> = text.chars().map(String::from).collect();
    letters.join(replacement)
}

fn replaced_last(text: &str, pattern: &str, replacement: &str) -> String {
    match text.rfind(pattern) {
        Some(at) => format!("{}{replacement}{}", &text[..at], &text[at + pattern.len()..]),
        None => text.to_owned(),
    }
}

/// Pieces of a text, empty ones at the end left out.
fn split(text: &str, separator: &str) -> Vec<Value> {
    let mut pieces: Vec<&str> =
        if separator.is_empty() { text.split("").skip(1).collect() } else { text.split(separator).collect() };
    while pieces.last().is_some_and(|piece| piece.is_empty()) {
        pieces.pop();
    }
    pieces.into_iter().map(Value::from).collect()
}

/// Whole letters count; what is short enough stays what it was.
fn truncated<'a>(value: &Val<'a>, text: &str, arguments: &Arguments<'_>) -> Val<'a> {
    let length = arguments.number_or(0, 50.0);
    let ellipsis = if matches!(arguments.at(1), Val::Undefined) { "...".to_owned() } else { arguments.text(1) };
    let count = |text: &str| js::number(&text.chars().count().into());
    if text.is_empty() || js::number(&js::utf16_len(text).into()) <= length || count(text) <= length {
        return value.clone();
    }
    let kept = (length - count(&ellipsis)).max(0.0);
    let kept = text.chars().zip(0_u32..).take_while(|(_, at)| f64::from(*at) < kept).map(|(letter, _)| letter);
    Val::text(kept.collect::<String>() + &ellipsis)
}

fn truncated_words(text: &str, arguments: &Arguments<'_>) -> String {
    let most = arguments.number_or(0, 15.0);
    let most = if most <= 0.0 { 1.0 } else { most };
    let ellipsis = if matches!(arguments.at(1), Val::Undefined) { "...".to_owned() } else { arguments.text(1) };
    let start = text.trim_start_matches(js::is_blank);
    let spaced = single_spaced(start);
    let words: Vec<&str> = spaced.split(' ').collect();
    let kept = words.iter().zip(1_u32..).take_while(|(_, count)| f64::from(*count) <= most).map(|(word, _)| *word);
    let kept = kept.collect::<Vec<_>>().join(" ");
    let is_cut = js::number(&words.len().into()) >= most;
    if is_cut { kept + &ellipsis } else { kept }
}

/// Words between blanks; in the mode `cjk`, and in `auto` where there are any, each letter of Chinese, Japanese and
/// Korean is one.
fn number_of_words(text: &str, mode: &str) -> usize {
    let is_cjk = |letter: char| {
        matches!(letter, '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{3400}'..='\u{4dbf}'
            | '\u{3040}'..='\u{309f}' | '\u{30a0}'..='\u{30ff}' | '\u{ac00}'..='\u{d7af}')
    };
    let text = js::trim(text);
    let n_letters = text.chars().filter(|letter| is_cjk(*letter)).count();
    if mode == "cjk" || (mode == "auto" && n_letters > 0) {
        let others = text.split(|letter| is_cjk(letter) || js::is_blank(letter)).filter(|word| !word.is_empty());
        return n_letters + others.count();
    }
    text.split(js::is_blank).filter(|word| !word.is_empty()).count()
}
