//! `impl SessionData`: names, settings, and the struct as one value.

use proc_macro2::{Span, TokenStream};
use syn::Ident;

use crate::data::expand::Items;
use crate::data::keys::{self, unset};
use crate::data::model::{Data, Field, Life, Settings, Stored, Unset};
use crate::tokens::quote_here;

/// What is known of each field before any value is seen.
pub(crate) fn statics(data: &Data) -> TokenStream {
    let fields = data.stored().map(|(field, stored)| description(field, stored));
    let count = data.stored().count();
    quote_here! {
        static __STORED: [__private::Field; #count] = [#(#fields),*];
    }
}

fn description(field: &Field, stored: &Stored) -> TokenStream {
    let name = &stored.name.0;
    let aliases = &stored.aliases;
    // Where unset reads as `None`, storing `None` would say the same. Anywhere else it is a value of its own.
    let keeps_nil = field.option.is_none() || matches!(field.unset, Unset::Expr(_));
    let parts = [
        (!aliases.is_empty()).then(|| quote_here!(.with_aliases(&[#(#aliases),*]))),
        match &stored.life {
            Life::Session => None,
            Life::Flash => Some(quote_here!(.with_flash())),
            Life::Ttl(ttl) => Some(quote_here!(.with_ttl(#ttl))),
        },
        stored.owner.map(|_| quote_here!(.with_owner())),
        stored.secret.then(|| quote_here!(.with_secret())),
        stored.lenient.then(|| quote_here!(.with_lenient_reading())),
        keeps_nil.then(|| quote_here!(.with_stored_nil())),
    ];
    let parts = parts.iter().flatten();
    quote_here!(__private::Field::new(#name) #(#parts)*)
}

/// The impl.
pub(crate) fn session_data(data: &Data, items: &Items) -> TokenStream {
    let (self_ty, accessors, name) = (&data.self_ty, &items.accessors, &data.settings.cookie);
    let (_, type_generics, _) = data.generics.split_for_impl();
    let (impl_generics, _, where_clause) = items.generics.split_for_impl();
    let settings = settings(&data.settings);
    let fields = keys::fields(data, items);
    let owner = keys::owner(data, items);
    let body =
        if data.fields.iter().any(|field| !field.sound) || data.fields.is_empty() { never() } else { whole(data) };
    quote_here! {
        #[automatically_derived]
        impl #impl_generics __private::SessionData for #self_ty #where_clause {
            type Accessors = #accessors #type_generics;
            #fields
            const NAME: &'static __private::core::primitive::str = #name;
            const SETTINGS: __private::Settings = #settings;
            const STORED: &'static [__private::Field] = &__STORED;

            #body
        }

        #[automatically_derived]
        impl #impl_generics __private::Asked for #self_ty #where_clause {
            type Data = Self;
            type Guard = __private::Anyone<Self>;
        }

        #owner
    }
}

fn settings(settings: &Settings) -> TokenStream {
    let Settings { idle, absolute, assurance, same_site, path, domain, partitioned, .. } = settings;
    let parts = [
        idle.map(|idle| quote_here!(.with_idle(#idle))),
        absolute.map(|absolute| quote_here!(.with_absolute(#absolute))),
        assurance.as_ref().map(|level| quote_here!(.with_assurance(__private::Assurance::#level))),
        same_site.as_ref().map(|value| quote_here!(.with_same_site(__private::SameSite::#value))),
        path.as_ref().map(|path| quote_here!(.with_path(#path))),
        domain.as_ref().map(|domain| quote_here!(.with_domain(#domain))),
        partitioned.then(|| quote_here!(.with_partitioned())),
    ];
    let parts = parts.iter().flatten();
    quote_here!(__private::Settings::new() #(#parts)*)
}

/// The struct is taken apart by name, so that no field counts as never read.
fn whole(data: &Data) -> TokenStream {
    let locals: Vec<Ident> =
        (0..data.fields.len()).map(|index| Ident::new(&format!("field{index}"), Span::mixed_site())).collect();
    let idents: Vec<&Ident> = data.fields.iter().map(|field| &field.ident).collect();
    let read = data.fields.iter().map(read);
    let write = data.fields.iter().zip(&locals).filter_map(|(field, local)| {
        let key = &field.stored.as_ref()?.names.key;
        Some(quote_here!(put.set(Self::#key, #local);))
    });
    quote_here! {
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self { #(#idents: #read),* }
        }

        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { #(#idents: #locals),* } = &self;
            #(#write)*
        }
    }
}

fn read(field: &Field) -> TokenStream {
    let unset = unset(field);
    let ty = &field.ty;
    match &field.stored {
        Some(stored) => {
            let key = &stored.names.key;
            quote_here!(view.get(Self::#key))
        }
        None => quote_here!({ let unset: fn() -> #ty = #unset; unset() }),
    }
}

/// The struct has a mistake, so the program is never run.
fn never() -> TokenStream {
    quote_here! {
        fn assemble(_: &mut __private::View<'_>) -> Self {
            __private::core::unreachable!()
        }

        fn disassemble(self, _: &mut __private::Put<'_>) {}
    }
}
