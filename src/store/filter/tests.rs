//! Filters asked of a session in which every story happens.
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Facet, Filter};
use crate::store::deliveries::Fate;
use crate::store::demo;
use crate::store::facets::Highlight;
use crate::store::session::Session;

fn admitted(session: &Session, text: &str) -> String {
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let bound = filter.bind(session);
    let all = session.deliveries().indices();
    let mut ids: Vec<String> =
        all.filter(|idx| bound.admits(*idx)).map(|idx| session.delivery_id(idx).to_string()).collect();
    ids.sort();
    ids.join(" ")
}

const ALL: &str = "b-12 b-13 d1 d10 d2 d3 d4 d5 d6 d7 d8 d9";

#[test]
fn every_field_says_what_its_name_says() {
    let session = demo::session();
    for (text, wanted) in [
        ("", ALL),
        ("  ", ALL),
        ("verdict:dropped", "d3 d6"),
        ("verdict:pending,partial", "b-13 d9"),
        ("verdict:twice", "d7"),
        ("VERDICT:Dropped", "d3 d6"),
        ("verdict:retry verdict:discard", "b-13"),
        ("verdict!=delivered", "b-13 d3 d6 d7 d9"),
        ("dest:pendo", "b-13 d5 d6"),
        ("dest=pendo", ""),
        ("dest=pendo-audiences", "b-13 d5 d6"),
        ("dest:*-function", "d7 d8 d9"),
        ("action:onevent", "d7 d8 d9"),
        ("status:409", "b-13 d5"),
        ("status:207,503", "b-12 b-13"),
        ("status:5xx", "b-12 d7 d8 d9"),
        ("status>=500", "b-12 d7 d8 d9"),
        ("status!=200 status<300", "b-13"),
        ("error:\"retryable 4\"", ""),
        ("error:\"RetryableError 4\"", "b-12 b-13 d1 d10 d2 d5"),
        ("rule=RETRY-AFTER", "b-12"),
        ("rule:pendo", "b-13 d5"),
        ("finding:*", "d1 d10 d2 d3"),
        ("attempt>2", "b-12 d5"),
        ("attempt=1", "d3 d4 d6 d9"),
        ("attempt!=1 attempt<3", "b-13 d1 d10 d2 d7 d8"),
        ("waited>20m", "b-12"),
        ("waited>=18s waited<20m", "d1"),
        ("duration>1h", ""),
        ("duration > 18s duration<1m", "d1"),
        ("token:gen1", "d1 d2"),
        ("token>1", "b-12 d1 d10 d2 d3 d4"),
        ("token:refreshed", "d1"),
        ("token:refresh", "d1 d3"),
        ("token:shared,failed", "d2 d3"),
        ("token:*", "b-12 d1 d10 d2 d3 d4"),
        ("dup:*", "d7 d8"),
        ("dup:suppressed", "d8"),
        ("batch:yes", "b-12 b-13"),
        ("batch>4", "b-13"),
        ("batch:b-12", "b-12"),
        ("batch:no dest:pendo", "d5 d6"),
        ("user:grace", "d2"),
        ("user:v-3", "b-13"),
        ("message=m-7f21", "d1"),
        ("event:exited", "d3"),
        ("event=\"audience exited\"", "d3"),
        ("event:signup", "d7 d8 d9"),
        ("after:+30m", "d4 d9"),
        ("before:+1s", "d1 d2 d5"),
        ("after:07:31:10 before:07:31:14.01", "b-12 d6"),
        ("header:retry-after", ""),
        ("ada", "d1"),
        ("\"Audience Exited\"", "d3"),
        ("m-7f21 or d9", "d1 d9"),
        ("refresh-failed", "d3"),
    ] {
        assert_eq!(admitted(&session, text), wanted, "{text}");
    }
}

#[test]
fn not_binds_tighter_than_and_which_binds_tighter_than_or() {
    let session = demo::session();
    for (text, wanted) in [
        ("verdict:dropped or verdict:pending dest:function", "d3 d6 d9"),
        ("(verdict:dropped or verdict:pending) dest:function", "d9"),
        ("not verdict:delivered and dest:pendo", "b-13 d6"),
        ("not (verdict:delivered or dest:pendo)", "d3 d7 d9"),
        ("-verdict:delivered -dest:pendo", "d3 d7 d9"),
        ("!verdict:delivered AND NOT dest:pendo", "d3 d7 d9"),
        ("not not verdict:pending", "d9"),
        ("\"not\"", ""),
    ] {
        assert_eq!(admitted(&session, text), wanted, "{text}");
    }
}

