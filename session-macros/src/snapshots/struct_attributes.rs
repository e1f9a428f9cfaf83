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
    use __private::probe::{StubCodec as _, StubUnset as _};
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
        fn visits(&self) -> impl __private::Future<Output = __private::Result<u64>> {
            self.0.get(<Shop>::VISITS)
        }
        /// Sets `visits`: encoded now, saved at the end of the request.
        fn set_visits(&self, value: u64) -> __private::Done {
            self.0.set(<Shop>::VISITS, value)
        }
        /// Reads, changes and writes `visits` as one atomic step, at once; `change` runs again on a conflict.
        fn update_visits<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut u64) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::VISITS, change)
        }
        /// Reads `visits` and clears it.
        fn take_visits(&self) -> __private::Later<'_, u64> {
            self.0.take(<Shop>::VISITS)
        }
        /// Brings `visits` back to unset.
        fn clear_visits(&self) -> __private::Done {
            self.0.clear_field(<Shop>::VISITS)
        }
        /// Is `visits` set, and not expired?
        fn has_visits(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::VISITS)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        visits: __private::Need<Shop, u64, u64>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `visits` | `set_visits` | `update_visits` | `take_visits` | `clear_visits` | `has_visits` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// The key of `visits`.
        const VISITS: __private::Key<Shop, u64> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::<u64>::SERDE,
            <u64 as __private::core::default::Default>::default,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            visits: __private::Need::new(Self::VISITS),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new()
            .with_idle(__private::core::time::Duration::from_millis(1800000u64))
            .with_absolute(__private::core::time::Duration::from_millis(43200000u64))
            .with_same_site(__private::SameSite::None)
            .with_path("/shop")
            .with_domain("example.com")
            .with_partitioned();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                visits: view.get(Self::VISITS),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { visits: field0 } = &self;
            put.set(Self::VISITS, field0);
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
    };
};
