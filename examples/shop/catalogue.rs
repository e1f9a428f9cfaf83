//! What is on the shelves.

use std::fmt;

pub struct Product {
    /// Its name in addresses, carts and `art.svg`.
    pub slug: &'static str,
    pub name: &'static str,
    pub blurb: &'static str,
    pub price: Money,
}

/// Cents, so that sums are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money(pub u32);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "€{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

const fn product(slug: &'static str, name: &'static str, price: u32, blurb: &'static str) -> Product {
    Product { slug, name, blurb, price: Money(price) }
}

pub static PRODUCTS: [Product; 8] = [
    product("hook", "Brass hook no. 7", 1800, "Has held the coats of two mayors. Neither complained."),
    product("umbrella", "Unclaimed umbrella", 3400, "Handed in during the storm of ’87. Still waiting for rain."),
    product("mitten", "One left mitten", 650, "The right one is out there somewhere. Optimists welcome."),
    product("bowler", "Bowler hat, slightly famous", 7200, "Once appeared in a film, briefly, as a hat."),
    product("tickets", "Roll of 500 tickets", 900, "Numbered, perforated and very hard to argue with."),
    product("hanger", "Cedar hanger", 1250, "Broad shoulders. Moths keep a respectful distance."),
    product("scarf", "Very long scarf", 4100, "Three metres forty. Goes round twice and hugs once."),
    product("lavender", "Lavender sachet", 500, "Smells like somebody’s grandmother being right."),
];

pub fn find(slug: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.slug == slug)
}
