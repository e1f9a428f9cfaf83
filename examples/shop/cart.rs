//! What can be done to a cart: plain functions on the session's `Vec<CartItem>`, for `session.update_cart(…)`.

use crate::catalogue::{self, Money, Product};
use crate::session::CartItem;

/// Nobody needs more left mittens than this.
pub const MOST_OF_ONE: u32 = 20;

pub fn add(cart: &mut Vec<CartItem>, product: &Product, quantity: u32) {
    let quantity = quantity_of(cart, product).saturating_add(quantity);
    set(cart, product, quantity);
}

/// None of a product is the same as taking it out.
pub fn set(cart: &mut Vec<CartItem>, product: &Product, quantity: u32) {
    let quantity = quantity.min(MOST_OF_ONE);
    match cart.iter_mut().find(|item| item.product == product.slug) {
        Some(item) => item.quantity = quantity,
        None => cart.push(CartItem { product: product.slug.to_owned(), quantity }),
    }
    cart.retain(|item| item.quantity > 0);
}

fn quantity_of(cart: &[CartItem], product: &Product) -> u32 {
    cart.iter().find(|item| item.product == product.slug).map_or(0, |item| item.quantity)
}

/// A line of the bill.
pub struct Line {
    pub product: &'static Product,
    pub quantity: u32,
}

impl Line {
    pub fn total(&self) -> Money {
        Money(self.product.price.0 * self.quantity)
    }
}

/// What is in the cart and still on the shelves.
pub fn lines(cart: &[CartItem]) -> Vec<Line> {
    let line = |item: &CartItem| {
        let product = catalogue::find(&item.product)?;
        Some(Line { product, quantity: item.quantity.min(MOST_OF_ONE) })
    };
    cart.iter().filter_map(line).collect()
}

pub fn count(lines: &[Line]) -> u32 {
    lines.iter().map(|line| line.quantity).sum()
}

pub fn total(lines: &[Line]) -> Money {
    Money(lines.iter().map(|line| line.total().0).sum())
}
