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
    use wrapper::sessions::private as __private;
    static __STORED: [__private::Field; 1usize] = [
        __private::Field::new("visits").with_stored_nil(),
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
        /// Reads `visits`.
        async fn visits(
            &self,
        ) -> __private::core::result::Result<u64, __private::SessionError> {
            self.0.get(<Shop>::VISITS).await
        }
        /// Sets `visits`: encoded now, saved at the end of the request.
        fn set_visits(&self, value: u64) -> __private::Done {
            self.0.set(<Shop>::VISITS, value)
        }
        /// Reads, changes and writes `visits` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_visits<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut u64,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::VISITS, change).await
        }
        /// Reads `visits` and clears it.
        async fn take_visits(
            &self,
        ) -> __private::core::result::Result<u64, __private::SessionError> {
            self.0.take(<Shop>::VISITS).await
        }
        /// Brings `visits` back to unset.
        fn clear_visits(&self) -> __private::Done {
            self.0.clear_field(<Shop>::VISITS)
        }
        /// Is `visits` set, and not expired?
        async fn has_visits(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::VISITS).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        visits: __private::Need<Shop, u64, u64>,
    }
    #[automatically_derived]
    impl Shop {
        /// The key of `visits`.
        const VISITS: __private::Key<Shop, u64> = __private::Key::new(
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
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            visits: __private::Need::new(
                Self::VISITS,
                __private::core::option::Option::Some,
            ),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new()
            .with_idle(__private::core::time::Duration::from_millis(1800000u64))
            .with_absolute(__private::core::time::Duration::from_millis(43200000u64))
            .with_same_site(__private::SameSite::None)
            .with_path("/shop")
            .with_domain("example.com")
            .with_partitioned();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                visits: view.get(Self::VISITS)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { visits: field0 } = &self;
            put.set(Self::VISITS, field0)?;
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
    };
};
