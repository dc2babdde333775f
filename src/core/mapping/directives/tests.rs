//! What each directive gives, row by row as the reference was seen to behave.
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::core::mapping::{MappingErrorKind, transform, transform_batch};

/// What a mapping makes of an event under one key: a value, `None` for a key that is left out, or a message.
fn outcome(mapping: &Value, event: &Value) -> Result<Option<Value>, String> {
    let mapping = serde_json::Map::from_iter([("k".to_owned(), mapping.clone())]);
    transform(&mapping, event).map(|payload| payload.get("k").cloned()).map_err(|error| error.to_string())
}

fn check(rows: impl IntoIterator<Item = (Value, Value, Option<Value>)>) {
    for (mapping, event, expected) in rows {
        assert_eq!(outcome(&mapping, &event), Ok(expected), "{mapping} on {event}");
    }
}

fn check_failures<'a>(rows: impl IntoIterator<Item = (Value, Value, &'a str)>) {
    for (mapping, event, message) in rows {
        // Inside a list nothing is validated, so the directive itself has to say it.
        let inside_list = json!([mapping]);
        assert_eq!(outcome(&inside_list, &event), Err(message.to_owned()), "{mapping} on {event}");
    }
}

#[test]
fn path() {
    let at = |path: &str| json!({"@path": path});
    check([
        (at("$.a"), json!({"a": null}), Some(json!(null))),
        (at("$.a.b"), json!({"a": null}), Some(json!(null))),
        (at("$.a.b"), json!({"a": 0}), Some(json!(0))),
        (at("$.a.b"), json!({"a": ""}), Some(json!(""))),
        (at("$.a.length"), json!({"a": "hey"}), Some(json!(3))),
        (at("$.a[1]"), json!({"a": [1, 2]}), Some(json!(2))),
        (at("$.a.[1]"), json!({"a": [1, 2]}), Some(json!(2))),
        (at("$.a['b c']"), json!({"a": {"b c": 5}}), Some(json!(5))),
        (at("$..a"), json!({"a": 1}), Some(json!(1))),
        (at("a"), json!({"a": 1}), Some(json!(1))),
        (at("$['a']"), json!({"a": 1}), None),
        (at("$"), json!({"a": 1}), None),
        (at("$.a.$.b"), json!({"a": {"b": 1}}), None),
        (at("$.a\\.b"), json!({"a": {"b": 1}, "a.b": 2}), None),
        (at(""), json!({"a": 1}), Some(json!({"a": 1}))),
        (at("$."), json!({"a": 1}), Some(json!({"a": 1}))),
        (at("."), json!({"a": 1}), Some(json!({"a": 1}))),
        (json!({"@path": {"@path": "$.p"}}), json!({"p": "$.a", "a": 9}), Some(json!(9))),
        (json!({"@path": "$.a", "_metadata": {"x": 1}}), json!({"a": 1}), Some(json!(1))),
    ]);
    check_failures([
        (json!({"@path": {"@path": "$.p"}}), json!({}), "@path: expected string, got undefined"),
        (json!({"@path": {"@path": "$.p"}}), json!({"p": []}), "@path: expected string, got array"),
        (json!({"@path": 5}), json!({}), "@path: expected string, got number"),
    ]);
}

#[test]
fn template() {
    let of = |template: &str| json!({"@template": template});
    let text = |text: &str| Some(json!(text));
    check([
        (of("{{a}}-{{ b.c }}"), json!({"a": 1.0, "b": {"c": true}}), text("1-true")),
        (of("{{$.a}}"), json!({"a": 1}), text("")),
        (of("{{a}}{{b}}"), json!({"a": null}), text("")),
        (of("{{a}}"), json!({"a": {"b": 1}}), text("[object Object]")),
        (of("{{a}}"), json!({"a": [1, null, [2]]}), text("1,,2")),
        (of("{{ }}"), json!({}), text("[object Object]")),
        (of("{{{a}}}"), json!({"a": "{{b}}", "b": "deep"}), text("deep")),
        (of("{{a}}"), json!({"a": "{{b}}", "b": "deep"}), text("{{b}}")),
        (of("{{a} {{b"), json!({"a": 1, "b": 2}), text("{{a} {{b")),
        (of("{{}}{{a}}"), json!({"a": 1}), text("{{}}1")),
        (of("{{a}{{b}}"), json!({"b": 2, "a": 1}), text("{{a}2")),
        (of("{{{{a}}}}"), json!({"a": 1, "{a": 2}), text("2}")),
        (of("{{{a}} {{a}}"), json!({"a": 1, "{a": 2}), text("2 1")),
        (of("\u{e9}{{a}}\u{1f600}"), json!({"a": "x"}), text("\u{e9}x\u{1f600}")),
        (json!({"@template": {"@path": "$.t"}}), json!({"t": "{{a}}", "a": 1}), text("1")),
    ]);
    check_failures([(json!({"@template": {"@path": "$.t"}}), json!({}), "@template: expected string, got undefined")]);
}

