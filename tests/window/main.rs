//! The window by label, without a display: what a person does, from opening a file to exporting a timeline.
#![cfg(feature = "gui")]

mod accessibility;
mod capturing;
mod composer;
mod flows;
mod focus;
mod harness;
mod held;
mod keyboard;
mod live;
mod looking;
mod panels;
mod rest;
mod sizes;
mod stepping;
mod stopping;
mod unfinished;
#[path = "../shared/visitors.rs"]
mod visitors;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
