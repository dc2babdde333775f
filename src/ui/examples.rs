//! The stories that come with the program: what each is called, and what to look for in it. `app` holds their sessions.

/// A story.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Name of its files under `sample-sessions/`.
    pub name: &'static str,
    /// In the menu.
    pub title: &'static str,
    /// One paragraph on what to look for.
    pub story: &'static str,
}

/// Stories of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// In the menu.
    pub title: &'static str,
    /// The stories.
    pub examples: &'static [Example],
}

/// Every story, in the order of the menu.
pub const CHAPTERS: &[Chapter] = &[
    Chapter { title: "Tokens", examples: TOKENS },
    Chapter { title: "Pendo", examples: PENDO },
    Chapter { title: "Duplicates", examples: DUPLICATES },
    Chapter { title: "Pipeline", examples: PIPELINE },
];

const TOKENS: &[Example] = &[
    Example {
        name: "token-propagation",
        title: "Propagation delay, with refresh",
        story: "Four deliveries meet one revoked LinkedIn token at the same time. Each gets 401/65601, each refreshes \
                (generations 2 to 5), none uses its own new token: the verdict turns the 401 into a 503 and waits. The retries \
                all go out with the last generation, which LinkedIn knows by then.",
    },
    Example {
        name: "token-propagation-no-refresh",
        title: "Propagation delay, without refresh",
        story: "The plan's token is fresh and LinkedIn does not know it everywhere yet. Without a refresh the same generation is \
                tried again later, and goes through as soon as 45 seconds are over: nothing but time was missing.",
    },
    Example {
        name: "token-propagation-on-main",
        title: "Propagation delay, on main",
        story: "The same rejection under the rules of main, which know nothing of 65601: each delivery refreshes, runs again at \
                once with a token that is younger than a second, gets 401 again, refreshes a second time for nothing, and \
                gives up. Four tokens were issued and none was ever accepted.",
    },
    Example {
        name: "token-revoked",
        title: "Revoked token, cured in one attempt",
        story: "A revoked token and a token endpoint that answers at once: the second pass of the same attempt goes through. Both \
                deliveries race: each refreshes, and each makes the segment, since both looked it up before either had \
                made it.",
    },
    Example {
        name: "refresh-fails",
        title: "Failed refresh",
        story: "The token has expired and the refresh answers invalid_grant. That is the error that counts, not the 401 that \
                led to it, and nobody retries it: a person has to reconnect the account.",
    },
    Example {
        name: "token-revoked-for-good",
        title: "Revoked token, waited for in vain",
        story: "LinkedIn says 65601 of a revoked token in the same words as of a fresh one, and the rule set without a \
                refresh cannot tell them apart: the event is tried for four hours against a refusal that no wait will \
                change, and dropped when the window is over. Under token-propagation-refresh the same plan ends after \
                one attempt, with invalid_grant.",
    },
    Example {
        name: "refresh-race",
        title: "Four refreshes of one token",
        story: "Four conversions meet the same expired token within a tenth of a second, and none knows of the others: \
                each asks for a token of its own, generations 2 to 5 follow within a quarter of a second, where one \
                would have done for all. All are delivered in their second pass, each with another token; where a \
                refresh ends the life of the token before it, they would cut each other off.",
    },
    Example {
        name: "refresh-race-shared",
        title: "One refresh for all of them",
        story: "The same race with the hook that the framework calls before each refresh (refresh_hook \"share\"): \
                the first delivery to meet the 401 asks for a token, the others wait for it and go on with \
                generation 2. One token request in place of four, and nothing is sent twice. With \"lock\" they \
                would take turns and each ask all the same.",
    },
    Example {
        name: "refresh-race-rotated",
        title: "The race is lost where refresh tokens rotate",
        story: "The same race where each refresh ends the refresh token that it was asked with. Whoever comes first \
                gets a token; the other three ask with a refresh token that is gone, get invalid_grant, and are \
                given up for good: three conversions are lost to a race.",
    },
    Example {
        name: "token-nodes",
        title: "Nodes learn of a token one by one",
        story: "A fresh token, three nodes behind LinkedIn's address, each of which learns of it by itself within a \
                minute (x-li-pop in the answers names the node). The same generation is rejected by one and accepted \
                by another a moment later: on the token lane it is not yet accepted everywhere, and every conversion \
                goes through in the end without a refresh.",
    },
];

