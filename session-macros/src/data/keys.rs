//! One typed key per field, and the struct of needs that guards look fields up in.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Ident, Type};

use crate::data::docs;
use crate::data::expand::Items;
use crate::data::model::{Data, Field, Stored, Unset};
use crate::data::probes;
use crate::tokens::quote_here;

/// The keys, and the needs.
pub(crate) fn items(data: &Data, items: &Items) -> TokenStream {
    let self_ty = &data.self_ty;
    let (impl_generics, _, where_clause) = items.generics.split_for_impl();
    let keys = data.stored().enumerate().map(|(index, (field, stored))| key(self_ty, index, field, stored));
    let struct_of_needs = struct_of_needs(data, &items.fields);
    let table = docs::table(data);
    let table = (!table.is_empty()).then(|| quote_here!(#[doc = #table]));
    quote_here! {
        #struct_of_needs

        #table
        #[automatically_derived]
        impl #impl_generics #self_ty #where_clause {
            #(#keys)*
        }
    }
}

/// The struct of needs, as the trait has it.
pub(crate) fn fields(data: &Data, items: &Items) -> TokenStream {
    let fields = &items.fields;
    let (_, type_generics, _) = data.generics.split_for_impl();
    let needs = data.stored().map(|(field, stored)| need(field, stored));
    let nothing = is_empty(data).then(|| quote_here!(__none: __private::core::marker::PhantomData));
    quote_here! {
        type Fields = #fields #type_generics;
        const FIELDS: Self::Fields = #fields { #(#needs,)* #nothing };
    }
}

fn is_empty(data: &Data) -> bool {
    data.stored().next().is_none()
}

fn struct_of_needs(data: &Data, name: &Ident) -> TokenStream {
    let Data { vis, ident, self_ty, generics, .. } = data;
    let doc = format!(" The fields that `Session<{ident}>` keeps.");
    let where_clause = &generics.where_clause;
    let fields = data.stored().map(|(field, stored)| {
        let Field { ident, ty, option, .. } = field;
        let (vis, value) = (&stored.vis, option.as_ref().unwrap_or(ty));
        quote_here!(#vis #ident: __private::Need<#self_ty, #ty, #value>)
    });
    let nothing = is_empty(data).then(|| quote_here!(__none: __private::core::marker::PhantomData<fn() -> #self_ty>));
    quote_here! {
        #[doc = #doc]
        #[doc(hidden)]
        #vis struct #name #generics #where_clause { #(#fields,)* #nothing }
    }
}

fn need(field: &Field, stored: &Stored) -> TokenStream {
    let (ident, key) = (&field.ident, &stored.names.key);
    let new = match field.option {
        Some(_) => quote_here!(optional),
        None => quote_here!(new),
    };
    quote_here!(#ident: __private::Need::#new(Self::#key))
}

fn key(self_ty: &TokenStream, index: usize, field: &Field, stored: &Stored) -> TokenStream {
    let Stored { vis, docs, deprecated, names, .. } = stored;
    let (ty, key) = (&field.ty, &names.key);
    let (codec, unset) = (codec(field, stored, ty), unset(field));
    let doc = format!(" The key of `{}`.", field.ident);
    let paragraph = if docs.is_empty() { quote_here!() } else { quote_here!(#[doc = ""]) };
    quote_here! {
        #(#docs)*
        #(#deprecated)*
        #paragraph
        #[doc = #doc]
        #vis const #key: __private::Key<#self_ty, #ty> = __private::Key::new(&__STORED[#index], #codec, #unset);
    }
}

/// The field that says whose session it is, as the trait of structs with such a field has it.
pub(crate) fn owner(data: &Data, items: &Items) -> Option<TokenStream> {
    let (index, (field, stored)) = data.stored().enumerate().find(|(_, (_, stored))| stored.owner.is_some())?;
    let self_ty = &data.self_ty;
    let (impl_generics, _, where_clause) = items.generics.split_for_impl();
    // `Some` of a value is written as the value, but not by a `with` module; and no bound says that what is generic is written.
    let inner = field.option.as_ref().filter(|_| stored.with.is_none() && !field.generic);
    let ty = inner.unwrap_or(&field.ty);
    let codec = codec(field, stored, ty);
    Some(quote_here! {
        #[automatically_derived]
        impl #impl_generics __private::OwnedData for #self_ty #where_clause {
            type Owner = #ty;
            const OWNER: __private::OwnerField<#ty> = __private::OwnerField::new(&__STORED[#index], #codec);
        }
    })
}

/// How a `ty` is written and read: the field's type, or what is in its `Option`.
fn codec(field: &Field, stored: &Stored, ty: &Type) -> TokenStream {
    match &stored.with {
        _ if !field.sound => quote_here!(<__private::probe::Pick<#ty> as __private::probe::StubCodec<#ty>>::CODEC),
        Some(module) => {
            // At the module's name: what is wrong with its functions is said there.
            let span = Span::mixed_site().located_at(module.span());
            quote_spanned! {span=>
                __private::Codec::new(
                    |value: &#ty, out| __private::write_with(out, |writer| #module::serialize(value, writer)),
                    |bytes| __private::read_with(bytes, |reader| #module::deserialize(reader)),
                )
            }
        }
        None if field.generic || probes::is_above_suspicion(field) => {
            probes::at(ty, |span| quote_spanned!(span=> __private::Codec::<#ty>::SERDE))
        }
        None => probes::at(ty, |span| quote_spanned!(span=> __private::probe::Pick::<#ty>::CODEC)),
    }
}

/// A function of no arguments that gives what the field reads as before it is set.
pub(crate) fn unset(field: &Field) -> TokenStream {
    let ty = &field.ty;
    match &field.unset {
        Unset::Expr(expr) => quote_here!(|| -> #ty { #expr }),
        _ if field.unset_is_none() => quote_here!(__private::none),
        _ if !field.sound => quote_here!(<__private::probe::PickUnset<#ty> as __private::probe::StubUnset<#ty>>::UNSET),
        _ if field.generic || probes::is_above_suspicion(field) => {
            probes::at(ty, |span| quote_spanned!(span=> <#ty as __private::core::default::Default>::default))
        }
        _ => quote_here!(__private::probe::PickUnset::<#ty>::UNSET),
    }
}
