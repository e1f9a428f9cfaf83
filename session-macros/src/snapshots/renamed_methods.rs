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
    static __STORED: [__private::Field; 2usize] = [
        __private::Field::new("id").with_stored_nil(),
        __private::Field::new("type").with_stored_nil(),
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
        #[deprecated]
        /// Reads `id`.
        fn public_id(&self) -> impl __private::Future<Output = __private::Result<u64>> {
            self.0.get(<Shop>::ID)
        }
        #[deprecated]
        /// Sets `id`: encoded now, saved at the end of the request.
        fn set_public_id(&self, value: u64) -> __private::Done {
            self.0.set(<Shop>::ID, value)
        }
        #[deprecated]
        /// Reads, changes and writes `id` as one atomic step, at once; `change` runs again on a conflict.
        fn update_public_id<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut u64) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::ID, change)
        }
        #[deprecated]
        /// Reads `id` and clears it.
        fn take_public_id(&self) -> __private::Later<'_, u64> {
            self.0.take(<Shop>::ID)
        }
        #[deprecated]
        /// Brings `id` back to unset.
        fn clear_public_id(&self) -> __private::Done {
            self.0.clear_field(<Shop>::ID)
        }
        #[deprecated]
        /// Is `id` set, and not expired?
        fn has_public_id(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::ID)
        }
        /// Reads `r#type`.
        fn r#type(&self) -> impl __private::Future<Output = __private::Result<String>> {
            self.0.get(<Shop>::TYPE)
        }
        /// Sets `r#type`: encoded now, saved at the end of the request.
        fn set_type(&self, value: String) -> __private::Done {
            self.0.set(<Shop>::TYPE, value)
        }
        /// Reads, changes and writes `r#type` as one atomic step, at once; `change` runs again on a conflict.
        fn update_type<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut String) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::TYPE, change)
        }
        /// Reads `r#type` and clears it.
        fn take_type(&self) -> __private::Later<'_, String> {
            self.0.take(<Shop>::TYPE)
        }
        /// Brings `r#type` back to unset.
        fn clear_type(&self) -> __private::Done {
            self.0.clear_field(<Shop>::TYPE)
        }
        /// Is `r#type` set, and not expired?
        fn has_type(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::TYPE)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        id: __private::Need<Shop, u64, u64>,
        r#type: __private::Need<Shop, String, String>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `public_id` | `set_public_id` | `update_public_id` | `take_public_id` | `clear_public_id` | `has_public_id` |
 | `r#type` | `set_type` | `update_type` | `take_type` | `clear_type` | `has_type` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        #[deprecated]
        /// The key of `id`.
        const ID: __private::Key<Shop, u64> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::<u64>::SERDE,
            <u64 as __private::core::default::Default>::default,
        );
        /// The key of `r#type`.
        const TYPE: __private::Key<Shop, String> = __private::Key::new(
            &__STORED[1usize],
            __private::Codec::<String>::SERDE,
            <String as __private::core::default::Default>::default,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            id: __private::Need::new(Self::ID),
            r#type: __private::Need::new(Self::TYPE),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                id: view.get(Self::ID),
                r#type: view.get(Self::TYPE),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { id: field0, r#type: field1 } = &self;
            put.set(Self::ID, field0);
            put.set(Self::TYPE, field1);
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
