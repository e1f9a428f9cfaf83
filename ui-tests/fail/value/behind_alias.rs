#![allow(dead_code, unused)]

use cloakroom::SessionData;

struct Draft;
type Drafts = Vec<Draft>;

#[derive(SessionData)]
struct Shop {
    drafts: Drafts,
}

fn main() {}
