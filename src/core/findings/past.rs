//! What came before an attempt: in its own delivery, and in all others.
use super::chain::Chain;
use super::ledger::Ledger;
use super::tokens::Tokens;

/// Everything that earlier attempts left behind.
#[derive(Clone, Copy)]
pub(super) struct Past<'a> {
    /// The earlier attempts of the same delivery.
    pub(super) chain: &'a Chain,
    /// The attempts of all deliveries.
    pub(super) ledger: &'a Ledger,
    /// What they did with access tokens.
    pub(super) tokens: &'a Tokens,
}
