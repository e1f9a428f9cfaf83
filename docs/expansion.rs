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
    use __private::probe::{StubCodec as _, StubUnset as _};
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
        pub fn cart(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Vec<CartItem>>> {
            self.0.get(<Shop>::CART)
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
        pub fn update_cart<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut Vec<CartItem>,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::CART, change)
        }
        /// What they want to buy.
        ///
        /// Reads `cart` and clears it.
        pub fn take_cart(&self) -> __private::Later<'_, Vec<CartItem>> {
            self.0.take(<Shop>::CART)
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
        pub fn has_cart(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::CART)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    pub struct ShopFields {
        pub cart: __private::Need<Shop, Vec<CartItem>, Vec<CartItem>>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `cart` | `set_cart` | `update_cart` | `take_cart` | `clear_cart` | `has_cart` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// What they want to buy.
        ///
        /// The key of `cart`.
        pub const CART: __private::Key<Shop, Vec<CartItem>> = __private::Key::new(
            &__STORED[0usize],
            __private::probe::Pick::<Vec<CartItem>>::CODEC,
            __private::probe::PickUnset::<Vec<CartItem>>::UNSET,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            cart: __private::Need::new(Self::CART),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self { cart: view.get(Self::CART) }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { cart: field0 } = &self;
            put.set(Self::CART, field0);
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
        {
            let outer = (&&&&&&__private::probe::Probe::<Vec<CartItem>>::NEW).kind();
            let before = __private::probe::Fine;
            let inner = (&&&&&&__private::probe::Probe::<CartItem>::NEW).kind();
            __private::probe::Finding::inner(
                    outer,
                    __private::probe::Finding::then(before, inner),
                )
                .report();
            let before = __private::probe::Finding::or(before, inner);
            let inner = outer;
            __private::probe::Finding::inner(
                    outer,
                    __private::probe::Finding::then(before, inner),
                )
                .report();
            __private::probe::Finding::then(
                    outer,
                    (&&__private::probe::ProbeUnset::<Vec<CartItem>>::NEW).unset_kind(),
                )
                .report();
        }
    };
};
