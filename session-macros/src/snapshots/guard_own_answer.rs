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
struct __Guard_admin<T>(wrapper::private::core::marker::PhantomData<fn() -> T>);
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
    use wrapper::private as __private;
    #[automatically_derived]
    impl __private::Guard for __Guard_admin<(Shop,)> {
        type Data = Shop;
        type Proof = ();
        async fn examine(
            session: &__private::Session<Shop>,
        ) -> __private::core::result::Result<
            __private::core::result::Result<Self::Proof, __private::Holds>,
            __private::SessionError,
        > {
            use __private::Place as _;
            let fields = __private::opened(session).await?;
            let holds = match fields.value(<Shop>::FIELDS.r#check)? {
                __private::core::option::Option::Some(value) => {
                    let _ = &TOP;
                    __private::Holds::matched(
                        <Shop>::FIELDS.r#check.name(),
                        match *__private::Subject::new(&value).place() {
                            TOP => true,
                            _ => false,
                        },
                    )
                }
                __private::core::option::Option::None => {
                    __private::Holds::Missing(<Shop>::FIELDS.r#check.name())
                }
            };
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            __private::core::result::Result::Ok(__private::core::result::Result::Ok(()))
        }
        fn reject(
            rejection: &__private::Rejection,
        ) -> __private::core::option::Option<
            __private::std::boxed::Box<
                dyn __private::core::any::Any + __private::core::marker::Send,
            >,
        > {
            use __private::ReplyWith as _;
            (&__private::Reply::new(own::page(rejection))).reply()
        }
    }
};
#[allow(private_interfaces)]
async fn admin(
    wrapper::private::Guarded(()): wrapper::private::Guarded<__Guard_admin<(Shop,)>>,
    session: Session<Shop>,
) {}
