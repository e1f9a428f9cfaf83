//! A struct's tokens → the model.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{DeriveInput, Fields, GenericParam, Generics, Ident, Lifetime, Type};

use crate::ctxt::Ctxt;
use crate::data::model::{Data, Field, Life, Stored, Unset};
use crate::data::names::Names;
use crate::data::{attr, settings, types};
use crate::tokens::{is_tick, map, mentions};

const SHAPE: &str = "session data is a struct with named fields: `struct Shop { cart: Vec<CartItem> }`";

/// Reads the struct. What is wrong with it is noted, and left out of the model.
pub(crate) fn data(ctxt: &Ctxt, input: DeriveInput) -> Data {
    let DeriveInput { attrs, vis, ident, generics, data } = input;
    let fields = named_fields(ctxt, data, &ident);
    let is_sized = fields.last().is_none_or(|last| !types::is_unsized(&last.ty));
    let scope = Scope::new(ctxt, &ident, &generics);
    let settings = settings::settings(ctxt, &attrs, &ident);
    let krate = settings.krate.as_ref().map_or_else(|| quote!(::cloakroom), ToTokens::to_token_stream);
    if let Some(last) = fields.last().filter(|_| !is_sized) {
        types::refuse_unsized(ctxt, &last.ty);
    }
    let fields = fields.into_iter().map(|field| scope.field(ctxt, field)).collect();
    Data { vis, ident, self_ty: scope.self_ty, generics: scope.generics, krate, settings, fields, is_sized }
}

fn named_fields(ctxt: &Ctxt, data: syn::Data, ident: &Ident) -> Vec<syn::Field> {
    match data {
        syn::Data::Struct(data) => match data.fields {
            Fields::Named(fields) if fields.named.is_empty() => {
                ctxt.error(
                    ident,
                    format_args!("`{ident}` has no field, so a session of it would keep nothing: add one"),
                );
                Vec::new()
            }
            Fields::Named(fields) => fields.named.into_iter().collect(),
            Fields::Unnamed(fields) => {
                ctxt.error(fields, format_args!("{SHAPE}; give the fields names"));
                Vec::new()
            }
            Fields::Unit => {
                ctxt.error(ident, format_args!("{SHAPE}; a unit struct keeps nothing"));
                Vec::new()
            }
        },
        syn::Data::Enum(data) => {
            ctxt.error(data.enum_token, format_args!("{SHAPE}; keep the enum in a field of one"));
            Vec::new()
        }
        syn::Data::Union(data) => {
            ctxt.error(data.union_token, format_args!("{SHAPE}; a union says not which of its fields holds"));
            Vec::new()
        }
    }
}

/// What holds for all fields of a struct.
struct Scope {
    generics: Generics,
    self_ty: TokenStream,
    lifetimes: Vec<Lifetime>,
}

