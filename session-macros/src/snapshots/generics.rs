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
        fn step(&self) -> impl __private::Future<Output = __private::Result<S>> {
            self.0.get(<Wizard<S, T, N>>::STEP)
        }
        /// Sets `step`: encoded now, saved at the end of the request.
        fn set_step(&self, value: S) -> __private::Done {
            self.0.set(<Wizard<S, T, N>>::STEP, value)
        }
        /// Reads, changes and writes `step` as one atomic step, at once; `change` runs again on a conflict.
        fn update_step<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut S) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Wizard<S, T, N>>::STEP, change)
        }
        /// Reads `step` and clears it.
        fn take_step(&self) -> __private::Later<'_, S> {
            self.0.take(<Wizard<S, T, N>>::STEP)
        }
        /// Brings `step` back to unset.
        fn clear_step(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::STEP)
        }
        /// Is `step` set, and not expired?
        fn has_step(&self) -> __private::Later<'_, bool> {
            self.0.has(<Wizard<S, T, N>>::STEP)
        }
        /// Reads `answers`.
        fn answers(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Vec<(S, T)>>> {
            self.0.get(<Wizard<S, T, N>>::ANSWERS)
        }
        /// Sets `answers`: encoded now, saved at the end of the request.
        fn set_answers(&self, value: Vec<(S, T)>) -> __private::Done {
            self.0.set(<Wizard<S, T, N>>::ANSWERS, value)
        }
        /// Reads, changes and writes `answers` as one atomic step, at once; `change` runs again on a conflict.
        fn update_answers<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut Vec<(S, T)>) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Wizard<S, T, N>>::ANSWERS, change)
        }
        /// Reads `answers` and clears it.
        fn take_answers(&self) -> __private::Later<'_, Vec<(S, T)>> {
            self.0.take(<Wizard<S, T, N>>::ANSWERS)
        }
        /// Brings `answers` back to unset.
        fn clear_answers(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::ANSWERS)
        }
        /// Is `answers` set, and not expired?
        fn has_answers(&self) -> __private::Later<'_, bool> {
            self.0.has(<Wizard<S, T, N>>::ANSWERS)
        }
        /// Reads `draft`.
        fn draft(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<T>>> {
            self.0.get(<Wizard<S, T, N>>::DRAFT)
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
        fn update_draft<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut Option<T>) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Wizard<S, T, N>>::DRAFT, change)
        }
        /// Reads `draft` and clears it.
        fn take_draft(&self) -> __private::Later<'_, Option<T>> {
            self.0.take(<Wizard<S, T, N>>::DRAFT)
        }
        /// Brings `draft` back to unset.
        fn clear_draft(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::DRAFT)
        }
        /// Is `draft` set, and not expired?
        fn has_draft(&self) -> __private::Later<'_, bool> {
            self.0.has(<Wizard<S, T, N>>::DRAFT)
        }
        /// Reads `plain`.
        fn plain(&self) -> impl __private::Future<Output = __private::Result<u8>> {
            self.0.get(<Wizard<S, T, N>>::PLAIN)
        }
        /// Sets `plain`: encoded now, saved at the end of the request.
        fn set_plain(&self, value: u8) -> __private::Done {
            self.0.set(<Wizard<S, T, N>>::PLAIN, value)
        }
        /// Reads, changes and writes `plain` as one atomic step, at once; `change` runs again on a conflict.
        fn update_plain<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut u8) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Wizard<S, T, N>>::PLAIN, change)
        }
        /// Reads `plain` and clears it.
        fn take_plain(&self) -> __private::Later<'_, u8> {
            self.0.take(<Wizard<S, T, N>>::PLAIN)
        }
        /// Brings `plain` back to unset.
        fn clear_plain(&self) -> __private::Done {
            self.0.clear_field(<Wizard<S, T, N>>::PLAIN)
        }
        /// Is `plain` set, and not expired?
        fn has_plain(&self) -> __private::Later<'_, bool> {
            self.0.has(<Wizard<S, T, N>>::PLAIN)
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
            __private::none,
        );
        /// The key of `plain`.
        const PLAIN: __private::Key<Wizard<S, T, N>, u8> = __private::Key::new(
            &__STORED[3usize],
            __private::Codec::<u8>::SERDE,
            <u8 as __private::core::default::Default>::default,
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
            step: __private::Need::new(Self::STEP),
            answers: __private::Need::new(Self::ANSWERS),
            draft: __private::Need::optional(Self::DRAFT),
            plain: __private::Need::new(Self::PLAIN),
        };
        const NAME: &'static __private::core::primitive::str = "wizard";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                step: view.get(Self::STEP),
                answers: view.get(Self::ANSWERS),
                draft: view.get(Self::DRAFT),
                plain: view.get(Self::PLAIN),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { step: field0, answers: field1, draft: field2, plain: field3 } = &self;
            put.set(Self::STEP, field0);
            put.set(Self::ANSWERS, field1);
            put.set(Self::DRAFT, field2);
            put.set(Self::PLAIN, field3);
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
    };
};
