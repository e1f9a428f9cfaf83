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
        __private::Field::new("notice").with_flash(),
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
        /// Reads `notice`, and clears it.
        fn notice(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<String>>> {
            self.0.get(<Shop>::NOTICE)
        }
        /// Sets `notice`: encoded now, saved at the end of the request.
        fn set_notice(
            &self,
            value: impl __private::core::convert::Into<Option<String>>,
        ) -> __private::Done {
            self.0.set(<Shop>::NOTICE, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `notice` as one atomic step, at once; `change` runs again on a conflict.
        fn update_notice<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut Option<String>,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::NOTICE, change)
        }
        /// Reads `notice` and clears it.
        fn take_notice(&self) -> __private::Later<'_, Option<String>> {
            self.0.take(<Shop>::NOTICE)
        }
        /// Brings `notice` back to unset.
        fn clear_notice(&self) -> __private::Done {
            self.0.clear_field(<Shop>::NOTICE)
        }
        /// Is `notice` set, and not expired?
        fn has_notice(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::NOTICE)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        notice: __private::Need<Shop, Option<String>, String>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `notice` | `set_notice` | `update_notice` | `take_notice` | `clear_notice` | `has_notice` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// The key of `notice`.
        const NOTICE: __private::Key<Shop, Option<String>> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::<Option<String>>::SERDE,
            __private::none,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            notice: __private::Need::optional(Self::NOTICE),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                notice: view.get(Self::NOTICE),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { notice: field0 } = &self;
            put.set(Self::NOTICE, field0);
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
