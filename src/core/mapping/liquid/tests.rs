//! What templates give, row by row as the reference was seen to behave.
use proptest::prelude::*;
use serde_json::{Value, json};

use super::Template;

fn event() -> Value {
    json!({
        "name": "Ada Lovelace", "n": 7, "half": 2.5, "yes": true, "no": false, "nothing": null, "empty_text": "",
        "user": {"email": "a@b.c", "first name": "Ada", "tags": ["x", "y", 3]},
        "items": [{"price": 5, "ok": true}, {"price": 7}, {"price": "9", "ok": false}],
        "time": "2024-03-05T07:08:09.123Z", "html": "<p>a & b</p><script>x</script>",
    })
}

fn render(template: &str) -> Result<String, String> {
    let template = Template::parse(template).map_err(|error| error.to_string())?;
    template.render(Some(&event())).map_err(|error| error.to_string())
}

fn check(rows: &[(&str, &str)]) {
    for (template, expected) in rows {
        assert_eq!(render(template), Ok((*expected).to_owned()), "{template}");
    }
}

#[test]
fn values_are_written_as_text() {
    check(&[
        ("plain", "plain"),
        ("{{ name }}|{{ n }}|{{ half }}|{{ yes }}|{{ nothing }}|{{ missing.deep }}", "Ada Lovelace|7|2.5|true||"),
        ("{{ user }}", "[object Object]"),
        ("{{ user.tags }}", "xy3"),
        ("{{ user['first name'] }} {{ user.tags[0] }} {{ user.tags[-1] }}", "Ada x 3"),
        (
            "{{ user.tags.size }} {{ user.size }} {{ name.size }} {{ user.tags.first }} {{ items.last.price }}",
            "3 3 12 x 9",
        ),
        ("{{ (1..3) }}", "123"),
        ("{{ \"q\\\"\\u0041\\n\" }}", "q\"A\n"),
        ("{{ -2.50 }}{{ 'x' }}{{ true }}{{ nil }}{{ empty }}", "-2.5xtrue"),
        ("{{ user.tags[n] }}", ""),
        ("a {{- name -}} b", "aAda Lovelaceb"),
        ("{% raw %}{{ n }}{% endraw %}", "{{ n }}"),
        ("{% comment %}{{ n }}{% endcomment %}!", "!"),
        ("{% # a note %}!", "!"),
    ]);
}

#[test]
fn conditions_know_only_false_and_nothing_as_false() {
    let holds = |condition: &str| format!("{{% if {condition} %}}yes{{% else %}}no{{% endif %}}");
    for (condition, expected) in [
        ("empty_text", "yes"),
        ("no", "no"),
        ("missing", "no"),
        ("0", "yes"),
        ("n == 7", "yes"),
        ("n == '7'", "no"),
        ("n > 5 and n < 9", "yes"),
        ("no and no or yes", "no"),
        ("not no", "yes"),
        ("name contains 'Love'", "yes"),
        ("user.tags contains 3", "yes"),
        ("empty_text == empty", "yes"),
        ("nothing == nil", "yes"),
        ("missing == blank", "yes"),
        ("'  ' == blank", "yes"),
        ("'b' > 'a'", "yes"),
        ("'10' > 9", "yes"),
        ("user == user", "yes"),
    ] {
        assert_eq!(render(&holds(condition)), Ok(expected.to_owned()), "{condition}");
    }
    check(&[
        ("{% unless no %}a{% else %}b{% endunless %}", "a"),
        ("{% if no %}a{% elsif n == 7 %}b{% else %}c{% endif %}", "b"),
    ]);
}

#[test]
fn tags_keep_variables_and_counters() {
    check(&[
        ("{% assign x = n | plus: 1 %}{{ x }}", "8"),
        ("{% capture x %}<{{ n }}>{% endcapture %}{{ x }}{{ x }}", "<7><7>"),
        ("{% increment c %}{% increment c %}{% decrement c %}{{ c }}", "0111"),
        ("{% liquid\nassign v = 5\necho v | times: 2\n%}", "10"),
        ("a{% break %}b", "a"),
        ("{% echo name | upcase %}", "ADA LOVELACE"),
    ]);
}

