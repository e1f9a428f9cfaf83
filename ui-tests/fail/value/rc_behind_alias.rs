#![allow(dead_code, unused)]

use cloakroom::SessionData;

type Shared<T> = std::rc::Rc<T>;

#[derive(SessionData)]
struct Shop {
    cart: Shared<Vec<String>>,
}

fn main() {}