#[test]
fn branches() {
    let exists = |path: &str, then: Value, otherwise: Value| json!({"@if": {"exists": {"@path": path}, "then": then, "else": otherwise}});
    let blank = |value: Value| (json!({"@if": {"blank": {"@path": "$.a"}, "then": 1, "else": 2}}), json!({"a": value}));
    check([
        (exists("$.a", json!("t"), json!("e")), json!({"a": ""}), Some(json!("t"))),
        (exists("$.a", json!("t"), json!("e")), json!({"a": null}), Some(json!("e"))),
        (exists("$.a", json!(null), json!("e")), json!({"a": 1}), Some(json!(null))),
        (exists("$.a", json!("t"), json!("")), json!({}), None),
        (exists("$.a", json!("t"), json!(0)), json!({}), None),
        (exists("$.a", json!("t"), json!({"@path": "$.b"})), json!({"b": 7}), Some(json!(7))),
        (json!({"@if": {"exists": "", "blank": "x", "then": 1}}), json!({}), Some(json!(1))),
        (json!({"@if": {"exists": {"@path": "$.a"}}}), json!({"a": 1}), None),
    ]);
    for (value, expected) in [
        (json!(null), 2),
        (json!(""), 2),
        (json!(0), 2),
        (json!(false), 2),
        (json!([]), 2),
        (json!("  "), 1),
        (json!({}), 1),
        (json!([0]), 1),
        (json!(true), 1),
    ] {
        let (mapping, event) = blank(value);
        assert_eq!(outcome(&mapping, &event), Ok(Some(json!(expected))), "{event}");
    }
    for options in [json!({}), json!({"exists": ""}), json!({"exists": false}), json!({"blank": null, "then": 1})] {
        let message = "@if requires an \"exists\" key or a \"blank\" key";
        assert_eq!(outcome(&json!({"@if": options}), &json!({})), Err(message.to_owned()), "{options}");
    }
    check_failures([(json!({"@if": 5}), json!({}), "@if requires an object with an \"exists\" key")]);
}

#[test]
fn case() {
    let of = |operator: &str, value: Value| json!({"@case": {"operator": operator, "value": value}});
    check([
        (of("lower", json!("\u{c4}Bc")), json!({}), Some(json!("\u{e4}bc"))),
        (of("upper", json!({"@path": "$.a"})), json!({"a": "stra\u{df}e"}), Some(json!("STRASSE"))),
        (of("lower", json!({"@path": "$.a"})), json!({"a": 5}), Some(json!(5))),
        (of("title", json!({"@path": "$.a"})), json!({"a": 5}), Some(json!(5))),
        (of("lower", json!("")), json!({}), None),
        (json!({"@case": {"operator": "lower"}}), json!({}), None),
    ]);
    check_failures([
        (of("LOWER", json!("a")), json!({}), "operator key should have a value of \"lower\" or \"upper\""),
        (json!({"@case": {"value": "a"}}), json!({}), "@case requires a \"operator\" key"),
    ]);
}

