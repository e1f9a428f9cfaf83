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
    static __STORED: [__private::Field; 4usize] = [
        __private::Field::new("user_id").with_owner(),
        __private::Field::new("themeName")
            .with_aliases(&["theme", "look"])
            .with_stored_nil(),
        __private::Field::new("notice").with_flash().with_lenient_reading(),
        __private::Field::new("lucky").with_secret().with_stored_nil(),
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
        /// Reads `user_id`.
        pub fn user_id(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<UserId>>> {
            self.0.get(<Shop>::USER_ID)
        }
        /// Sets `user_id`: encoded now, saved at the end of the request.
        pub fn set_user_id(
            &self,
            value: impl __private::core::convert::Into<Option<UserId>>,
        ) -> __private::Done {
            self.0.set(<Shop>::USER_ID, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `user_id` as one atomic step, at once; `change` runs again on a conflict.
        pub fn update_user_id<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut Option<UserId>,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::USER_ID, change)
        }
        /// Reads `user_id` and clears it.
        pub fn take_user_id(&self) -> __private::Later<'_, Option<UserId>> {
            self.0.take(<Shop>::USER_ID)
        }
        /// Brings `user_id` back to unset.
        pub fn clear_user_id(&self) -> __private::Done {
            self.0.clear_field(<Shop>::USER_ID)
        }
        /// Is `user_id` set, and not expired?
        pub fn has_user_id(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::USER_ID)
        }
        /// Reads `theme`.
        pub(crate) fn theme(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Theme>> {
            self.0.get(<Shop>::THEME)
        }
        /// Sets `theme`: encoded now, saved at the end of the request.
        pub(crate) fn set_theme(&self, value: Theme) -> __private::Done {
            self.0.set(<Shop>::THEME, value)
        }
        /// Reads, changes and writes `theme` as one atomic step, at once; `change` runs again on a conflict.
        pub(crate) fn update_theme<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut Theme) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::THEME, change)
        }
        /// Reads `theme` and clears it.
        pub(crate) fn take_theme(&self) -> __private::Later<'_, Theme> {
            self.0.take(<Shop>::THEME)
        }
        /// Brings `theme` back to unset.
        pub(crate) fn clear_theme(&self) -> __private::Done {
            self.0.clear_field(<Shop>::THEME)
        }
        /// Is `theme` set, and not expired?
        pub(crate) fn has_theme(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::THEME)
        }
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
        /// Reads `lucky`.
        fn lucky(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<u8>>> {
            self.0.get(<Shop>::LUCKY)
        }
        /// Sets `lucky`: encoded now, saved at the end of the request.
        fn set_lucky(
            &self,
            value: impl __private::core::convert::Into<Option<u8>>,
        ) -> __private::Done {
            self.0.set(<Shop>::LUCKY, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `lucky` as one atomic step, at once; `change` runs again on a conflict.
        fn update_lucky<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut Option<u8>) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::LUCKY, change)
        }
        /// Reads `lucky` and clears it.
        fn take_lucky(&self) -> __private::Later<'_, Option<u8>> {
            self.0.take(<Shop>::LUCKY)
        }
        /// Brings `lucky` back to unset.
        fn clear_lucky(&self) -> __private::Done {
            self.0.clear_field(<Shop>::LUCKY)
        }
        /// Is `lucky` set, and not expired?
        fn has_lucky(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::LUCKY)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    pub struct ShopFields {
        pub user_id: __private::Need<Shop, Option<UserId>, UserId>,
        pub(crate) theme: __private::Need<Shop, Theme, Theme>,
        notice: __private::Need<Shop, Option<String>, String>,
        lucky: __private::Need<Shop, Option<u8>, u8>,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `user_id` | `set_user_id` | `update_user_id` | `take_user_id` | `clear_user_id` | `has_user_id` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// The key of `user_id`.
        pub const USER_ID: __private::Key<Shop, Option<UserId>> = __private::Key::new(
            &__STORED[0usize],
            __private::probe::Pick::<Option<UserId>>::CODEC,
            __private::none,
        );
        /// The key of `theme`.
        pub(crate) const THEME: __private::Key<Shop, Theme> = __private::Key::new(
            &__STORED[1usize],
            __private::probe::Pick::<Theme>::CODEC,
            || -> Theme { Theme::System },
        );
        /// The key of `notice`.
        const NOTICE: __private::Key<Shop, Option<String>> = __private::Key::new(
            &__STORED[2usize],
            __private::Codec::<Option<String>>::SERDE,
            __private::none,
        );
        /// The key of `lucky`.
        const LUCKY: __private::Key<Shop, Option<u8>> = __private::Key::new(
            &__STORED[3usize],
            __private::probe::Pick::<Option<u8>>::CODEC,
            || -> Option<u8> { Some(3) },
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            user_id: __private::Need::optional(Self::USER_ID),
            theme: __private::Need::new(Self::THEME),
            notice: __private::Need::optional(Self::NOTICE),
            lucky: __private::Need::optional(Self::LUCKY),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                user_id: view.get(Self::USER_ID),
                theme: view.get(Self::THEME),
                notice: view.get(Self::NOTICE),
                lucky: view.get(Self::LUCKY),
                cache: {
                    let unset: fn() -> Cache = __private::probe::PickUnset::<
                        Cache,
                    >::UNSET;
                    unset()
                },
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self {
                user_id: field0,
                theme: field1,
                notice: field2,
                lucky: field3,
                cache: field4,
            } = &self;
            put.set(Self::USER_ID, field0);
            put.set(Self::THEME, field1);
            put.set(Self::NOTICE, field2);
            put.set(Self::LUCKY, field3);
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    #[automatically_derived]
    impl __private::OwnedData for Shop {
        type Owner = UserId;
        const OWNER: __private::OwnerField<UserId> = __private::OwnerField::new(
            &__STORED[0usize],
            __private::probe::Pick::<UserId>::CODEC,
        );
    }
    const _: fn() = || {
        use __private::probe::questions::*;
        {
            let outer = (&&&&&&__private::probe::Probe::<Option<UserId>>::NEW).kind();
            let before = __private::probe::Fine;
            let inner = (&&&&&&__private::probe::Probe::<UserId>::NEW).kind();
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
        (&&&&&&__private::probe::Probe::<Theme>::NEW).kind().report();
        (&&&&&&__private::probe::Probe::<Option<u8>>::NEW).kind().report();
        (&&__private::probe::ProbeUnset::<Cache>::NEW).unset_kind().report();
    };
};
