//~ errors: 3
#![allow(dead_code, unused)]

use cloakroom::SessionData;

#[derive(SessionData)]
#[session(idle = "10 parsecs")]
struct Shop {
    name: &'static str,
    #[session(flsh)]
    notice: Option<String>,
}

fn main() {}
