//! `#[require_session]`.
use proc_macro2::TokenStream;
pub(crate) fn expand(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
