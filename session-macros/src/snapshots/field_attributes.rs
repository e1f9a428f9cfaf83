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
    static __STORED: [__private::Field; 4usize] = [
        __private::Field::new("user_id").with_owner(),
        __private::Field::new("themeName")
            .with_aliases(&["theme", "look"])
            .with_stored_nil(),
        __private::Field::new("notice").with_flash().with_lenient_reading(),
        __private::Field::new("lucky").with_stored_nil(),
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
        pub async fn user_id(
            &self,
        ) -> __private::core::result::Result<Option<UserId>, __private::SessionError> {
            self.0.get(<Shop>::USER_ID).await
        }
        /// Sets `user_id`: encoded now, saved at the end of the request.
        pub fn set_user_id(
            &self,
            value: impl __private::core::convert::Into<Option<UserId>>,
        ) -> __private::Done {
            self.0.set(<Shop>::USER_ID, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `user_id` as one atomic step, at once; `change` runs again on a conflict.
        pub async fn update_user_id<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Option<UserId>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::USER_ID, change).await
        }
        /// Reads `user_id` and clears it.
        pub async fn take_user_id(
            &self,
        ) -> __private::core::result::Result<Option<UserId>, __private::SessionError> {
            self.0.take(<Shop>::USER_ID).await
        }
        /// Brings `user_id` back to unset.
        pub fn clear_user_id(&self) -> __private::Done {
            self.0.clear_field(<Shop>::USER_ID)
        }
        /// Is `user_id` set, and not expired?
        pub async fn has_user_id(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::USER_ID).await
        }
        /// Reads `theme`.
        pub(crate) async fn theme(
            &self,
        ) -> __private::core::result::Result<Theme, __private::SessionError> {
            self.0.get(<Shop>::THEME).await
        }
        /// Sets `theme`: encoded now, saved at the end of the request.
        pub(crate) fn set_theme(&self, value: Theme) -> __private::Done {
            self.0.set(<Shop>::THEME, value)
        }
        /// Reads, changes and writes `theme` as one atomic step, at once; `change` runs again on a conflict.
        pub(crate) async fn update_theme<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Theme,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::THEME, change).await
        }
        /// Reads `theme` and clears it.
        pub(crate) async fn take_theme(
            &self,
        ) -> __private::core::result::Result<Theme, __private::SessionError> {
            self.0.take(<Shop>::THEME).await
        }
        /// Brings `theme` back to unset.
        pub(crate) fn clear_theme(&self) -> __private::Done {
            self.0.clear_field(<Shop>::THEME)
        }
        /// Is `theme` set, and not expired?
        pub(crate) async fn has_theme(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::THEME).await
        }
        /// Reads `notice`, and clears it.
        async fn notice(
            &self,
        ) -> __private::core::result::Result<Option<String>, __private::SessionError> {
            self.0.get(<Shop>::NOTICE).await
        }
        /// Sets `notice`: encoded now, saved at the end of the request.
        fn set_notice(
            &self,
            value: impl __private::core::convert::Into<Option<String>>,
        ) -> __private::Done {
            self.0.set(<Shop>::NOTICE, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `notice` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_notice<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Option<String>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::NOTICE, change).await
        }
        /// Reads `notice` and clears it.
        async fn take_notice(
            &self,
        ) -> __private::core::result::Result<Option<String>, __private::SessionError> {
            self.0.take(<Shop>::NOTICE).await
        }
        /// Brings `notice` back to unset.
        fn clear_notice(&self) -> __private::Done {
            self.0.clear_field(<Shop>::NOTICE)
        }
        /// Is `notice` set, and not expired?
        async fn has_notice(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::NOTICE).await
        }
        /// Reads `lucky`.
        async fn lucky(
            &self,
        ) -> __private::core::result::Result<Option<u8>, __private::SessionError> {
            self.0.get(<Shop>::LUCKY).await
        }
        /// Sets `lucky`: encoded now, saved at the end of the request.
        fn set_lucky(
            &self,
            value: impl __private::core::convert::Into<Option<u8>>,
        ) -> __private::Done {
            self.0.set(<Shop>::LUCKY, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `lucky` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_lucky<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Option<u8>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Shop>::LUCKY, change).await
        }
        /// Reads `lucky` and clears it.
        async fn take_lucky(
            &self,
        ) -> __private::core::result::Result<Option<u8>, __private::SessionError> {
            self.0.take(<Shop>::LUCKY).await
        }
        /// Brings `lucky` back to unset.
        fn clear_lucky(&self) -> __private::Done {
            self.0.clear_field(<Shop>::LUCKY)
        }
        /// Is `lucky` set, and not expired?
        async fn has_lucky(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Shop>::LUCKY).await
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
    #[automatically_derived]
    impl Shop {
        /// The key of `user_id`.
        pub const USER_ID: __private::Key<Shop, Option<UserId>> = __private::Key::new(
            &__STORED[0usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Option<UserId>>::CODEC
            },
            || __private::core::option::Option::None,
        );
        /// The key of `theme`.
        pub(crate) const THEME: __private::Key<Shop, Theme> = __private::Key::new(
            &__STORED[1usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Theme>::CODEC
            },
            || -> Theme { Theme::System },
        );
        /// The key of `notice`.
        const NOTICE: __private::Key<Shop, Option<String>> = __private::Key::new(
            &__STORED[2usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Option<String>>::CODEC
            },
            || __private::core::option::Option::None,
        );
        /// The key of `lucky`.
        const LUCKY: __private::Key<Shop, Option<u8>> = __private::Key::new(
            &__STORED[3usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<Option<u8>>::CODEC
            },
            || -> Option<u8> { Some(3) },
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            user_id: __private::Need::new(Self::USER_ID, |value| value),
            theme: __private::Need::new(
                Self::THEME,
                __private::core::option::Option::Some,
            ),
            notice: __private::Need::new(Self::NOTICE, |value| value),
            lucky: __private::Need::new(Self::LUCKY, |value| value),
        };
        const NAME: &'static str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                user_id: view.get(Self::USER_ID)?,
                theme: view.get(Self::THEME)?,
                notice: view.get(Self::NOTICE)?,
                lucky: view.get(Self::LUCKY)?,
                cache: {
                    let unset: fn() -> Cache = {
                        use __private::probe::StubUnset as _;
                        __private::probe::PickUnset::<Cache>::UNSET
                    };
                    unset()
                },
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self {
                user_id: field0,
                theme: field1,
                notice: field2,
                lucky: field3,
                cache: field4,
            } = &self;
            put.set(Self::USER_ID, field0)?;
            put.set(Self::THEME, field1)?;
            put.set(Self::NOTICE, field2)?;
            put.set(Self::LUCKY, field3)?;
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
                (&&&&&&__private::probe::Probe::<Option<UserId>>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<UserId>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<UserId>>::NEW).kind(),
                __private::probe::Finding::then(
                    (&&&&&&__private::probe::Probe::<UserId>::NEW).kind(),
                    (&&&&&&__private::probe::Probe::<Option<UserId>>::NEW).kind(),
                ),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Theme>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<Theme>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<String>>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<String>>::NEW).kind(),
                __private::probe::Finding::then(
                    (&&&&&&__private::probe::Probe::<String>::NEW).kind(),
                    (&&&&&&__private::probe::Probe::<Option<String>>::NEW).kind(),
                ),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<u8>>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<u8>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<Option<u8>>::NEW).kind(),
                __private::probe::Finding::then(
                    (&&&&&&__private::probe::Probe::<u8>::NEW).kind(),
                    (&&&&&&__private::probe::Probe::<Option<u8>>::NEW).kind(),
                ),
            )
            .report();
        (&&__private::probe::ProbeUnset::<Cache>::NEW).kind().report();
    };
};