const PENDO: &[Example] = &[
    Example {
        name: "pendo-busy",
        title: "Busy segment, one by one",
        story: "A write to the segment runs for 200 seconds: 409 after 409, each thrown as 429 and retried, until the window is \
                over. The fourth event says its membership as text; that cannot be told, and it is refused unsent.",
    },
    Example {
        name: "pendo-busy-batch",
        title: "Busy segment, as a batch",
        story: "The same as one batch: a 409 for the request is a retry of all of it. The refused event is refused once more \
                each time, and nothing of it is ever sent.",
    },
    Example {
        name: "pendo-item-409",
        title: "409 for one operation",
        story: "Pendo answers 200, and inside it 409 \"Operation in progress\" for the removals. A 409 of the whole request \
                would be retried; this one is an item's, which nobody turns into a 429: the removal is given up for good.",
    },
    Example {
        name: "node-sdk-pendo",
        title: "Captured from the Node SDK",
        story: "Real input in wall time: four events that an SDK posted to the capture listener, fired over HTTP at a local \
                simulator.",
    },
];

const DUPLICATES: &[Example] = &[
    Example {
        name: "stale-trait-duplicate",
        title: "Stale trait lets the retry through",
        story: "The support article's case. The function reads a trait, submits the order (200), sets the trait, and then its \
                second call fails: RetryError. A minute later the trait is written but not visible: the order is submitted \
                again. After five minutes the check fires, with an error for an order that was taken twice.",
    },
    Example {
        name: "idempotency-key-saves",
        title: "Idempotency key saves it",
        story: "The same failure with an Idempotency-Key made of messageId and call: the receiver knows the key, answers as it did \
                the first time, and acts once. In the ledger: sent three times, acted on once, and that one act acknowledged.",
    },
    Example {
        name: "key-reuse",
        title: "One key for two calls: 422",
        story: "The key is the messageId alone, and the function makes two calls. To the receiver the second one is a known key \
                with another payload: 422, never carried out, and an error of no special kind is not retried.",
    },
    Example {
        name: "timeout-after-commit",
        title: "Timed out after it was done",
        story: "Two orders, two silences. For the first one the receiver had acted and its answer never came; for the second one \
                the connection broke before. The sender sees the same and sends both again: one order is taken twice.",
    },
    Example {
        name: "ingest-same-id",
        title: "Same messageId at ingest",
        story: "Ingest drops two of three events by their messageId. One is a repetition. The other one is a different order \
                that was sent with the id of the first, and is lost without an error: ingest never looks at the content.",
    },
    Example {
        name: "key-of-the-person",
        title: "Key of the person: an event is lost",
        story: "The author made the key of the user and not of the message. The second form of the same person carries \
                a known key and another body: 422, given up, and an event on which the receiver never acted is lost. \
                The other person's form goes through.",
    },
    Example {
        name: "batch-reformed",
        title: "A batch put together anew has another key",
        story: "Four forms go out as one batch under one key; the receiver takes them in, and its answer never comes. \
                All four go back to the queue, where a fifth form waits already: the next batch is that one and three \
                of them, the last batch the fourth alone. Each batch has another key, so that the receiver cannot tell \
                what it has done, and four forms are there twice. Follow e4: a1, then alone in a3. A key for each \
                element would have saved it.",
    },
];

const PIPELINE: &[Example] = &[
    Example {
        name: "retry-storm",
        title: "Retry storm after an outage",
        story: "The receiver is down for 15 minutes and the backoff has no jitter: 24 deliveries that failed together come back \
                together, wave after wave, and the last wave meets the receiver as it comes up. Give the plan jitter and \
                compare: run it under many seeds.",
    },
    Example {
        name: "poison-event-batch",
        title: "Poison event in a batch",
        story: "One of four events has a total that is no number. The receiver refuses the whole request with 400, no outcome \
                rule of the function knows it, and three good orders are given up with the bad one.",
    },
    Example {
        name: "batch-partial",
        title: "Only what is worth it is sent again",
        story: "Six events in one request, and an answer with a status for each: three are in, one is refused for \
                good, two are to come later. The next attempt carries those two and nothing else. Follow e4 through \
                both batches; e2 is given up after the first.",
    },
    Example {
        name: "poison-event-unsent",
        title: "Poison event that stops a batch unsent",
        story: "The third event of four has personas that are null. Reading the audience from it throws a TypeError, \
                which has no status, counts as 500 and is retried: four attempts, not one request, and all four events \
                are given up although three of them are fine. In single mode only the one would be lost.",
    },
];

/// Every story.
pub fn examples() -> impl Iterator<Item = &'static Example> {
    CHAPTERS.iter().flat_map(|chapter| chapter.examples)
}