#[test]
fn filters_change_values() {
    check(&[
        ("{{ name | upcase }} {{ name | downcase }} {{ 'aB' | capitalize }}", "ADA LOVELACE ada lovelace Ab"),
        ("{{ name | append: '!' | prepend: '>' }}", ">Ada Lovelace!"),
        ("{{ name | replace: 'a', 'o' | remove: 'L' }}", "Ado oveloce"),
        (
            "{{ name | remove_first: 'a' }}|{{ name | remove_last: 'a' }}|{{ name | replace_last: 'e', '' }}",
            "Ad Lovelace|Ada Lovelce|Ada Lovelac",
        ),
        ("{{ ' a  b ' | strip }}|{{ ' a  b ' | squish }}|{{ 'xxaxx' | lstrip: 'x' }}", "a  b|a b|axx"),
        ("{{ name | truncate: 6 }}|{{ name | truncatewords: 1 }}|{{ name | slice: -4, 2 }}", "Ada...|Ada...|la"),
        ("{{ 'a,b,,' | split: ',' | join: '+' }} {{ 'a b' | number_of_words }}", "a+b 2"),
        (
            "{{ n | plus: 1 }} {{ n | minus: 1 }} {{ n | times: 2 }} {{ n | divided_by: 2 }} {{ n | modulo: 4 }}",
            "8 6 14 3.5 3",
        ),
        (
            "{{ -7.5 | abs }} {{ half | ceil }} {{ half | floor }} {{ 1.005 | round: 2 }} {{ n | at_most: 5 }}",
            "7.5 3 2 1.01 5",
        ),
        ("{{ n | plus }} {{ 'x' | plus: 1 }}", "NaN 1"),
        (
            "{{ missing | default: 'd' }} {{ no | default: 'd' }} {{ no | default: 'd', allow_false: true }}",
            "d d false",
        ),
        (
            "{{ html | escape }} {{ html | strip_html }}",
            "&lt;p&gt;a &amp; b&lt;/p&gt;&lt;script&gt;x&lt;/script&gt; a & b",
        ),
        ("{{ 'a b&c' | url_encode }} {{ 'a+b%26' | url_decode }} {{ 'ä' | cgi_escape }}", "a+b%26c a b& %C3%A4"),
        ("{{ name | base64_encode }} {{ 'QWRh' | base64_decode }}", "QWRhIExvdmVsYWNl Ada"),
        ("{{ 'a' | sha256 | slice: 0, 8 }} {{ 'a' | hmac_sha256: 'k' | slice: 0, 8 }}", "ca978112 78da9151"),
        ("{{ user | json }}", "{\"email\":\"a@b.c\",\"first name\":\"Ada\",\"tags\":[\"x\",\"y\",3]}"),
        (
            "{{ items | where: 'ok' | size }} {{ items | where: 'price', 7 | size }} {{ items | sum: 'price' }}",
            "1 1 21",
        ),
        ("{{ user.tags | push: 4 | shift | join }} {{ user.tags | first }}{{ name | last }}", "y 3 4 xe"),
        ("{{ time | date: '%Y-%m-%d %-I:%M %p %^a' }} {{ 0 | date: '%j' }}", "2024-03-05 7:08 AM TUE 001"),
        (
            "{{ time | date_to_rfc822 }} {{ time | date_to_string: 'ordinal' }}",
            "Tue, 05 Mar 2024 07:08:09 +0000 5th Mar 2024",
        ),
        ("{{ time | date: '%H:%M %z', -330 }} {{ 'no time' | date: '%Y' }}", "12:38 +0530 no time"),
        ("{{ name | nobody_knows_this: 1 }}", "Ada Lovelace"),
    ]);
}

