#![allow(dead_code, unused)]

use cloakroom::SessionData;

use std::rc::Rc;

#[derive(SessionData)]
struct Shop {
    cart: Rc<Vec<String>>,
}

fn main() {}
