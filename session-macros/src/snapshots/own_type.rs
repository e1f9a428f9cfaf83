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
        fn before(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<Box<Shop>>>> {
            self.0.get(<Shop>::BEFORE)
        }
        /// Sets `before`: encoded now, saved at the end of the request.
        fn set_before(
            &self,
            value: impl __private::core::convert::Into<Option<Box<Shop>>>,
        ) -> __private::Done {
            self.0.set(<Shop>::BEFORE, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `before` as one atomic step, at once; `change` runs again on a conflict.
        fn update_before<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut Option<Box<Shop>>,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::BEFORE, change)
        }
        /// Reads `before` and clears it.
        fn take_before(&self) -> __private::Later<'_, Option<Box<Shop>>> {
            self.0.take(<Shop>::BEFORE)
        }
        /// Brings `before` back to unset.
        fn clear_before(&self) -> __private::Done {
            self.0.clear_field(<Shop>::BEFORE)
        }
        /// Is `before` set, and not expired?
        fn has_before(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::BEFORE)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        before: __private::Need<Shop, Option<Box<Shop>>, Box<Shop>>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `before` | `set_before` | `update_before` | `take_before` | `clear_before` | `has_before` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// The key of `before`.
        const BEFORE: __private::Key<Shop, Option<Box<Shop>>> = __private::Key::new(
            &__STORED[0usize],
            __private::probe::Pick::<Option<Box<Shop>>>::CODEC,
            __private::none,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            before: __private::Need::optional(Self::BEFORE),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                before: view.get(Self::BEFORE),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { before: field0 } = &self;
            put.set(Self::BEFORE, field0);
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
            let outer = (&&&&&&__private::probe::Probe::<Option<Box<Shop>>>::NEW).kind();
            let before = __private::probe::Fine;
            let inner = (&&&&&&__private::probe::Probe::<Shop>::NEW).kind();
            __private::probe::Finding::inner(
                    outer,
                    __private::probe::Finding::then(before, inner),
                )
                .report();
            let before = __private::probe::Finding::or(before, inner);
            let inner = (&&&&&&__private::probe::Probe::<Box<Shop>>::NEW).kind();
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
        }
    };
};
