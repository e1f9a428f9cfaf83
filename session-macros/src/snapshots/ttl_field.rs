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
        __private::Field::new("state")
            .with_ttl(__private::core::time::Duration::from_millis(90000u64)),
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
        /// Reads `state`.
        async fn state(
            &self,
        ) -> __private::core::result::Result<Option<String>, __private::SessionError> {
            self.0.get(<Shop>::STATE).await
        }
        /// Sets `state`: encoded now, saved at the end of the request.
        fn set_state(
            &self,
            value: impl __private::core::convert::Into<Option<String>>,
        ) -> __private::Done {
            self.0.set(<Shop>::STATE, __private::core::convert::Into::into(value))
        }
        /// Sets `state` for a time of its own.
        fn set_state_for(
            &self,
            value: impl __private::core::convert::Into<Option<String>>,
            lifetime: __private::core::time::Duration,
        ) -> __private::Done {
            self.0
                .set_for(
                    <Shop>::STATE,
                    __private::core::convert::Into::into(value),
                    lifetime,
                )
        }
        /// Reads, changes and writes `state` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_state<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Option<String>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::STATE, change).await
        }
        /// Reads `state` and clears it.
        async fn take_state(
            &self,
        ) -> __private::core::result::Result<Option<String>, __private::SessionError> {
            self.0.take(<Shop>::STATE).await
        }
        /// Brings `state` back to unset.
        fn clear_state(&self) -> __private::Done {
            self.0.clear_field(<Shop>::STATE)
        }
        /// Is `state` set, and not expired?
        async fn has_state(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::STATE).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        state: __private::Need<Shop, Option<String>, String>,
    }
    #[automatically_derived]
    impl Shop {
        /// The key of `state`.
        const STATE: __private::Key<Shop, Option<String>> = __private::Key::new(
            &__STORED[0usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Option<String>>::CODEC
            },
            || __private::core::option::Option::None,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            state: __private::Need::new(Self::STATE, |value| value),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                state: view.get(Self::STATE)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { state: field0 } = &self;
            put.set(Self::STATE, field0)?;
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
                (&&&&&&__private::probe::Probe::<Option<String>>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<String>>::NEW).kind(),
                __private::probe::Finding::then(
                    (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
                    (&&&&&&__private::probe::Probe::<Option<String>>::NEW).kind(),
                ),
            )
            .report();
    };
};