impl Scope {
    /// Lifetimes are refused, and then read as `'static`.
    fn new(ctxt: &Ctxt, ident: &Ident, generics: &Generics) -> Self {
        let lifetimes: Vec<Lifetime> = generics.lifetimes().map(|param| param.lifetime.clone()).collect();
        if !lifetimes.is_empty() {
            ctxt.error(quote!(#(#lifetimes),*), "session data outlives every request, so it cannot borrow: remove the lifetime and own the values, `String` for `&str`");
        }
        let applied = generics.params.iter().map(|param| match param {
            GenericParam::Lifetime(_) => quote!('static),
            GenericParam::Type(param) => param.ident.to_token_stream(),
            GenericParam::Const(param) => param.ident.to_token_stream(),
        });
        let self_ty = if generics.params.is_empty() { quote!(#ident) } else { quote!(#ident<#(#applied),*>) };
        let mut generics = generics.clone();
        if !lifetimes.is_empty() {
            let kept = generics.params.into_iter().filter(|param| !matches!(param, GenericParam::Lifetime(_)));
            generics.params = kept.collect();
            generics.where_clause = None;
        }
        Self { generics, self_ty, lifetimes }
    }

    fn field(&self, ctxt: &Ctxt, field: syn::Field) -> Field {
        let before = ctxt.count();
        let ident = field.ident.clone().unwrap_or_else(|| Ident::new("unnamed", proc_macro2::Span::call_site()));
        let attr = attr::field(ctxt, &field.attrs);
        // What rustc refuses by itself, and what borrows for a lifetime that was refused, is not mentioned again.
        let refused = self.borrows(&field.ty) || types::is_refused_by_rustc(&field.ty) || types::is_unsized(&field.ty);
        let read = ctxt.count();
        if !attr.skip && !refused && attr.with.is_none() {
            types::refuse(ctxt, &field.ty);
            types::refuse_nested_option(ctxt, &field.ty);
        }
        let keeps_type = ctxt.count() == read && !refused;
        let sound = keeps_type && read == before;
        let ty = self.resolve(&field.ty, keeps_type);
        Field {
            option: types::option(&ty).cloned(),
            generic: mentions(ty.to_token_stream(), &self.params()),
            stored: (!attr.skip).then(|| stored(&field, &attr, &ident)),
            // A default is of the type that was written, not of its stand-in.
            unset: if keeps_type { attr.unset } else { Unset::Implied },
            ident,
            ty,
            sound,
        }
    }

    /// The type as it reads outside of the struct's own definition.
    fn resolve(&self, ty: &Type, keeps_type: bool) -> Type {
        let mut after_tick = false;
        let resolved = map(ty.to_token_stream(), &mut |tree| {
            let was_tick = std::mem::replace(&mut after_tick, is_tick(&tree));
            match &tree {
                TokenTree::Ident(name) if was_tick && self.lifetimes.iter().any(|lifetime| lifetime.ident == *name) => {
                    Ident::new("static", name.span()).into_token_stream()
                }
                TokenTree::Ident(name) if name == "Self" => {
                    let self_ty = self.self_ty.clone();
                    self_ty
                        .into_iter()
                        .map(|mut tree| {
                            tree.set_span(name.span());
                            tree
                        })
                        .collect()
                }
                _ => tree.into(),
            }
        });
        let resolved = syn::parse2(resolved).unwrap_or_else(|_| ty.clone());
        if keeps_type { resolved } else { types::stand_in(&resolved) }
    }

    /// Does the type use a lifetime of the struct? That lifetime is refused already, where it is declared.
    fn borrows(&self, ty: &Type) -> bool {
        let names: Vec<&Ident> = self.lifetimes.iter().map(|lifetime| &lifetime.ident).collect();
        !names.is_empty() && mentions(ty.to_token_stream(), &names)
    }

    fn params(&self) -> Vec<&Ident> {
        let idents = self.generics.params.iter().filter_map(|param| match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Const(param) => Some(&param.ident),
        });
        idents.collect()
    }
}

fn stored(field: &syn::Field, attr: &attr::FieldAttr, ident: &Ident) -> Stored {
    let with_name = |name: &str| field.attrs.iter().filter(|attr| attr.path().is_ident(name)).cloned().collect();
    let base = attr.accessor.as_ref().unwrap_or(ident);
    let has_ttl = matches!(attr.life, Life::Ttl(_));
    Stored {
        vis: field.vis.clone(),
        docs: with_name("doc"),
        deprecated: with_name("deprecated"),
        names: Names::new(base, ident, has_ttl),
        name: match &attr.rename {
            Some(name) => (name.value(), name.span()),
            None => (ident.unraw().to_string(), ident.span()),
        },
        aliases: attr.aliases.clone(),
        life: attr.life,
        owner: attr.owner,
        secret: attr.secret,
        lenient: attr.lenient,
        with: attr.with.clone(),
    }
}

impl Field {
    /// Is unset what its type says, and is that `None`?
    pub(crate) fn unset_is_none(&self) -> bool {
        self.option.is_some() && matches!(self.unset, Unset::Implied)
    }
}
