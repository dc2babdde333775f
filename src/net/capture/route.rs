//! The paths that Segment's clients post to.

/// What a path takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// One event; of this type if it does not say.
    Single(&'static str),
    /// `{"batch": […]}`.
    Batch,
    /// The browser SDK's measurements of itself: taken and dropped.
    Metrics,
    /// For people and scripts that ask whether somebody is there.
    Health,
}

/// Longer names first; the one-letter ones are the browser's.
const PATHS: &[(&str, Route)] = &[
    ("identify", Route::Single("identify")),
    ("track", Route::Single("track")),
    ("page", Route::Single("page")),
    ("screen", Route::Single("screen")),
    ("group", Route::Single("group")),
    ("alias", Route::Single("alias")),
    ("batch", Route::Batch),
    ("i", Route::Single("identify")),
    ("t", Route::Single("track")),
    ("p", Route::Single("page")),
    ("s", Route::Single("screen")),
    ("g", Route::Single("group")),
    ("a", Route::Single("alias")),
    ("b", Route::Batch),
    ("m", Route::Metrics),
    ("health", Route::Health),
    ("", Route::Health),
];

impl Route {
    /// The route of a path with or without `/v1` before it, a slash behind it, and a query.
    pub(super) fn of(target: &str) -> Option<Self> {
        let path = target.split('?').next().unwrap_or(target).trim_matches('/');
        let name = match path.strip_prefix("v1") {
            Some("") => "",
            Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/'),
            _ => path,
        };
        PATHS.iter().find(|(known, _)| *known == name).map(|(_, route)| *route)
    }

    /// The only method that it takes, `OPTIONS` aside.
    pub(super) const fn method(self) -> &'static str {
        match self {
            Self::Health => "GET",
            _ => "POST",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_every_client_are_known() {
        for (target, route) in [
            ("/v1/batch", Some(Route::Batch)),
            ("/v1/batch/", Some(Route::Batch)),
            ("/v1/b", Some(Route::Batch)),
            ("/b", Some(Route::Batch)),
            ("/v1/track", Some(Route::Single("track"))),
            ("/v1/t?x=1", Some(Route::Single("track"))),
            ("/t", Some(Route::Single("track"))),
            ("/v1/i", Some(Route::Single("identify"))),
            ("/v1/m", Some(Route::Metrics)),
            ("/", Some(Route::Health)),
            ("/v1", Some(Route::Health)),
            ("/health", Some(Route::Health)),
            ("/v1/delete", None),
            ("/v2/track", None),
            ("/v1track", None),
        ] {
            assert_eq!(Route::of(target), route, "{target}");
        }
    }
}