#[test]
fn replace() {
    let of = |options: Value| json!({"@replace": options});
    check([
        (of(json!({"value": "a.b.c", "pattern": ".", "replacement": "_"})), json!({}), Some(json!("a_b_c"))),
        (
            of(json!({"value": "a.b.c", "pattern": ".", "replacement": "_", "global": false})),
            json!({}),
            Some(json!("a_b.c")),
        ),
        (
            of(json!({"value": "aAa", "pattern": "A", "replacement": "z", "ignorecase": true})),
            json!({}),
            Some(json!("zzz")),
        ),
        (of(json!({"value": "a", "pattern": "a", "replacement": "$&$&"})), json!({}), Some(json!("aa"))),
        (of(json!({"value": "xay", "pattern": "a", "replacement": "$`$'$$$1"})), json!({}), Some(json!("xxy$$1y"))),
        (of(json!({"value": "a-b", "pattern": "-"})), json!({}), Some(json!("ab"))),
        (
            of(json!({"value": "a-b.c", "pattern": "-", "replacement": ".", "pattern2": ".", "replacement2": "+"})),
            json!({}),
            Some(json!("a+b+c")),
        ),
        (
            of(json!({"value": {"@path": "$.a"}, "pattern": "0", "replacement": "1"})),
            json!({"a": 100.0}),
            Some(json!("111")),
        ),
        (
            of(json!({"value": {"@path": "$.a"}, "pattern": "t", "replacement": "T"})),
            json!({"a": true}),
            Some(json!("True")),
        ),
        (of(json!({"value": {"@path": "$.a"}, "pattern": "t"})), json!({"a": {}}), Some(json!(""))),
        (of(json!({"value": {"@path": "$.a"}, "pattern": "t"})), json!({}), Some(json!(""))),
        (of(json!({"value": "", "pattern": "t"})), json!({}), None),
        (
            of(json!({"value": "\u{17f}S\u{df}", "pattern": "s", "ignorecase": true})),
            json!({}),
            Some(json!("\u{17f}\u{df}")),
        ),
    ]);
    check_failures([
        (of(json!({"value": "a", "pattern": ""})), json!({}), "@replace requires a \"pattern\" key"),
        (
            of(json!({"value": "a", "pattern": "a", "pattern2": "12345678901"})),
            json!({}),
            "@replace requires a \"pattern\" less than 10 characters",
        ),
    ]);
}

#[test]
fn array_path() {
    let of = |options: Value| json!({"@arrayPath": options});
    let event = json!({"list": [{"i": 1}, null, 5], "one": {"i": 7}, "text": "x"});
    let shape = json!({"v": {"@path": "$.i"}});
    check([
        (of(json!(["$.list"])), event.clone(), Some(event["list"].clone())),
        (of(json!(["$.list", shape])), event.clone(), Some(json!([{"v": 1}, {"v": null}, {}]))),
        (of(json!(["$.list", {"@path": "$.i"}])), event.clone(), Some(json!([1, null, null]))),
        (of(json!(["$.one", shape])), event.clone(), Some(json!([{"v": 7}]))),
        (of(json!(["$.text", shape])), event.clone(), Some(json!("x"))),
        (of(json!(["$.missing", shape])), event.clone(), None),
        (of(json!(["$.list", {}])), event.clone(), Some(event["list"].clone())),
        (
            of(json!([{"@json": {"mode": "decode", "value": "[{\"i\":3}]"}}, shape])),
            event.clone(),
            Some(json!([{"v": 3}])),
        ),
        (
            of(json!(["$.list", {"t": {"@template": "{{text}}"}}])),
            json!({"list": [{}], "text": "x"}),
            Some(json!([{"t": ""}])),
        ),
    ]);
    check_failures([(of(json!({"a": 1})), event, "@arrayPath expected array, got object")]);
}

#[test]
fn literal_and_exclude_when_null() {
    let without = |path: &str| json!({"@excludeWhenNull": {"@path": path}});
    let event = json!({"a": null, "b": {"c": null, "d": [null]}});
    check([
        (json!({"@literal": ""}), json!({}), Some(json!(""))),
        (json!({"@literal": null}), json!({}), Some(json!(null))),
        (json!({"@literal": "{{not}}"}), json!({"not": 1}), Some(json!("{{not}}"))),
        (json!({"@literal": {"x": {"@path": "$.y"}}}), json!({"y": 1}), Some(json!({"x": 1}))),
        (without("$.a"), event.clone(), None),
        (without("$.b"), event.clone(), Some(json!({"d": [null]}))),
        (without("$.z"), event, None),
    ]);
}

