//! Programs to start from. `shop` is an application; the others show one thing each. `leptos` is a package of its own, since it brings
//! two hundred crates.