#[test]
fn candidates_take_turns_within_their_group() {
    check(&[
        ("{% cycle 1, 2, 3 %}{% cycle 1, 2, 3 %}{% cycle 1, 2, 3 %}{% cycle 1, 2, 3 %}", "1231"),
        ("{% cycle name: 1, 2 %}{% cycle n: 1, 2 %}{% cycle name: 1, 2 %}", "112"),
        ("{% cycle 'a','b' %}{% cycle 'a', 'b' %}", "aa"),
        ("{% cycle 'a' | upcase, 'b' %}{% cycle 'a' | upcase, 'b' %}", "Ab"),
        ("{% cycle 'a' 'b' %}{% cycle 'a' 'b' %}", "aa"),
        ("{% cycle 0, false, nil %}{% cycle 0, false, nil %}{% cycle 0, false, nil %}!", "!"),
        ("{% cycle (1..3), 2 %}", "123"),
    ]);
}

#[test]
fn a_block_gives_what_is_in_it_and_a_variable() {
    check(&[
        ("{% block x %}a{% block y %}{{ n }}{% endblock %}{% endblock %}!", "a7!"),
        (
            "{% block x %}{{ block }}|{{ block.super }}|{{ block | json }}{% endblock %}|{{ block }}",
            "[object Object]||{}|",
        ),
        ("{% block x %}{% assign block = 5 %}{{ block }}{% endblock %}{{ block }}", "[object Object]5"),
        ("{% block x %}{% break %}a{% endblock %}b", ""),
    ]);
}

#[test]
fn slugs_samples_and_indented_json() {
    check(&[
        ("{{ ' H\u{e9}llo W\u{f6}rld_1! ' | slugify }}", "h\u{e9}llo-w\u{f6}rld-1"),
        ("{{ 'H\u{e9}llo \u{1e9e}\u{df} W\u{f6}rld' | slugify: 'latin' }}", "hello-ssss-world"),
        ("{{ 'H\u{e9}llo \u{1e9e}\u{df} W\u{f6}rld' | slugify: 'latin', true }}", "Hello-SSss-World"),
        ("{{ 'a b.c_d~e' | slugify: 'pretty' }}", "a-b.c_d~e"),
        ("{{ 'a b.c_d' | slugify: 'ascii' }}", "a-b-c-d"),
        ("{{ 'A  b' | slugify: 'raw' }}|{{ 'A b' | slugify: 'none' }}|{{ 'A b' | slugify: nil }}", "a-b|a b|a b"),
        ("{{ 'abc' | sample | size }}{{ nil | sample }}{{ user.tags | sample: 2 | size }}", "12"),
        ("{{ user.tags | sample: 9 | size }}{{ user.tags | sample: -1 | size }}", "32"),
        ("{{ user.tags | json: 2 }}", "[\n  \"x\",\n  \"y\",\n  3\n]"),
        ("{{ user.tags | inspect: '--' }}", "[\n--\"x\",\n--\"y\",\n--3\n]"),
        ("{{ user.tags | json: 0.5 }}", "[\n\"x\",\n\"y\",\n3\n]"),
        (
            "{{ user.tags | json: true }}{{ user.tags | json: -1 }}{{ missing | json: 2 }}",
            "[\"x\",\"y\",3][\"x\",\"y\",3]",
        ),
    ]);
}

