//! `#[require_session]` on an `impl` block: the guards of its functions, which need a place beside the block.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, Ident, Meta, Token, Type};

use crate::ctxt::Ctxt;
use crate::guard::expand::Guarded;
use crate::guard::{function, guarded};
use crate::tokens::{map, mentions};

/// An `impl` block: what comes before its braces, and the items within.
pub(crate) struct Block {
    head: TokenStream,
    generics: Generics,
    self_ty: Type,
    items: Vec<Item>,
}

enum Item {
    /// A function without its guard's attribute, and that attribute's arguments.
    Guarded {
        function: TokenStream,
        args: TokenStream,
    },
    Other(TokenStream),
}

/// Reads a block. `None` if it is something else.
pub(crate) fn block(item: TokenStream) -> Option<Block> {
    let mut trees: Vec<TokenTree> = item.into_iter().collect();
    let Some(TokenTree::Group(braces)) = trees.pop() else { return None };
    let head: TokenStream = trees.into_iter().collect();
    let (generics, self_ty) = read_head.parse2(head.clone()).ok()?;
    let items = read_items.parse2(braces.stream()).ok()?;
    Some(Block { head, generics, self_ty, items })
}

fn read_head(input: ParseStream<'_>) -> syn::Result<(Generics, Type)> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Token![impl]>()?;
    let generics: Generics = input.parse()?;
    let mut self_ty: Type = input.parse()?;
    if input.parse::<Option<Token![for]>>()?.is_some() {
        self_ty = input.parse()?;
    }
    input.parse::<TokenStream>()?;
    Ok((generics, self_ty))
}

fn read_items(input: ParseStream<'_>) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(read_item(input)?);
    }
    Ok(items)
}

/// An item ends with a semicolon, or with braces.
fn read_item(input: ParseStream<'_>) -> syn::Result<Item> {
    let attrs = input.call(Attribute::parse_outer)?;
    let mut rest = TokenStream::new();
    while !input.is_empty() {
        let tree: TokenTree = input.parse()?;
        let is_last = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ';')
            || matches!(&tree, TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace);
        rest.extend([tree]);
        if is_last {
            break;
        }
    }
    let (guards, others): (Vec<Attribute>, Vec<Attribute>) = attrs.into_iter().partition(is_guard);
    let Ok([guard]) = <[Attribute; 1]>::try_from(guards.clone()) else {
        return Ok(Item::Other(quote!(#(#guards)* #(#others)* #rest)));
    };
    let args = match guard.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    Ok(Item::Guarded { function: quote!(#(#others)* #rest), args })
}

fn is_guard(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "require_session")
}

/// The block, with its functions guarded, and their guards beside it.
pub(crate) fn expand(ctxt: &Ctxt, args: &TokenStream, block: Block) -> TokenStream {
    let Block { head, generics, self_ty, items } = block;
    if !args.is_empty() {
        ctxt.error(args, "on an `impl` block the attribute stands alone, and makes room for the guards of the functions in it: `#[require_session] impl Pages { … }`");
    } else if !items.iter().any(|item| matches!(item, Item::Guarded { .. })) {
        ctxt.error(&self_ty, "no function in this block has a guard: write `#[require_session(…)]` before one, or leave this attribute out");
    }
    let params: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    let scope = scope(&self_ty);
    let mut beside = TokenStream::new();
    let items = items.into_iter().map(|item| match item {
        Item::Other(tokens) => tokens,
        Item::Guarded { function, args } => {
            let args = with_self(args, &self_ty);
            if mentions(args.clone(), &params) {
                ctxt.error(&args, "a guard cannot depend on a type parameter around it: name the type");
            }
            let one = Ctxt::new();
            let expansion = function::parse(&one, function.clone()).map(|mut function| {
                for bound in &mut function.bound {
                    let ty = with_self(bound.ty.to_token_stream(), &self_ty);
                    bound.ty = syn::parse2(ty).unwrap_or_else(|_| bound.ty.clone());
                }
                guarded(&one, args, &function, &scope)
            });
            ctxt.absorb(one);
            let expansion = expansion.unwrap_or(Guarded { beside: TokenStream::new(), function });
            beside.extend(expansion.beside);
            expansion.function
        }
    });
    let items = items.collect::<Vec<_>>();
    quote!(#beside #head { #(#items)* })
}

/// The last name of the type, to tell the guards of two blocks apart.
fn scope(self_ty: &Type) -> String {
    let name = match self_ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    name.map(|name| format!("{name}_")).unwrap_or_default()
}

/// `Self` as the type that it stands for: the guard stands outside of the block.
fn with_self(tokens: TokenStream, self_ty: &Type) -> TokenStream {
    map(tokens, &mut |tree| match &tree {
        TokenTree::Ident(name) if name == "Self" => self_ty.to_token_stream(),
        _ => tree.into(),
    })
}
