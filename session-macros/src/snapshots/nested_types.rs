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
        __private::Field::new("names"),
        __private::Field::new("places").with_stored_nil(),
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
        /// Reads `names`.
        fn names(
            &self,
        ) -> impl __private::Future<Output = __private::Result<Option<Vec<String>>>> {
            self.0.get(<Shop>::NAMES)
        }
        /// Sets `names`: encoded now, saved at the end of the request.
        fn set_names(
            &self,
            value: impl __private::core::convert::Into<Option<Vec<String>>>,
        ) -> __private::Done {
            self.0.set(<Shop>::NAMES, __private::core::convert::Into::into(value))
        }
        /// Reads, changes and writes `names` as one atomic step, at once; `change` runs again on a conflict.
        fn update_names<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut Option<Vec<String>>,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::NAMES, change)
        }
        /// Reads `names` and clears it.
        fn take_names(&self) -> __private::Later<'_, Option<Vec<String>>> {
            self.0.take(<Shop>::NAMES)
        }
        /// Brings `names` back to unset.
        fn clear_names(&self) -> __private::Done {
            self.0.clear_field(<Shop>::NAMES)
        }
        /// Is `names` set, and not expired?
        fn has_names(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::NAMES)
        }
        /// Reads `places`.
        fn places(
            &self,
        ) -> impl __private::Future<
            Output = __private::Result<HashMap<Place, Vec<(Item, u8)>>>,
        > {
            self.0.get(<Shop>::PLACES)
        }
        /// Sets `places`: encoded now, saved at the end of the request.
        fn set_places(&self, value: HashMap<Place, Vec<(Item, u8)>>) -> __private::Done {
            self.0.set(<Shop>::PLACES, value)
        }
        /// Reads, changes and writes `places` as one atomic step, at once; `change` runs again on a conflict.
        fn update_places<'a, __R: __private::Send + 'a>(
            &'a self,
            change: impl __private::FnMut(
                &mut HashMap<Place, Vec<(Item, u8)>>,
            ) -> __R + __private::Send + 'a,
        ) -> __private::Later<'a, __R> {
            self.0.update(<Shop>::PLACES, change)
        }
        /// Reads `places` and clears it.
        fn take_places(&self) -> __private::Later<'_, HashMap<Place, Vec<(Item, u8)>>> {
            self.0.take(<Shop>::PLACES)
        }
        /// Brings `places` back to unset.
        fn clear_places(&self) -> __private::Done {
            self.0.clear_field(<Shop>::PLACES)
        }
        /// Is `places` set, and not expired?
        fn has_places(&self) -> __private::Later<'_, bool> {
            self.0.has(<Shop>::PLACES)
        }
    }
    /// The fields that `Session<Shop>` keeps.
    #[doc(hidden)]
    struct ShopFields {
        names: __private::Need<Shop, Option<Vec<String>>, Vec<String>>,
        places: __private::Need<
            Shop,
            HashMap<Place, Vec<(Item, u8)>>,
            HashMap<Place, Vec<(Item, u8)>>,
        >,
    }
    /** # Methods of `Session<Shop>`

 Await each: they answer with a `Result<_, SessionError>`.

 | read | set | change | take | clear | is it set? |
 |---|---|---|---|---|---|
 | `names` | `set_names` | `update_names` | `take_names` | `clear_names` | `has_names` |
 | `places` | `set_places` | `update_places` | `take_places` | `clear_places` | `has_places` |

 # Keys, for generic code
*/
    #[automatically_derived]
    impl Shop {
        /// The key of `names`.
        const NAMES: __private::Key<Shop, Option<Vec<String>>> = __private::Key::new(
            &__STORED[0usize],
            __private::Codec::<Option<Vec<String>>>::SERDE,
            __private::none,
        );
        /// The key of `places`.
        const PLACES: __private::Key<Shop, HashMap<Place, Vec<(Item, u8)>>> = __private::Key::new(
            &__STORED[1usize],
            __private::probe::Pick::<HashMap<Place, Vec<(Item, u8)>>>::CODEC,
            __private::probe::PickUnset::<HashMap<Place, Vec<(Item, u8)>>>::UNSET,
        );
    }
    #[automatically_derived]
    impl __private::SessionData for Shop {
        type Accessors = ShopSession;
        type Fields = ShopFields;
        const FIELDS: Self::Fields = ShopFields {
            names: __private::Need::optional(Self::NAMES),
            places: __private::Need::new(Self::PLACES),
        };
        const NAME: &'static __private::core::primitive::str = "shop";
        const SETTINGS: __private::Settings = __private::Settings::new();
        const STORED: &'static [__private::Field] = &__STORED;
        fn assemble(view: &mut __private::View<'_>) -> Self {
            Self {
                names: view.get(Self::NAMES),
                places: view.get(Self::PLACES),
            }
        }
        fn disassemble(self, put: &mut __private::Put<'_>) {
            let Self { names: field0, places: field1 } = &self;
            put.set(Self::NAMES, field0);
            put.set(Self::PLACES, field1);
        }
    }
    #[automatically_derived]
    impl __private::Asked for Shop {
        type Data = Self;
        type Guard = __private::Anyone<Self>;
    }
    const _: fn() = || {
        use __private::probe::questions::*;
        {
            let outer = (&&&&&&__private::probe::Probe::<
                HashMap<Place, Vec<(Item, u8)>>,
            >::NEW)
                .kind();
            let before = __private::probe::Fine;
            let inner = __private::probe::Finding::or(
                (&&&&&&__private::probe::Probe::<Place>::NEW).kind(),
                (&&__private::probe::ProbeHash::<Place>::NEW).kind(),
            );
            __private::probe::Finding::inner(
                    outer,
                    __private::probe::Finding::then(before, inner),
                )
                .report();
            let before = __private::probe::Finding::or(before, inner);
            let inner = (&&&&&&__private::probe::Probe::<Item>::NEW).kind();
            __private::probe::Finding::inner(
                    outer,
                    __private::probe::Finding::then(before, inner),
                )
                .report();
            let before = __private::probe::Finding::or(before, inner);
            let inner = (&&&&&&__private::probe::Probe::<(Item, u8)>::NEW).kind();
            __private::probe::Finding::inner(
                    outer,
                    __private::probe::Finding::then(before, inner),
                )
                .report();
            let before = __private::probe::Finding::or(before, inner);
            let inner = (&&&&&&__private::probe::Probe::<Vec<(Item, u8)>>::NEW).kind();
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
            __private::probe::Finding::then(
                    outer,
                    (&&__private::probe::ProbeUnset::<
                        HashMap<Place, Vec<(Item, u8)>>,
                    >::NEW)
                        .unset_kind(),
                )
                .report();
        }
    };
};
