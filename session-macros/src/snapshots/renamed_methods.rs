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
    static __STORED: [__private::Field; 2usize] = [
        __private::Field::new("id").with_stored_nil(),
        __private::Field::new("type").with_stored_nil(),
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
        #[deprecated]
        /// Reads `id`.
        async fn public_id(
            &self,
        ) -> __private::core::result::Result<u64, __private::SessionError> {
            self.0.get(<Shop>::ID).await
        }
        #[deprecated]
        /// Sets `id`: encoded now, saved at the end of the request.
        fn set_public_id(&self, value: u64) -> __private::Done {
            self.0.set(<Shop>::ID, value)
        }
        #[deprecated]
        /// Reads, changes and writes `id` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_public_id<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut u64,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::ID, change).await
        }
        #[deprecated]
        /// Reads `id` and clears it.
        async fn take_public_id(
            &self,
        ) -> __private::core::result::Result<u64, __private::SessionError> {
            self.0.take(<Shop>::ID).await
        }
        #[deprecated]
        /// Brings `id` back to unset.
        fn clear_public_id(&self) -> __private::Done {
            self.0.clear_field(<Shop>::ID)
        }
        #[deprecated]
        /// Is `id` set, and not expired?
        async fn has_public_id(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::ID).await
        }
        /// Reads `r#type`.
        async fn r#type(
            &self,
        ) -> __private::core::result::Result<String, __private::SessionError> {
            self.0.get(<Shop>::TYPE).await
        }
        /// Sets `r#type`: encoded now, saved at the end of the request.
        fn set_type(&self, value: String) -> __private::Done {
            self.0.set(<Shop>::TYPE, value)
        }
        /// Reads, changes and writes `r#type` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_type<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut String,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::TYPE, change).await
        }
        /// Reads `r#type` and clears it.
        async fn take_type(
            &self,
        ) -> __private::core::result::Result<String, __private::SessionError> {
            self.0.take(<Shop>::TYPE).await
        }
        /// Brings `r#type` back to unset.
        fn clear_type(&self) -> __private::Done {
            self.0.clear_field(<Shop>::TYPE)
        }
        /// Is `r#type` set, and not expired?
        async fn has_type(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::TYPE).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        id: __private::Need<Shop, u64, u64>,
        r#type: __private::Need<Shop, String, String>,
    }
    #[automatically_derived]
    impl Shop {
        #[deprecated]
        /// The key of `id`.
        const ID: __private::Key<Shop, u64> = __private::Key::new(
            &__STORED[0usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<u64>::CODEC
            },
            {
                use __private::probe::StubUnset as _;
                __private::probe::PickUnset::<u64>::UNSET
            },
        );
        /// The key of `r#type`.
        const TYPE: __private::Key<Shop, String> = __private::Key::new(
            &__STORED[1usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<String>::CODEC
            },
            {
                use __private::probe::StubUnset as _;
                __private::probe::PickUnset::<String>::UNSET
            },
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            id: __private::Need::new(Self::ID, __private::core::option::Option::Some),
            r#type: __private::Need::new(
                Self::TYPE,
                __private::core::option::Option::Some,
            ),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                id: view.get(Self::ID)?,
                r#type: view.get(Self::TYPE)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { id: field0, r#type: field1 } = &self;
            put.set(Self::ID, field0)?;
            put.set(Self::TYPE, field1)?;
            __private::core::result::Result::Ok(())
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<u64>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<u64>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::then(
                (&&&&&&__private::probe::Probe::<u64>::NEW).kind(),
                (&&__private::probe::ProbeUnset::<u64>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::then(
                (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
                (&&__private::probe::ProbeUnset::<String>::NEW).kind(),
            )
            .report();
    };
};
