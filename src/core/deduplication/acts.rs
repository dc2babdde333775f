//! Whether the receiver did what a request asked for.
use crate::core::http::{Fault, Response};

/// What a receiver did with one request. A receiver that answers an error may have acted, and one that answers a success
/// may not have: it may have known the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acts {
    /// It acted on everything in it.
    All,
    /// It acted on nothing.
    Nothing,
    /// It acted on some of its elements, in the order of the request.
    Elements(Vec<bool>),
}

impl Acts {
    /// Whether it acted on the element at `idx` of `n_elements`; a list of another length says nothing of single ones, and
    /// counts as a whole.
    #[must_use]
    pub fn on(&self, idx: usize, n_elements: usize) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Elements(acts) if acts.len() == n_elements => acts.get(idx).copied().unwrap_or_default(),
            Self::Elements(acts) => acts.contains(&true),
        }
    }

    /// What the answer lets one suppose where the receiver cannot be asked: a success was acted on, an error was not. None
    /// where nobody can tell: the request was sent, and no answer came.
    #[must_use]
    pub fn supposed(result: &Result<Response, Fault>) -> Option<Self> {
        match result {
            Ok(response) if (200..300).contains(&response.status) => Some(Self::All),
            Ok(_) => Some(Self::Nothing),
            Err(fault) => (!fault.may_have_acted()).then_some(Self::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Body, FaultKind, Headers};

    #[test]
    fn an_answer_tells_and_silence_after_sending_does_not() {
        let answer = |status| Ok(Response { status, headers: Headers::default(), body: Body::Empty });
        let fault = |kind| Err(Fault::new(kind, ""));
        let unsent = |kind| Err(Fault { sent: Some(false), ..Fault::new(kind, "") });
        for (result, expected) in [
            (answer(200), Some(Acts::All)),
            (answer(299), Some(Acts::All)),
            (answer(302), Some(Acts::Nothing)),
            (answer(503), Some(Acts::Nothing)),
            (fault(FaultKind::Dns), Some(Acts::Nothing)),
            (fault(FaultKind::ConnectRefused), Some(Acts::Nothing)),
            (fault(FaultKind::Tls), Some(Acts::Nothing)),
            (fault(FaultKind::Timeout), None),
            (fault(FaultKind::ConnectionReset), None),
            (fault(FaultKind::TruncatedBody), None),
            (unsent(FaultKind::ConnectionReset), Some(Acts::Nothing)),
            (unsent(FaultKind::Timeout), Some(Acts::Nothing)),
        ] {
            assert_eq!(Acts::supposed(&result), expected, "{result:?}");
        }
    }

    #[test]
    fn a_list_that_does_not_fit_counts_as_a_whole() {
        let acts = Acts::Elements(vec![true, false]);
        assert_eq!([acts.on(0, 2), acts.on(1, 2), acts.on(1, 3)], [true, false, true]);
    }
}
