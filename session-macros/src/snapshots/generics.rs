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
        __private::Field::new("step").with_stored_nil(),
        __private::Field::new("answers").with_stored_nil(),
        __private::Field::new("draft"),
        __private::Field::new("plain").with_stored_nil(),
    ];
    /// What a `Session<Wizard>` can do with each field.
    pub struct WizardSession<S: Clone, T = u8, const N: usize = 3>(
        __private::Handle<Wizard<S, T, N>>,
    )
    where
        T: Debug;
    #[automatically_derived]
    impl<S: Clone, T, const N: usize> __private::Accessors<Wizard<S, T, N>>
    for WizardSession<S, T, N>
    where
        T: Debug,
        S: 'static,
        T: 'static,
        S: __private::probe::Keep + __private::probe::Unset,
        Vec<(S, T)>: __private::probe::Keep + __private::probe::Unset,
        Option<T>: __private::probe::Keep,
    {
        fn new(handle: __private::Handle<Wizard<S, T, N>>) -> Self {
            Self(handle)
        }
        fn handle(&self) -> &__private::Handle<Wizard<S, T, N>> {
            &self.0
        }
    }
    #[automatically_derived]
    impl<S: Clone, T, const N: usize> WizardSession<S, T, N>
    where
        T: Debug,
        S: 'static,
        T: 'static,
        S: __private::probe::Keep + __private::probe::Unset,
        Vec<(S, T)>: __private::probe::Keep + __private::probe::Unset,
        Option<T>: __private::probe::Keep,
    {
        /// Reads `step`.
        async fn step(
            &self,
        ) -> __private::core::result::Result<S, __private::SessionError> {
            self.0.get(<Wizard<S, T, N>>::STEP).await
        }
        /// Sets `step`: encoded now, saved at the end of the request.
        fn set_step(&self, value: S) -> __private::Done {
            self.0.set(<Wizard<S, T, N>>::STEP, value)
        }
        /// Reads, changes and writes `step` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_step<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut S,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Wizard<S, T, N>>::STEP, change).await
        }
        /// Reads `step` and clears it.
        async fn take_step(
            &self,
        ) -> __private::core::result::Result<S, __private::SessionError> {
            self.0.take(<Wizard<S, T, N>>::STEP).await
        }
        /// Brings `step` back to unset.
        fn clear_step(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::STEP)
        }
        /// Is `step` set, and not expired?
        async fn has_step(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Wizard<S, T, N>>::STEP).await
        }
        /// Reads `answers`.
        async fn answers(
            &self,
        ) -> __private::core::result::Result<Vec<(S, T)>, __private::SessionError> {
            self.0.get(<Wizard<S, T, N>>::ANSWERS).await
        }
        /// Sets `answers`: encoded now, saved at the end of the request.
        fn set_answers(&self, value: Vec<(S, T)>) -> __private::Done {
            self.0.set(<Wizard<S, T, N>>::ANSWERS, value)
        }
        /// Reads, changes and writes `answers` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_answers<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Vec<(S, T)>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Wizard<S, T, N>>::ANSWERS, change).await
        }
        /// Reads `answers` and clears it.
        async fn take_answers(
            &self,
        ) -> __private::core::result::Result<Vec<(S, T)>, __private::SessionError> {
            self.0.take(<Wizard<S, T, N>>::ANSWERS).await
        }
        /// Brings `answers` back to unset.
        fn clear_answers(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::ANSWERS)
        }
        /// Is `answers` set, and not expired?
        async fn has_answers(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Wizard<S, T, N>>::ANSWERS).await
        }
        /// Reads `draft`.
        async fn draft(
            &self,
        ) -> __private::core::result::Result<Option<T>, __private::SessionError> {
            self.0.get(<Wizard<S, T, N>>::DRAFT).await
        }
        /// Sets `draft`: encoded now, saved at the end of the request.
        fn set_draft(
            &self,
            value: impl __private::core::convert::Into<Option<T>>,
        ) -> __private::Done {
            self.0
                .set(
                    <Wizard<S, T, N>>::DRAFT,
                    __private::core::convert::Into::into(value),
                )
        }
        /// Reads, changes and writes `draft` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_draft<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut Option<T>,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Wizard<S, T, N>>::DRAFT, change).await
        }
        /// Reads `draft` and clears it.
        async fn take_draft(
            &self,
        ) -> __private::core::result::Result<Option<T>, __private::SessionError> {
            self.0.take(<Wizard<S, T, N>>::DRAFT).await
        }
        /// Brings `draft` back to unset.
        fn clear_draft(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::DRAFT)
        }
        /// Is `draft` set, and not expired?
        async fn has_draft(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Wizard<S, T, N>>::DRAFT).await
        }
        /// Reads `plain`.
        async fn plain(
            &self,
        ) -> __private::core::result::Result<u8, __private::SessionError> {
            self.0.get(<Wizard<S, T, N>>::PLAIN).await
        }
        /// Sets `plain`: encoded now, saved at the end of the request.
        fn set_plain(&self, value: u8) -> __private::Done {
            self.0.set(<Wizard<S, T, N>>::PLAIN, value)
        }
        /// Reads, changes and writes `plain` as one atomic step, at once; `change` runs again on a conflict.
        async fn update_plain<__R: __private::core::marker::Send>(
            &self,
            change: impl __private::core::ops::FnMut(
                &mut u8,
            ) -> __R + __private::core::marker::Send,
        ) -> __private::core::result::Result<__R, __private::SessionError> {
            self.0.update(<Wizard<S, T, N>>::PLAIN, change).await
        }
        /// Reads `plain` and clears it.
        async fn take_plain(
            &self,
        ) -> __private::core::result::Result<u8, __private::SessionError> {
            self.0.take(<Wizard<S, T, N>>::PLAIN).await
        }
        /// Brings `plain` back to unset.
        fn clear_plain(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::PLAIN)
        }
        /// Is `plain` set, and not expired?
        async fn has_plain(
            &self,
        ) -> __private::core::result::Result<bool, __private::SessionError> {
            self.0.has(<Wizard<S, T, N>>::PLAIN).await
        }
    }
    /// The fields that `Session<Wizard>` keeps.
    #[doc(hidden)]
    pub struct WizardFields<S: Clone, T = u8, const N: usize = 3>
    where
        T: Debug,
    {
        step: __private::Need<Wizard<S, T, N>, S, S>,
        answers: __private::Need<Wizard<S, T, N>, Vec<(S, T)>, Vec<(S, T)>>,
        draft: __private::Need<Wizard<S, T, N>, Option<T>, T>,
        plain: __private::Need<Wizard<S, T, N>, u8, u8>,
    }
    #[automatically_derived]
    impl<S: Clone, T, const N: usize> Wizard<S, T, N>
    where
        T: Debug,
        S: 'static,
        T: 'static,
        S: __private::probe::Keep + __private::probe::Unset,
        Vec<(S, T)>: __private::probe::Keep + __private::probe::Unset,
        Option<T>: __private::probe::Keep,
    {
        /// The key of `step`.
        const STEP: __private::Key<Wizard<S, T, N>, S> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::<S>::SERDE,
            <S as __private::core::default::Default>::default,
        );
        /// The key of `answers`.
        const ANSWERS: __private::Key<Wizard<S, T, N>, Vec<(S, T)>> = __private::Key::new(
            &__STORED[1usize],
            __private::Codec::<Vec<(S, T)>>::SERDE,
            <Vec<(S, T)> as __private::core::default::Default>::default,
        );
        /// The key of `draft`.
        const DRAFT: __private::Key<Wizard<S, T, N>, Option<T>> = __private::Key::new(
            &__STORED[2usize],
            __private::Codec::<Option<T>>::SERDE,
            || __private::core::option::Option::None,
        );
        /// The key of `plain`.
        const PLAIN: __private::Key<Wizard<S, T, N>, u8> = __private::Key::new(
            &__STORED[3usize],
            {
                use __private::probe::StubCodec as _;
                __private::probe::Pick::<u8>::CODEC
            },
            {
                use __private::probe::StubUnset as _;
                __private::probe::PickUnset::<u8>::UNSET
            },
        );
    }
    #[automatically_derived]
    impl<S: Clone, T, const N: usize> __private::SessionData for Wizard<S, T, N>
    where
        T: Debug,
        S: 'static,
        T: 'static,
        S: __private::probe::Keep + __private::probe::Unset,
        Vec<(S, T)>: __private::probe::Keep + __private::probe::Unset,
        Option<T>: __private::probe::Keep,
    {
        type Accessors = WizardSession<S, T, N>;
        type Fields = WizardFields<S, T, N>;
        const FIELDS: Self::Fields = WizardFields {
            step: __private::Need::new(
                Self::STEP,
                __private::core::option::Option::Some,
            ),
            answers: __private::Need::new(
                Self::ANSWERS,
                __private::core::option::Option::Some,
            ),
            draft: __private::Need::new(Self::DRAFT, |value| value),
            plain: __private::Need::new(
                Self::PLAIN,
                __private::core::option::Option::Some,
            ),
        };
        const NAME: &'static str = "wizard";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(
            view: &__private::View<'_>,
        ) -> __private::core::result::Result<Self, __private::SessionError> {
            __private::core::result::Result::Ok(Self {
                step: view.get(Self::STEP)?,
                answers: view.get(Self::ANSWERS)?,
                draft: view.get(Self::DRAFT)?,
                plain: view.get(Self::PLAIN)?,
            })
        }
        fn disassemble(
            self,
            put: &mut __private::Put<'_>,
        ) -> __private::core::result::Result<(), __private::SessionError> {
            let Self { step: field0, answers: field1, draft: field2, plain: field3 } = &self;
            put.set(Self::STEP, field0)?;
            put.set(Self::ANSWERS, field1)?;
            put.set(Self::DRAFT, field2)?;
            put.set(Self::PLAIN, field3)?;
            __private::core::result::Result::Ok(())
        }
    }
    #[automatically_derived]
    impl<S: Clone, T, const N: usize> __private::Asked for Wizard<S, T, N>
    where
        T: Debug,
        S: 'static,
        T: 'static,
        S: __private::probe::Keep + __private::probe::Unset,
        Vec<(S, T)>: __private::probe::Keep + __private::probe::Unset,
        Option<T>: __private::probe::Keep,
    {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
        __private::probe::Finding::inner(
                (&&&&&&__private::probe::Probe::<u8>::NEW).kind(),
                (&&&&&&__private::probe::Probe::<u8>::NEW).kind(),
            )
            .report();
        __private::probe::Finding::then(
                (&&&&&&__private::probe::Probe::<u8>::NEW).kind(),
                (&&__private::probe::ProbeUnset::<u8>::NEW).kind(),
            )
            .report();
    };
};
