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
        __private::Field::new("address").with_stored_nil(),
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
        /// Reads `address`.
        async fn address(
            &self,
        ) -> __private::core::result::Result<IpAddr, __private::SessionError> {
            self.0.get(<Shop>::ADDRESS).await
        }
        /// Sets `address`: encoded now, saved at the end of the request.
        fn set_address(&self, value: IpAddr) -> __private::Done {
            self.0.set(<Shop>::ADDRESS, value)
        }
        /// Reads, changes and writes `address` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_address<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut IpAddr,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::ADDRESS, change).await
        }
        /// Reads `address` and clears it.
        async fn take_address(
            &self,
        ) -> __private::core::result::Result<IpAddr, __private::SessionError> {
            self.0.take(<Shop>::ADDRESS).await
        }
        /// Brings `address` back to unset.
        fn clear_address(&self) -> __private::Done {
            self.0.clear_field(<Shop>::ADDRESS)
        }
        /// Is `address` set, and not expired?
        async fn has_address(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::ADDRESS).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        address: __private::Need<Shop, IpAddr, IpAddr>,
    }
    #[automatically_derived]
    impl Shop {
        /// The key of `address`.
        const ADDRESS: __private::Key<Shop, IpAddr> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::new(
                |value: &IpAddr, out| __private::write_with(
                    out,
                    |writer| as_text::serialize(value, writer),
                ),
                |bytes| __private::read_with(
                    bytes,
                    |reader| as_text::deserialize(reader),
                ),
            ),
            {
                use __private::probe::StubUnset as _;
                __private::probe::PickUnset::<IpAddr>::UNSET
            },
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            address: __private::Need::new(
                Self::ADDRESS,
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
                address: view.get(Self::ADDRESS)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { address: field0 } = &self;
            put.set(Self::ADDRESS, field0)?;
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
        (&&__private::probe::ProbeUnset::<IpAddr>::NEW).kind().report();
    };
};