#[test]
fn flatten() {
    let of = |value: Value, omit: bool| json!({"@flatten": {"separator": "_", "value": value, "omitArrays": omit}});
    let nested = json!({"a": {"b": [1, {"c": null}], "e": {}, "f": []}, "g": "x"});
    check([
        (of(json!({"@path": "$."}), false), nested.clone(), Some(json!({"a_b_0": 1, "a_b_1_c": null, "g": "x"}))),
        (of(json!({"@path": "$."}), true), nested, Some(json!({"a_b": [1, {"c": null}], "a_f": [], "g": "x"}))),
        (of(json!({"@path": "$.s"}), false), json!({"s": 5}), Some(json!({"": 5}))),
        (of(json!({"@path": "$.s"}), false), json!({}), Some(json!({}))),
        (of(json!([{"@path": "$.s"}, 1]), false), json!({}), Some(json!({"1": 1}))),
    ]);
    check_failures([
        (json!({"@flatten": {"value": 1}}), json!({}), "@flatten requires a \"separator\" key"),
        (json!({"@flatten": {"value": 1, "separator": ""}}), json!({}), "@flatten requires a \"separator\" key"),
        (json!({"@flatten": {"value": 1, "separator": 5}}), json!({}), "@flatten requires a string separator"),
    ]);
}

#[test]
fn json_directive() {
    let of = |mode: &str, value: Value| json!({"@json": {"mode": mode, "value": value}});
    let a = || json!({"@path": "$.a"});
    check([
        (of("encode", a()), json!({"a": {"b": [1.0, null]}}), Some(json!("{\"b\":[1,null]}"))),
        (of("encode", a()), json!({"a": null}), Some(json!("null"))),
        (of("encode", a()), json!({}), None),
        (
            of("encode", json!({"x": {"@path": "$.z"}, "y": [{"@path": "$.z"}]})),
            json!({}),
            Some(json!("{\"y\":[null]}")),
        ),
        (of("decode", a()), json!({"a": "{\"b\":1}"}), Some(json!({"b": 1}))),
        (of("decode", a()), json!({"a": "no json"}), Some(json!("no json"))),
        (of("decode", a()), json!({"a": [1]}), Some(json!([1]))),
        (of("ENCODE", a()), json!({"a": 1}), None),
    ]);
    check_failures([
        (of("encode", json!("")), json!({}), "@json requires a \"value\" key"),
        (of("encode", json!(0)), json!({}), "@json requires a \"value\" key"),
        (json!({"@json": {"value": 1}}), json!({}), "@json requires a \"mode\" key"),
    ]);
}

#[test]
fn merge() {
    let of = |direction: &str, objects: Value| json!({"@merge": {"direction": direction, "objects": objects}});
    let both = || json!([{"a": 1, "b": 1}, {"@path": "$.o"}]);
    let event = json!({"o": {"b": 2, "c": {"d": 1}}});
    check([
        (of("right", both()), event.clone(), Some(json!({"a": 1, "b": 2, "c": {"d": 1}}))),
        (of("left", both()), event.clone(), Some(json!({"a": 1, "b": 1, "c": {"d": 1}}))),
        (of("LEFT", both()), event.clone(), Some(json!({"a": 1, "b": 2, "c": {"d": 1}}))),
        (
            of("right", json!([{"@path": "$.text"}, {"@path": "$.list"}, {"@literal": null}, {"@literal": 5}])),
            json!({"text": "hi", "list": [7]}),
            Some(json!({"0": 7, "1": "i"})),
        ),
        (of("right", json!([{"a": 1, "b": 2}, {"a": {"@path": "$.none"}}])), event.clone(), Some(json!({"b": 2}))),
        (
            of("right", json!([{"a": 1}, {"@if": {"exists": "x", "then": {"a": {"@path": "$.none"}}}}])),
            event.clone(),
            Some(json!({})),
        ),
    ]);
    check_failures([
        (json!({"@merge": {"objects": []}}), event.clone(), "@merge requires a \"direction\" key"),
        (json!({"@merge": {"direction": "right"}}), event.clone(), "@merge requires a \"objects\" key"),
        (json!({"@merge": {"direction": "right", "objects": {}}}), event, "@merge: expected opts.array, got object"),
    ]);
}

