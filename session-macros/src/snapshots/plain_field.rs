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
        __private::Field::new("cart").with_stored_nil(),
    ];
    /// What a `Session<Shop>` can do with each field.
    pub struct ShopSession(__private::Handle<Shop>);
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
        /// What they want to buy.
        ///
        /// Reads `cart`.
        pub async fn cart(
            &self,
        ) -> __private::core::result::Result<Vec<CartItem>, __private::SessionError> {
            self.0.get(<Shop>::CART).await
        }
        /// What they want to buy.
        ///
        /// Sets `cart`: encoded now, saved at the end of the request.
        pub fn set_cart(&self, value: Vec<CartItem>) -> __private::Done {
            self.0.set(<Shop>::CART, value)
        }
        /// What they want to buy.
        ///
        /// Reads, changes and writes `cart` as one atomic step, at once; `change` runs again on a conflict.
        pub async fn update_cart<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Vec<CartItem>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::CART, change).await
        }
        /// What they want to buy.
        ///
        /// Reads `cart` and clears it.
        pub async fn take_cart(
            &self,
        ) -> __private::core::result::Result<Vec<CartItem>, __private::SessionError> {
            self.0.take(<Shop>::CART).await
        }
        /// What they want to buy.
        ///
        /// Brings `cart` back to unset.
        pub fn clear_cart(&self) -> __private::Done {
            self.0.clear_field(<Shop>::CART)
        }
        /// What they want to buy.
        ///
        /// Is `cart` set, and not expired?
        pub async fn has_cart(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::CART).await
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    pub struct ShopFields {
        pub cart: __private::Need<Shop, Vec<CartItem>, Vec<CartItem>>,
    }
    #[automatically_derived]
    impl Shop {
        /// What they want to buy.
        ///
        /// The key of `cart`.
        pub const CART: __private::Key<Shop, Vec<CartItem>> = __private::Key::new(
            &__STORED[0usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Vec<CartItem>>::CODEC
            },
            {
                use __private::probe::StubUnset as _;
                __private::probe::PickUnset::<Vec<CartItem>>::UNSET
            },
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            cart: __private::Need::new(Self::CART, __private::core::option::Option::Some),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                cart: view.get(Self::CART)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { cart: field0 } = &self;
            put.set(Self::CART, field0)?;
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
                (&&&&&&__private::probe::Probe::<Vec<CartItem>>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<CartItem>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Vec<CartItem>>::NEW).kind(),
                __private::probe::Finding::then(
                    (&&&&&&__private::probe::Probe::<CartItem>::NEW).kind(),
                    (&&&&&&__private::probe::Probe::<Vec<CartItem>>::NEW).kind(),
                ),
            )
            .report();
        __private::probe::Finding::then(
                (&&&&&&__private::probe::Probe::<Vec<CartItem>>::NEW).kind(),
                (&&__private::probe::ProbeUnset::<Vec<CartItem>>::NEW).kind(),
            )
            .report();
    };
};
