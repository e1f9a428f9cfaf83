//! `#[require_session]` on an `impl` block: the guards of its functions, which need a place beside the block.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, Meta, PathArguments, Token, Type};

use crate::ctxt::Ctxt;
use crate::guard::expand::Guarded;
use crate::guard::function::is_guard;
use crate::guard::model::outer_params;
use crate::guard::{function, guarded};
use crate::tokens::{map, mentions};

/// An `impl` block: what comes before its braces, and the items within.
pub(crate) struct Block {
    head: TokenStream,
    generics: Generics,
    /// The trait, if it implements one.
    of: Option<Type>,
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
    let (generics, of, self_ty) = read_head.parse2(head.clone()).ok()?;
    let items = read_items.parse2(braces.stream()).ok()?;
    Some(Block { head, generics, of, self_ty, items })
}

fn read_head(input: ParseStream<'_>) -> syn::Result<(Generics, Option<Type>, Type)> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Token![impl]>()?;
    let generics: Generics = input.parse()?;
    let (mut self_ty, mut of) = (input.parse::<Type>()?, None);
    if input.parse::<Option<Token![for]>>()?.is_some() {
        of = Some(std::mem::replace(&mut self_ty, input.parse()?));
    }
    input.parse::<TokenStream>()?;
    Ok((generics, of, self_ty))
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
    let mut attrs = input.call(Attribute::parse_outer)?;
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
    let Some(at) = attrs.iter().position(is_guard) else {
        return Ok(Item::Other(quote!(#(#attrs)* #rest)));
    };
    let guard = attrs.remove(at);
    let args = match guard.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    };
    Ok(Item::Guarded { function: quote!(#(#attrs)* #rest), args })
}

/// The block, with its functions guarded, and their guards beside it.
pub(crate) fn expand(ctxt: &Ctxt, args: &TokenStream, block: Block) -> TokenStream {
    let Block { head, generics, of, self_ty, items } = block;
    if !args.is_empty() {
        ctxt.error(args, "on an `impl` block the attribute stands alone, and makes room for the guards of the functions in it: `#[require_session] impl Pages { … }`");
    } else if !items.iter().any(|item| matches!(item, Item::Guarded { .. })) {
        ctxt.error(&self_ty, "no function in this block has a guard: write `#[require_session(…)]` before one, or leave this attribute out");
    }
    let params = outer_params(&generics);
    let scope = scope(of.as_ref(), &self_ty);
    let everywhere = everywhere(self_ty);
    let mut beside = TokenStream::new();
    let items = items.into_iter().map(|item| match item {
        Item::Other(tokens) => tokens,
        Item::Guarded { function, args } => {
            let args = with_self(args, &everywhere);
            let one = Ctxt::new();
            if mentions(args.clone(), &params) {
                one.error(&args, "a guard cannot depend on a parameter around it: name the type");
            }
            let expansion = function::parse(&one, function.clone()).map(|mut function| {
                for bound in &mut function.bound {
                    let ty = with_self(bound.ty.to_token_stream(), &everywhere);
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

/// What the guards of a block are called after: the trait and the type in full, since two blocks in one module may have functions of
/// the same name.
fn scope(of: Option<&Type>, self_ty: &Type) -> String {
    let mut scope = String::new();
    for c in quote!(#of #self_ty).to_string().chars().filter(|c| !c.is_whitespace()) {
        if c.is_alphanumeric() || c == '_' { scope.push(c) } else { scope.push_str(&format!("_{:x}_", u32::from(c))) }
    }
    scope + "_"
}

/// `Self` as the type that it stands for: the guard stands outside of the block.
fn with_self(tokens: TokenStream, self_ty: &TokenStream) -> TokenStream {
    map(tokens, &mut |tree| match &tree {
        TokenTree::Ident(name) if name == "Self" => self_ty.clone(),
        _ => tree.into(),
    })
}

/// The type as it may stand in a pattern and in an expression as well: `Pages::<u8>`.
fn everywhere(mut self_ty: Type) -> TokenStream {
    let mut ty = &mut self_ty;
    while let Type::Group(group) = ty {
        ty = &mut group.elem;
    }
    if let Type::Path(path) = ty {
        for segment in &mut path.path.segments {
            if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                arguments.colon2_token.get_or_insert_default();
            }
        }
    }
    ty.to_token_stream()
}
