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
    static __STORED: [__private::Field; 1usize] = [__private::Field::new("before")];
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
        /// Reads `before`.
        async fn before(
            &self,
        ) -> __private::core::result::Result<
            Option<Box<Shop>>,
            __private::SessionError,
        > {
            self.0.get(<Shop>::BEFORE).await
        }
        /// Sets `before`: encoded now, saved at the end of the request.
        fn set_before(
            &self,
            value: impl __private::core::convert::Into<Option<Box<Shop>>>,
        ) -> __private::Done {
            self.0.set(<Shop>::BEFORE, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `before` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_before<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Option<Box<Shop>>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::BEFORE, change).await
        }
        /// Reads `before` and clears it.
        async fn take_before(
            &self,
        ) -> __private::core::result::Result<
            Option<Box<Shop>>,
            __private::SessionError,
        > {
            self.0.take(<Shop>::BEFORE).await
        }
        /// Brings `before` back to unset.
        fn clear_before(&self) -> __private::Done {
            self.0.clear_field(<Shop>::BEFORE)
        }
        /// Is `before` set, and not expired?
        async fn has_before(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::BEFORE).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        before: __private::Need<Shop, Option<Box<Shop>>, Box<Shop>>,
    }
    #[automatically_derived]
    impl Shop {
        /// The key of `before`.
        const BEFORE: __private::Key<Shop, Option<Box<Shop>>> = __private::Key::new(
            &__STORED[0usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Option<Box<Shop>>>::CODEC
            },
            || __private::core::option::Option::None,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            before: __private::Need::new(Self::BEFORE, |value| value),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                before: view.get(Self::BEFORE)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { before: field0 } = &self;
            put.set(Self::BEFORE, field0)?;
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
                (&&&&&&__private::probe::Probe::<Option<Box<Shop>>>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<Shop>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<Box<Shop>>>::NEW).kind(),
                __private::probe::Finding::then(
                    (&&&&&&__private::probe::Probe::<Shop>::NEW).kind(),
                    (&&&&&&__private::probe::Probe::<Box<Shop>>::NEW).kind(),
                ),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<Box<Shop>>>::NEW).kind(),
                __private::probe::Finding::then(
                    __private::probe::Finding::or(
                        (&&&&&&__private::probe::Probe::<Shop>::NEW).kind(),
                        (&&&&&&__private::probe::Probe::<Box<Shop>>::NEW).kind(),
                    ),
                    (&&&&&&__private::probe::Probe::<Option<Box<Shop>>>::NEW).kind(),
                ),
            )
            .report();
    };
};
