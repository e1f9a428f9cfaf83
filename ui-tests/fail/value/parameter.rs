#![allow(dead_code, unused)]

use cloakroom::{Session, SessionData};

struct Draft;

#[derive(SessionData)]
struct Wizard<S> {
    step: Option<S>,
}

fn next(session: &Session<Wizard<Draft>>) {}

fn main() {}
