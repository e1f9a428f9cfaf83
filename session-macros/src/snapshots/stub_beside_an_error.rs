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
        __private::Field::new("name").with_stored_nil(),
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
        /// Reads `name`.
        fn name(
            &self,
        ) -> impl __private::Future<Output = __private::Result<&'static str>> {
            self.0.get(<Shop>::NAME)
        }
        /// Sets `name`: encoded now, saved at the end of the request.
        fn set_name(&self, value: &'static str) -> __private::Done {
            self.0.set(<Shop>::NAME, value)
        }
        /// Reads, changes and writes `name` as one atomic step, at once; `change` runs again on a conflict.
        fn update_name<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut &'static str,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::NAME, change)
        }
        /// Reads `name` and clears it.
        fn take_name(&self) -> __private::Later<'_, &'static str> {
            self.0.take(<Shop>::NAME)
        }
        /// Brings `name` back to unset.
        fn clear_name(&self) -> __private::Done {
            self.0.clear_field(<Shop>::NAME)
        }
        /// Is `name` set, and not expired?
        fn has_name(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::NAME)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        name: __private::Need<Shop, &'static str, &'static str>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `name` | `set_name` | `update_name` | `take_name` | `clear_name` | `has_name` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// The key of `name`.
        const NAME: __private::Key<Shop, &'static str> = __private::Key::new(
            &__STORED[0usize],
            <__private::probe::Pick<
                &'static str,
            > as __private::probe::StubCodec<&'static str>>::CODEC,
            <__private::probe::PickUnset<
                &'static str,
            > as __private::probe::StubUnset<&'static str>>::UNSET,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            name: __private::Need::new(Self::NAME),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(_: &mut __private::View<'_>) -> Self {
            __private::core::unreachable!()
        }
        fn disassemble(self, _: &mut __private::Put<'_>) {}
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
};
::core::compile_error! {
    "a session cannot keep a borrowed value: say `String`"
}
