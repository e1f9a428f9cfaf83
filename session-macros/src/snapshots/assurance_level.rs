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
    static __STORED: [__private::Field; 1usize] = [__private::Field::new("customer")];
    /// What a `Session<Bank>` can do with each field.
    struct BankSession(__private::Handle<Bank>);
    #[automatically_derived]
    impl __private::Accessors<Bank> for BankSession {
        fn new(handle: __private::Handle<Bank>) -> Self {
            Self(handle)
        }
        fn handle(&self) -> &__private::Handle<Bank> {
            &self.0
        }
    }
    #[automatically_derived]
    impl BankSession {
        /// Reads `customer`.
        fn customer(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<u64>>> {
            self.0.get(<Bank>::CUSTOMER)
        }
        /// Sets `customer`: encoded now, saved at the end of the request.
        fn set_customer(
            &self,
            value: impl __private::core::convert::Into<Option<u64>>,
        ) -> __private::Done {
            self.0.set(<Bank>::CUSTOMER, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `customer` as one atomic step, at once; `change` runs again on a conflict.
        fn update_customer<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(&mut Option<u64>) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Bank>::CUSTOMER, change)
        }
        /// Reads `customer` and clears it.
        fn take_customer(&self) -> __private::Later<'_, Option<u64>> {
            self.0.take(<Bank>::CUSTOMER)
        }
        /// Brings `customer` back to unset.
        fn clear_customer(&self) -> __private::Done {
            self.0.clear_field(<Bank>::CUSTOMER)
        }
        /// Is `customer` set, and not expired?
        fn has_customer(&self) -> __private::Later<'_, bool> {
            self.0.has(<Bank>::CUSTOMER)
        }
    }
    /// The fields that `Session<Bank>` keeps.
    #[doc(hidden)]
    struct BankFields {
        customer: __private::Need<Bank, Option<u64>, u64>,
    }
    /** # Methods of `Session<Bank>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `customer` | `set_customer` | `update_customer` | `take_customer` | `clear_customer` | `has_customer` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Bank {
        /// The key of `customer`.
        const CUSTOMER: __private::Key<Bank, Option<u64>> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::<Option<u64>>::SERDE,
            __private::none,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Bank {
        type Accessors = BankSession;
        type Fields = BankFields;
        const FIELDS: Self::Fields = BankFields {
            customer: __private::Need::optional(Self::CUSTOMER),
        };
        const NAME: &'static __private::core::primitive::str = "bank";
        const SETTINGS: __private::Settings = __private::Settings::new()
            .with_assurance(__private::Assurance::Aal2);
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                customer: view.get(Self::CUSTOMER),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { customer: field0 } = &self;
            put.set(Self::CUSTOMER, field0);
        }
    }
    #[automatically_derived]
    impl __private::Asked for Bank {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
    };
};