#[test]
fn transform_directive() {
    let of = |apply: Value, mapping: Value| json!({"@transform": {"apply": apply, "mapping": mapping}});
    check([
        (
            of(json!({"x": {"@path": "$.u"}}), json!({"y": {"@template": "{{x}}-{{u}}"}})),
            json!({"u": 1}),
            Some(json!({"y": "1-"})),
        ),
        (of(json!({"@path": "$.u"}), json!({"y": {"@path": "$.x"}})), json!({"u": 1}), Some(json!({}))),
        (of(json!({"@path": "$.none"}), json!({"y": {"@path": "$.x"}})), json!({}), Some(json!({}))),
    ]);
    check_failures([
        (json!({"@transform": {"apply": {}}}), json!({}), "@transform requires a \"mapping\" key"),
        (json!({"@transform": {"mapping": {"a": 1}}}), json!({}), "@transform requires a \"apply\" key"),
        (
            json!({"@transform": {"apply": 5, "mapping": {"a": 1}}}),
            json!({}),
            "@transform \"apply\" key should be an object",
        ),
    ]);
}

#[test]
fn data_around_directives_is_resolved_and_undefined_is_left_out() {
    check([
        (
            json!({"a": {"@path": "$.x"}, "b": [{"@path": "$.x"}, {"@path": "$.y"}]}),
            json!({"y": 1}),
            Some(json!({"b": [null, 1]})),
        ),
        (json!([1, "a", null]), json!({}), Some(json!([1, "a", null]))),
        (json!(7), json!({}), Some(json!(7))),
    ]);
    check_failures([(json!({"@nope": 1}), json!({}), "@nope is not a valid directive, got undefined")]);
}

#[test]
fn one_event_that_makes_a_directive_throw_fails_its_batch() {
    let mapping = serde_json::Map::from_iter([("k".to_owned(), json!({"@path": {"@path": "$.p"}}))]);
    let (good, bad) = (json!({"p": "$.a", "a": 1}), json!({"a": 1}));
    assert_eq!(transform_batch(&mapping, &[&good]), Ok(vec![json!({"k": 1})]));
    let error = transform_batch(&mapping, &[&good, &bad]).map_err(|error| (error.kind(), error.to_string()));
    assert_eq!(error, Err((MappingErrorKind::Runtime, "@path: expected string, got undefined".to_owned())));
}

/// Any JSON, with words in it that mean something to mappings.
fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "@path",
        "@template",
        "@if",
        "@case",
        "@replace",
        "@arrayPath",
        "@literal",
        "@flatten",
        "@json",
        "@merge",
        "@transform",
        "@excludeWhenNull",
        "@liquid",
        "exists",
        "blank",
        "then",
        "else",
        "value",
        "operator",
        "pattern",
        "separator",
        "mode",
        "objects",
        "direction",
        "apply",
        "mapping",
        "_metadata",
        "__segment_internal_directive",
        "a",
        "$.a",
        "{{a}}",
        "{{{a}}}",
        "lower",
        "left",
        "encode",
        "decode",
        "[1]",
        "{% if a %}{{ a | upcase }}{% endif %}",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..3)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_mapping_on_any_event_gives_the_same_twice_and_never_panics(mapping in any_json(), event in any_json()) {
        let Value::Object(mapping) = json!({"k": mapping.clone(), "__segment_internal_directive": mapping}) else {
            return Ok(());
        };
        prop_assert_eq!(transform(&mapping, &event), transform(&mapping, &event));
        let without_root: serde_json::Map<_, _> = mapping.into_iter().filter(|(key, _)| key == "k").collect();
        prop_assert_eq!(transform(&without_root, &event), transform(&without_root, &event));
        prop_assert_eq!(transform_batch(&without_root, &[&event]), transform_batch(&without_root, &[&event]));
    }
}
