//! A struct that is being typed: whatever of it reads, so that an editor still knows the other fields.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Data, DataStruct, DeriveInput, Field, Fields, FieldsNamed, Generics, Ident, Token, Visibility, braced,
};

/// The struct without the fields that do not read. `None` if not even its head does, or no field.
pub(crate) fn structure(input: TokenStream) -> Option<DeriveInput> {
    let parse = |input: ParseStream<'_>| {
        let attrs = Attribute::parse_outer(input)?;
        let vis: Visibility = input.parse()?;
        let struct_token: Token![struct] = input.parse()?;
        let ident: Ident = input.parse()?;
        let mut generics: Generics = input.parse()?;
        generics.where_clause = input.parse()?;
        let body;
        let brace_token = braced!(body in input);
        let mut fields = FieldsNamed { brace_token, named: Default::default() };
        while !body.is_empty() {
            fields.named.extend(next_field(&body)?);
        }
        let data = DataStruct { struct_token, fields: Fields::Named(fields), semi_token: None };
        Ok(DeriveInput { attrs, vis, ident, generics, data: Data::Struct(data) })
    };
    parse
        .parse2(input)
        .ok()
        .filter(|input: &DeriveInput| matches!(&input.data, Data::Struct(data) if !data.fields.is_empty()))
}

/// The next field, up to its comma; nothing if it does not read.
fn next_field(body: ParseStream<'_>) -> syn::Result<Option<Field>> {
    let ahead = body.fork();
    let is_whole = Field::parse_named(&ahead).is_ok() && (ahead.is_empty() || ahead.peek(Token![,]));
    let field = if is_whole { Some(Field::parse_named(body)?) } else { None };
    while !body.is_empty() && body.parse::<Option<Token![,]>>()?.is_none() {
        body.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(field)
}