#[test]
fn what_is_wrong_is_named_and_underlined() {
    for (text, underlined, said) in [
        (
            "verdct:dropped",
            "verdct",
            "there is no field `verdct`, perhaps `verdict`; text that is not meant as one goes in quotes",
        ),
        ("a http://x", "http", "there is no field `http`; text that is not meant as one goes in quotes"),
        ("verdict>1", ">", "`verdict` takes `:`, `=` or `!=`, not `>`"),
        (
            "verdict:",
            "verdict:",
            "`verdict` lacks a value; it takes delivered, twice, partial, pending, dropped, filtered, retry or discard",
        ),
        ("dest:a,", "dest:a", "`dest` lacks a value; it takes a text"),
        (
            "verdict:droped",
            "droped",
            "`droped` is no value of `verdict`, perhaps `dropped`; it takes delivered, twice, partial, pending, dropped, filtered, retry or discard",
        ),
        ("attempt>many", "many", "`many` is no value of `attempt`; it takes a number"),
        ("waited>soon", "soon", "`soon` is no value of `waited`; it takes a duration such as 500ms, 30s or 1h30m"),
        (
            "token>refreshed",
            "refreshed",
            "`refreshed` of `token` is not more or less than anything; write `token:refreshed`",
        ),
        ("a or > 5", ">", "`>` needs a field before it, as in `attempt>1`"),
        ("dest:\"lin", "\"lin", "the quote is not closed"),
        ("\"lin", "\"lin", "the quote is not closed"),
        ("(a or b", "(", "the parenthesis is not closed"),
        ("a) b", ")", "no parenthesis is open here"),
        ("()", "()", "there is nothing in the parentheses"),
        ("a and", "and", "`and` lacks what it is about; as a text it goes in quotes"),
        ("or a", "or", "`or` lacks what it is about; as a text it goes in quotes"),
        ("a and or b", "or", "`or` lacks what it is about; as a text it goes in quotes"),
        ("(not)", "not", "`not` lacks what it is about; as a text it goes in quotes"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!((&text[error.span.clone()], error.to_string().as_str()), (underlined, said), "{text}");
    }
    for bomb in ["(".repeat(100_000), "not ".repeat(100_000), "-(".repeat(50_000)] {
        assert!(Filter::parse(&bomb).is_err());
    }
    assert!(Filter::parse(&"a or b and ".repeat(1_000)).is_err());
    assert!(Filter::parse(&format!("{}a", "a or b and ".repeat(1_000))).is_ok());
}

#[test]
fn facets_of_one_kind_widen_and_of_another_narrow() {
    let session = demo::session();
    let name = |wanted: &str| {
        let mut names = session.facets().destinations().chain(session.facets().errors());
        names.find(|(name, _)| session.name(*name) == wanted).unwrap().0
    };
    let (dropped, pending) = (Facet::Fate(Fate::Dropped), Facet::Fate(Fate::Pending));
    let linkedin = Facet::Destination(name("linkedin-audiences"));
    for (facets, text, wanted) in [
        (&[dropped][..], "verdict:dropped", "d3 d6"),
        (&[dropped, pending], "verdict:dropped,pending", "d3 d6 d9"),
        (&[dropped, pending, linkedin], "verdict:dropped,pending dest=linkedin-audiences", "d3"),
        (&[dropped, pending, dropped], "verdict:pending", "d9"),
        (&[dropped, linkedin, dropped], "dest=linkedin-audiences", "b-12 d1 d10 d2 d3 d4"),
        (&[dropped, dropped], "", ALL),
        (&[Facet::Retried, linkedin], "attempt>1 dest=linkedin-audiences", "b-12 d1 d10 d2"),
        (&[Facet::Error(name("RetryableError 429"))], "error=\"RetryableError 429\"", "b-12"),
        (&[Facet::Highlight(Highlight::Finding)], "finding:severe,warning", ""),
    ] {
        let filter = facets.iter().fold(Filter::default(), |filter, facet| filter.toggled(*facet, &session));
        assert_eq!(filter.text(), text);
        assert_eq!(admitted(&session, filter.text()), wanted, "{text}");
        assert_eq!(
            filter.has(facets[0], &session),
            facets.len() == 1 || facets[1..].iter().all(|facet| *facet != facets[0])
        );
    }
}

#[test]
fn a_click_leaves_what_was_typed_as_it_was() {
    let session = demo::session();
    let dropped = Facet::Fate(Fate::Dropped);
    for (typed, toggled) in [
        ("ada or grace", "(ada or grace) verdict:dropped"),
        ("ada  and  grace", "ada  and  grace verdict:dropped"),
        ("not verdict:dropped", "not verdict:dropped verdict:dropped"),
        ("ada verdict:dropped grace", "ada grace"),
        ("ada and verdict:dropped and grace", "ada and grace"),
        ("ada and verdict:dropped", "ada"),
        ("verdict:pending,\"dropped\", twice ada", "verdict:pending,twice ada"),
        ("verdict:pending ada", "verdict:pending,dropped ada"),
    ] {
        assert_eq!(Filter::parse(typed).unwrap().toggled(dropped, &session).text(), toggled, "{typed}");
    }
}

#[test]
fn each_facet_shows_as_many_as_it_counts() {
    let session = demo::session();
    let facets = session.facets();
    let fates = Fate::ALL.map(|fate| (Facet::Fate(fate), facets.n_of(fate)));
    let highlights = Highlight::ALL.map(|highlight| (Facet::Highlight(highlight), facets.n_highlighted(highlight)));
    let destinations = facets.destinations().map(|(name, count)| (Facet::Destination(name), count));
    let all = fates.into_iter().chain(highlights).chain(destinations).chain([(Facet::Retried, facets.n_retried())]);
    for (facet, count) in all {
        let filter = Filter::default().toggled(facet, &session);
        let admitted = admitted(&session, filter.text());
        assert_eq!(admitted.split_whitespace().count(), count, "{}", filter.text());
    }
}

/// Built once: it is only looked at.
static DEMO: LazyLock<Session> = LazyLock::new(demo::session);

/// Text made of what filters are made of.
fn filter_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "verdict", "dest", "attempt", "status", "token", "batch", "after", "header", "body", "not", "and", "or",
            ":", "=", "!=", "~", ">", ">=", "<", "(", ")", "\"", "\\", ",", "*", "-", "!", " ", "dropped", "409",
            "4xx", "10m", "+1:00", "gen2", "ü", "日",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_an_error_inside_it(text in filter_like()) {
        match Filter::parse(&text) {
            Ok(filter) => {
                let session = &*DEMO;
                let bound = filter.bind(session);
                let turned = format!("not ({text})");
                let all = session.deliveries().indices();
                if let Ok(not) = Filter::parse(&turned) {
                    let not = not.bind(session);
                    for idx in all {
                        prop_assert_ne!(bound.admits(idx), not.admits(idx), "{}", text);
                    }
                }
            }
            Err(error) => {
                prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
                prop_assert!(text.get(error.span).is_some());
            }
        }
    }

    #[test]
    fn toggling_a_facet_twice_admits_what_was_admitted_before(text in filter_like()) {
        let session = &*DEMO;
        if let Ok(filter) = Filter::parse(&text) {
            for facet in [Facet::Fate(Fate::Dropped), Facet::Retried] {
                let once = filter.toggled(facet, session);
                prop_assert_ne!(once.has(facet, session), filter.has(facet, session), "{} {}", text, once.text());
                if !filter.has(facet, session) {
                    let twice = once.toggled(facet, session);
                    prop_assert_eq!(admitted(session, twice.text()), admitted(session, &text), "{}", once.text());
                }
            }
        }
    }

    #[test]
    fn completing_any_text_anywhere_does_no_harm(text in filter_like(), cursor in 0_usize..60) {
        let session = &*DEMO;
        let completion = super::complete(&text, cursor, session);
        prop_assert!(text.get(completion.replace).is_some());
    }
}
