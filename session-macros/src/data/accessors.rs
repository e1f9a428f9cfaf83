//! The methods: what `Session<Shop>` dereferences to.

use proc_macro2::TokenStream;

use crate::data::docs;
use crate::data::expand::Items;
use crate::data::model::{Data, Field, Stored};
use crate::tokens::quote_here;

/// The type, and its methods.
pub(crate) fn items(data: &Data, items: &Items) -> TokenStream {
    let Data { vis, ident, self_ty, generics, .. } = data;
    let accessors = &items.accessors;
    let doc = format!(" What a `Session<{ident}>` can do with each field.");
    let own_where = &generics.where_clause;
    let (_, type_generics, _) = generics.split_for_impl();
    let (impl_generics, _, where_clause) = items.generics.split_for_impl();
    let methods = data.stored().map(|(field, stored)| methods(self_ty, field, stored));
    quote_here! {
        #[doc = #doc]
        #vis struct #accessors #generics (__private::Handle<#self_ty>) #own_where;

        #[automatically_derived]
        impl #impl_generics __private::Accessors<#self_ty> for #accessors #type_generics #where_clause {
            fn new(handle: __private::Handle<#self_ty>) -> Self {
                Self(handle)
            }

            fn handle(&self) -> &__private::Handle<#self_ty> {
                &self.0
            }
        }

        #[automatically_derived]
        impl #impl_generics #accessors #type_generics #where_clause {
            #(#methods)*
        }
    }
}

fn methods(self_ty: &TokenStream, field: &Field, stored: &Stored) -> TokenStream {
    let Stored { vis, docs, deprecated, names, .. } = stored;
    let ty = &field.ty;
    let get = &names.get;
    let (update, take, clear, has, key) = (&names.update, &names.take, &names.clear, &names.has, &names.key);
    let setters = setters(self_ty, field, stored);
    let about = docs.iter().chain(deprecated).collect::<Vec<_>>();
    let paragraph = if docs.is_empty() { quote_here!() } else { quote_here!(#[doc = ""]) };
    let head = quote_here!(#(#about)* #paragraph);
    let [get_doc, update_doc, take_doc, clear_doc, has_doc] = docs::of_methods(field, stored);
    quote_here! {
        #head
        #[doc = #get_doc]
        #vis fn #get(&self) -> impl __private::Future<Output = __private::Result<#ty>> {
            self.0.get(<#self_ty>::#key)
        }

        #setters

        #head
        #[doc = #update_doc]
        #vis fn #update<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut #ty) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<#self_ty>::#key, change)
        }

        #head
        #[doc = #take_doc]
        #vis fn #take(&self) -> __private::Later<'_, #ty> {
            self.0.take(<#self_ty>::#key)
        }

        #head
        #[doc = #clear_doc]
        #vis fn #clear(&self) -> __private::Done {
            self.0.clear_field(<#self_ty>::#key)
        }

        #head
        #[doc = #has_doc]
        #vis fn #has(&self) -> __private::Later<'_, bool> {
            self.0.has(<#self_ty>::#key)
        }
    }
}

fn setters(self_ty: &TokenStream, field: &Field, stored: &Stored) -> TokenStream {
    let Stored { vis, docs, deprecated, names, .. } = stored;
    let (set, key, ty) = (&names.set, &names.key, &field.ty);
    let (argument, value) = match &field.option {
        Some(_) => (
            quote_here!(impl __private::core::convert::Into<#ty>),
            quote_here!(__private::core::convert::Into::into(value)),
        ),
        None => (quote_here!(#ty), quote_here!(value)),
    };
    let paragraph = if docs.is_empty() { quote_here!() } else { quote_here!(#[doc = ""]) };
    let head = quote_here!(#(#docs)* #(#deprecated)* #paragraph);
    let name = &field.ident;
    let set_doc = format!(" Sets `{name}`: encoded now, saved at the end of the request.");
    let set_for = names.set_for.as_ref().map(|set_for| {
        let doc = format!(" Sets `{name}` for a time of its own.");
        quote_here! {
            #head
            #[doc = #doc]
            #vis fn #set_for(&self, value: #argument, lifetime: __private::core::time::Duration) -> __private::Done {
                self.0.set_for(<#self_ty>::#key, #value, lifetime)
            }
        }
    });
    quote_here! {
        #head
        #[doc = #set_doc]
        #vis fn #set(&self, value: #argument) -> __private::Done {
            self.0.set(<#self_ty>::#key, #value)
        }

        #set_for
    }
}
