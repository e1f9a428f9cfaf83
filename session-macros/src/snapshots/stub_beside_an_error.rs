#[doc(hidden)]
#[allow(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    clippy::restriction,
    deprecated,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    private_bounds,
    private_interfaces,
    single_use_lifetimes,
    unreachable_code,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications
)]
const _: () = {
    use ::cloakroom::private as __private;
    static __STORED: [__private::Field; 1usize] = [
        __private::Field::new("name").with_stored_nil(),
    ];
    /// What a `Session<Shop>` can do with each field.
    struct ShopSession(__private::Handle<Shop>);
    #[automatically_derived]
    impl __private::Accessors<Shop> for ShopSession {
        fn new(handle: __private::Handle<Shop>) -> Self {
            Self(handle)
        }
        fn handle(&self) -> &__private::Handle<Shop> {
            &self.0
        }
    }
    #[automatically_derived]
    impl ShopSession {
        /// Reads `name`.
        async fn name(
            &self,
        ) -> __private::core::result::Result<&'static str, __private::SessionError> {
            self.0.get(<Shop>::NAME).await
        }
        /// Sets `name`: encoded now, saved at the end of the request.
        fn set_name(&self, value: &'static str) -> __private::Done {
            self.0.set(<Shop>::NAME, value)
        }
        /// Reads, changes and writes `name` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_name<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut &'static str,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::NAME, change).await
        }
        /// Reads `name` and clears it.
        async fn take_name(
            &self,
        ) -> __private::core::result::Result<&'static str, __private::SessionError> {
            self.0.take(<Shop>::NAME).await
        }
        /// Brings `name` back to unset.
        fn clear_name(&self) -> __private::Done {
            self.0.clear_field(<Shop>::NAME)
        }
        /// Is `name` set, and not expired?
        async fn has_name(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::NAME).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        name: __private::Need<Shop, &'static str, &'static str>,
    }
    #[automatically_derived]
    impl Shop {
        /// The key of `name`.
        const NAME: __private::Key<Shop, &'static str> = __private::Key::new(
            &__STORED[0usize],
            <__private::probe::Pick<
                &'static str,
            > as __private::probe::StubCodec<&'static str>>::CODEC,
            <__private::probe::PickUnset<
                &'static str,
            > as __private::probe::StubUnset<&'static str>>::UNSET,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            name: __private::Need::new(Self::NAME, __private::core::option::Option::Some),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            _: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::unreachable!()
        }
        fn disassemble(
            self,
            _: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            __private::core::unreachable!()
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
};
::core::compile_error! {
    "a session cannot keep a borrowed value: say `String`"
}
