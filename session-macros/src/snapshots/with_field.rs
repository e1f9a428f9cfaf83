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
        fn address(&self) -> impl __private::Future<Output = __private::Result<IpAddr>> {
            self.0.get(<Shop>::ADDRESS)
        }
        /// Sets `address`: encoded now, saved at the end of the request.
        fn set_address(&self, value: IpAddr) -> __private::Done {
            self.0.set(<Shop>::ADDRESS, value)
        }
        /// Reads, changes and writes `address` as one atomic step, at once; `change` runs again on a conflict.
        fn update_address<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut IpAddr) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::ADDRESS, change)
        }
        /// Reads `address` and clears it.
        fn take_address(&self) -> __private::Later<'_, IpAddr> {
            self.0.take(<Shop>::ADDRESS)
        }
        /// Brings `address` back to unset.
        fn clear_address(&self) -> __private::Done {
            self.0.clear_field(<Shop>::ADDRESS)
        }
        /// Is `address` set, and not expired?
        fn has_address(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::ADDRESS)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        address: __private::Need<Shop, IpAddr, IpAddr>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `address` | `set_address` | `update_address` | `take_address` | `clear_address` | `has_address` |

 # Keys, for generic code
*/
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
            __private::probe::PickUnset::<IpAddr>::UNSET,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            address: __private::Need::new(Self::ADDRESS),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                address: view.get(Self::ADDRESS),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { address: field0 } = &self;
            put.set(Self::ADDRESS, field0);
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
        (&&__private::probe::ProbeUnset::<IpAddr>::NEW).unset_kind().report();
    };
};
