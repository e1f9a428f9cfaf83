//! Programs to start from: see `shop/`.
