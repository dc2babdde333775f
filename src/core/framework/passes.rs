//! The loop of at most two passes. What happens between them is for the rules to say; this only does it.
use std::cell::{Cell, RefCell};

use super::attempt::Turn;
use super::client::Client;
use super::judge::Judge;
use super::prepared::Prepared;
use super::run::{self, Ran};
use super::verdict;
use crate::core::connection::{RefreshTurn, Token};
use crate::core::destinations::AuthScheme;
use crate::core::error::DeliveryError;
use crate::core::names::Refresh;
use crate::core::record::Exchange;
use crate::core::rules::{Decide, Fact, Facts, Stage, network_code};
use crate::core::world::World;

/// The passes of one attempt.
pub(super) struct Passes<'a> {
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) turn: Turn<'a>,
    pub(super) judge: &'a Judge,
    world: &'a dyn World,
    exchanges: &'a RefCell<Vec<Exchange>>,
    refresh: Cell<Refresh>,
    /// Generation of the token that the last client carried, or that was fetched since.
    held: Cell<Option<u32>>,
}

impl<'a> Passes<'a> {
    pub(super) fn new(
        prepared: &'a Prepared<'a>,
        turn: Turn<'a>,
        world: &'a dyn World,
        judge: &'a Judge,
        exchanges: &'a RefCell<Vec<Exchange>>,
    ) -> Self {
        Self { prepared, turn, judge, world, exchanges, refresh: Cell::new(Refresh::None), held: Cell::new(None) }
    }

    /// What came out of the loop, and what became of the last refresh.
    pub(super) async fn run(&self) -> (Result<Ran, DeliveryError>, Refresh) {
        let ended = match &self.prepared.settings {
            Ok(settings) if run::is_looped(self.prepared) => self.looped(settings).await,
            Ok(settings) => run::once(self, settings).await,
            Err(error) => Err(error.clone()),
        };
        (ended, self.refresh.get())
    }

    /// Generation of the token that the attempt fetched or carried last, if it had any.
    pub(super) fn last_generation(&self) -> Option<u32> {
        self.held.get()
    }

    async fn looped(&self, settings: &run::Settings) -> Result<Ran, DeliveryError> {
        loop {
            let error = match run::once(self, settings).await {
                Ok(ran) => match self.judge.ask(Stage::Framework, self.facts_of(&ran)).decides {
                    Decide::RefreshAndRunAgain => match self.refresh().await {
                        Ok(()) => {
                            self.judge.begin_pass();
                            continue;
                        }
                        Err(error) => error,
                    },
                    Decide::RefreshAndStop => match self.refresh().await {
                        Ok(()) => return Ok(ran),
                        Err(error) => error,
                    },
                    _ => return Ok(ran),
                },
                Err(error) => error,
            };
            // A refresh that failed over the items of a batch comes by here as well, and may be tried once more.
            self.handle(error).await?;
            self.judge.begin_pass();
        }
    }

    /// What the framework does with an error; `Ok` runs everything again.
    async fn handle(&self, error: DeliveryError) -> Result<(), DeliveryError> {
        match self.judge.ask(Stage::Framework, self.facts_of_error(&error)).decides {
            Decide::RefreshAndRunAgain => self.refresh_or_give_up().await,
            Decide::RefreshAndStop => self.refresh_or_give_up().await.and(Err(error)),
            Decide::RefreshAndRetryLater(status) => {
                self.refresh_or_give_up().await.and(Err(DeliveryError::retryable(error.message, status)))
            }
            Decide::RetryLater(status) => Err(DeliveryError::retryable(error.message, status)),
            _ => Err(error),
        }
    }

    /// A refresh whose failure ends the attempt.
    async fn refresh_or_give_up(&self) -> Result<(), DeliveryError> {
        let refreshed = self.refresh().await;
        if let Err(error) = &refreshed {
            self.judge.ask(Stage::Framework, self.facts_of_error(error).with(Fact::Refresh, Refresh::Failed.name()));
        }
        refreshed
    }

    /// Asks for a new token and puts it in force for everybody, unless the hook says that another delivery just has.
    async fn refresh(&self) -> Result<(), DeliveryError> {
        let settings = self.prepared.settings.as_ref().map_err(Clone::clone)?;
        let RefreshTurn::Refresh(_turn) = self.turn.connection.begin_refresh(self.held.get()).await else {
            return Ok(());
        };
        let client = self.client(settings, None);
        client.check_headers()?;
        let refreshed = self.prepared.destination.refresh(&client, self.turn.connection.auth()).await;
        self.refresh.set(if refreshed.is_ok() { Refresh::Succeeded } else { Refresh::Failed });
        self.held.set(Some(self.turn.connection.replace_token(refreshed?, self.world.now())));
        Ok(())
    }

    /// The client of one pass: it reads the token now. The request for a token carries none.
    pub(super) fn client(&self, settings: &run::Settings, token: Option<Token>) -> Client<'a> {
        let access_token = token.as_ref().and_then(|token| token.access_token.as_deref()).unwrap_or("undefined");
        if let Some(token) = &token {
            self.held.set(Some(token.generation));
        }
        let headers = self.prepared.destination.headers(settings, access_token);
        Client::new(self.world, self.judge, self.turn.connection, self.exchanges, &headers, token)
    }

    /// The token in force, for destinations that use one.
    pub(super) fn token(&self) -> Option<Token> {
        (self.prepared.destination.auth_scheme() == AuthScheme::Oauth2).then(|| self.turn.connection.token())
    }

    fn facts_of(&self, ran: &Ran) -> Facts {
        let facts = self.judge.facts().with(Fact::Outcome, ran.name());
        match ran {
            Ran::Items(items) => verdict::batch_facts(facts, items),
            _ => facts,
        }
    }

    fn facts_of_error(&self, error: &DeliveryError) -> Facts {
        error_facts(self.judge.facts(), error)
    }
}

/// What rules may look at in an error.
pub(super) fn error_facts(facts: Facts, error: &DeliveryError) -> Facts {
    facts
        .with(Fact::Outcome, "error")
        .with(Fact::ErrorName, error.name.to_string())
        .with_some(Fact::ErrorCode, error.code.as_ref().map(ToString::to_string))
        .with_some(Fact::Status, error.known_status())
        .with_some(Fact::NetworkCode, error.fault.as_ref().map(|fault| network_code(fault.kind)))
}
