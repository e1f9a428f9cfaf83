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
struct __Guard_admin<__T = (Shop,)> {
    it: wrapper::private::core::marker::PhantomData<fn() -> __T>,
}
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
        type Data = <Shop as wrapper::private::Asked>::Data;
        type Proof = ();
        async fn examine(
            session: &__private::Session<<Shop as wrapper::private::Asked>::Data>,
        ) -> __private::core::result::Result<
            __private::core::result::Result<Self::Proof, __private::Holds>,
            __private::SessionError,
        > {
            use __private::{NotNamed as _, Place as _, StrPlace as _};
            let fields = __private::opened(session).await?;
            let holds = __private::Holds::of(
                __private::Named::<
                    <Shop as wrapper::private::Asked>::Guard,
                >::ask(session)
                    .await?,
            );
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let holds = match <<Shop as wrapper::private::Asked>::Data as __private::SessionData>::FIELDS
                .r#check
                .value(&fields)?
            {
                __private::core::option::Option::Some(value) => {
                    let _ = &TOP;
                    __private::Holds::matched(
                        <<Shop as wrapper::private::Asked>::Data as __private::SessionData>::FIELDS
                            .r#check
                            .name(),
                        'matches: {
                            let value = &value;
                            let place = value.__place();
                            #[deny(irrefutable_let_patterns)]
                            let (TOP) = *place else { break 'matches false };
                            true
                        },
                    )
                }
                __private::core::option::Option::None => {
                    __private::Holds::Missing(
                        <<Shop as wrapper::private::Asked>::Data as __private::SessionData>::FIELDS
                            .r#check
                            .name(),
                    )
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
            request: &dyn __private::core::any::Any,
        ) -> __private::core::option::Option<
            __private::std::boxed::Box<dyn __private::core::any::Any>,
        > {
            use __private::replies::*;
            (&&&&__private::Reply::new(own::page(rejection), request)).reply()
        }
    }
};
#[allow(private_interfaces)]
async fn admin(
    wrapper::private::Guarded(()): wrapper::private::Guarded<__Guard_admin>,
    session: Session<Shop>,
) {}
