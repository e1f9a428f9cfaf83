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
struct __Guard_desk<__T = (Shop, UserId)> {
    it: ::cloakroom::private::core::marker::PhantomData<fn() -> __T>,
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
    use ::cloakroom::private as __private;
    #[automatically_derived]
    impl __private::Guard for __Guard_desk<(Shop, UserId)> {
        type Data = <Shop as ::cloakroom::private::Asked>::Data;
        type Proof = (UserId,);
        async fn examine(
            session: &__private::Session<<Shop as ::cloakroom::private::Asked>::Data>,
        ) -> __private::core::result::Result<
            __private::core::result::Result<Self::Proof, __private::Holds>,
            __private::SessionError,
        > {
            use __private::{NotNamed as _, Place as _, StrPlace as _};
            let fields = __private::opened(session).await?;
            let holds = __private::Holds::of(
                __private::Named::<
                    <Shop as ::cloakroom::private::Asked>::Guard,
                >::ask(session)
                    .await?,
            );
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let holds = {
                let first = __private::Holds::of({
                    __private::asks_for_something::<Admin>();
                    __private::Named::<Admin>::ask(session).await?
                });
                if first.is_yes() {
                    first
                } else {
                    first
                        .or(
                            (__private::Holds::of({
                                __private::asks_for_something::<Visitor>();
                                __private::Named::<Visitor>::ask(session).await?
                            }))
                                .negated("not(Visitor)"),
                        )
                }
            };
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let proof = match {
                __private::asks_for_something::<SignedIn>();
                __private::Named::<SignedIn>::ask(session).await?
            } {
                __private::core::result::Result::Ok(proof) => proof,
                __private::core::result::Result::Err(holds) => {
                    return __private::core::result::Result::Ok(
                        __private::core::result::Result::Err(holds),
                    );
                }
            };
            let proof0: UserId = <_ as __private::Is<UserId>>::it(proof.user_id);
            __private::core::result::Result::Ok(
                __private::core::result::Result::Ok((proof0,)),
            )
        }
        const REDIRECT: __private::core::option::Option<
            &'static __private::core::primitive::str,
        > = if {
            use __private::NotNamed as _;
            __private::Named::<Shop>::IS_GUARD
        } {
            {
                use __private::NotNamed as _;
                __private::Named::<Shop>::REDIRECT
            }
        } else {
            {
                use __private::NotNamed as _;
                __private::Named::<SignedIn>::REDIRECT
            }
        };
        fn reject(
            rejection: &__private::Rejection,
            request: &dyn __private::core::any::Any,
        ) -> __private::core::option::Option<
            __private::std::boxed::Box<dyn __private::core::any::Any>,
        > {
            use __private::replies::*;
            (if {
                use __private::NotNamed as _;
                __private::Named::<Shop>::IS_GUARD
            } {
                {
                    use __private::NotNamed as _;
                    __private::Named::<Shop>::REJECT
                }
            } else {
                {
                    use __private::NotNamed as _;
                    __private::Named::<SignedIn>::REJECT
                }
            })(rejection, request)
        }
    }
};
#[allow(private_interfaces)]
async fn desk(
    ::cloakroom::private::Guarded(
        (user_id,),
    ): ::cloakroom::private::Guarded<__Guard_desk>,
    guard: Admin,
) {}