#[test]
fn times_are_shown_where_the_template_says() {
    check(&[
        ("{{ time | date: '%H:%M %Z %z', 'America/New_York' }}", "02:08 America/New_York -0500"),
        ("{{ '2024-07-05T07:08:09Z' | date: '%H:%M %z', 'america/new_york' }}", "03:08 -0400"),
        ("{{ time | date: '%H:%M %Z %:z', 'Asia/Kolkata' }}", "12:38 Asia/Kolkata +05:30"),
        ("{{ time | date: '%H %Z %z', 'EST' }}", "02 EST -0500"),
        ("{{ time | date: '%H:%M %Z', 60 }}", "06:08 -0100"),
        ("{{ time | date: '%c|%x|%X' }}", "3/5/2024, 7:08:09 AM|3/5/2024|7:08:09 AM"),
        ("{{ time | date: '%c', 'America/New_York' }}", "3/5/2024, 2:08:09 AM"),
        ("{{ time | date: '%H', user.tags }}", "2024-03-05T07:08:09.123Z"),
        ("{{ 1795168800000 | date: '%Y-%m-%d' }}", "58856-08-19"),
    ]);
}

#[test]
fn what_is_wrong_or_turned_off_is_said_with_its_place() {
    for (template, message) in [
        ("{% for x in items %}{% endfor %}", "tag \"for\" is disabled, line:1, col:1"),
        ("a\nb {% case n %}{% endcase %}", "tag \"case\" is disabled, line:2, col:3"),
        ("{% nope %}", "tag \"nope\" not found, line:1, col:1"),
        ("{{ items | map: 'price' }}", "filter \"map\" is disabled, line:1, col:1"),
        ("{{ n", "output \"{{ n\" not closed, line:1, col:1"),
        ("{% if n %}", "tag {% if n %} not closed, line:1, col:1"),
        ("{{ n | plus 1 }}", "expected \":\" after filter name, line:1, col:13"),
        ("{{ }}", "invalid value expression: \"\", line:1, col:4"),
        ("{{ 'x' | append }}", "append expect 2 arguments, line:1, col:1"),
        ("{{ (1..1000000000) }}", "memory alloc limit exceeded, line:1, col:1"),
        ("{% cycle %}", "empty candidates: \"{% cycle %}\", line:1, col:9"),
        ("{% cycle , %}", "invalid value expression: \",\", line:1, col:10"),
        ("{% cycle n: %}", "empty candidates: \"{% cycle n: %}\", line:1, col:12"),
        ("{% block %}x", "tag {% block %} not closed, line:1, col:1"),
        ("{{ time | date: '%H', 'Nowhere/Here' }}", "Invalid time zone specified: Nowhere/Here, line:1, col:1"),
        ("{{ time | date: '%H', '+05:30' }}", "Invalid time zone specified: +05:30, line:1, col:1"),
        ("{{ 'now' | date: '%Y' }}", "\"now\" in filter \"date\" is not supported by this program, line:1, col:1"),
    ] {
        assert_eq!(render(template), Err(message.to_owned()), "{template}");
    }
}

#[test]
fn a_text_that_doubles_itself_meets_the_limit() {
    let double = "{% assign a = a | append: a %}".repeat(32);
    let message = render(&format!("{{% assign a = 'xxxxxxxx' %}}{double}"));
    assert!(message.is_err_and(|message| message.starts_with("memory alloc limit exceeded")));
}

proptest! {
    #[test]
    fn no_template_makes_it_panic(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "{{", "}}", "{%", "%}", "{%-", "-}}", " ", "\n", "name", "user.tags", "[0]", "['x", "(1..3)", "|", ":", ",", "'a'",
                "\"", "\\", "5", "-1.5", "==", "contains", "and", "not", "if ", "endif", "else", "elsif ", "assign ", "=",
                "capture ", "endcapture", "raw", "endraw", "comment", "endcomment", "liquid ", "echo ", "#", "unless ",
                "endunless", "date: '%10Y%N%-d%^a'", "slice: -2, 9", "truncate: 2", "round: 30", "split: ''", "replace: '', 'é'",
                "times: 1e9", "cycle ", "block ", "endblock", "slugify", "sample: 2", "json: 2", "date: '%c', 'UTC'", "url_decode", "base64_decode", "where: 'a.b'", "é", "😀",
            ]),
            0..24,
        ),
    ) {
        let template = pieces.concat();
        prop_assert_eq!(render(&template), render(&template));
    }
}
