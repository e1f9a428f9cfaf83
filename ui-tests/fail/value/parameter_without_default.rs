#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData};

#[derive(serde::Deserialize, serde::Serialize)]
enum Step {
    First,
}

#[derive(SessionData)]
struct Wizard<S> {
    step: S,
}

fn next(session: &Session<Wizard<Step>>) {}

fn main() {}
