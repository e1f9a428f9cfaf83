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
    impl __private::Guard for __Guard_admin<(Shop,)> {
        type Data = <Shop as ::cloakroom::private::Asked>::Data;
        type Proof = ();
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
            let holds = <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                .user_id
                .is_set(&fields);
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let holds = {
                let first = match <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                    .level
                    .value(&fields)?
                {
                    __private::core::option::Option::Some(value) => {
                        __private::Holds::matched(
                            <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                .level
                                .name(),
                            'matches: {
                                let value = &value;
                                let place = value.__place();
                                #[deny(non_snake_case)]
                                #[deny(irrefutable_let_patterns)]
                                let (3 | 5..=7) = *place else { break 'matches false };
                                true
                            },
                        )
                    }
                    __private::core::option::Option::None => {
                        __private::Holds::Missing(
                            <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                .level
                                .name(),
                        )
                    }
                };
                if first.is_yes() {
                    first
                } else {
                    first
                        .or(
                            (match <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                .nick
                                .value(&fields)?
                            {
                                __private::core::option::Option::Some(value) => {
                                    __private::Holds::matched(
                                        <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                            .nick
                                            .name(),
                                        'matches: {
                                            let value = &value;
                                            let place = value.__place();
                                            #[deny(non_snake_case)]
                                            #[deny(irrefutable_let_patterns)]
                                            let ("al") = *place else { break 'matches false };
                                            true
                                        },
                                    )
                                }
                                __private::core::option::Option::None => {
                                    __private::Holds::Missing(
                                        <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                            .nick
                                            .name(),
                                    )
                                }
                            })
                                .negated("not(nick)"),
                        )
                }
            };
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let holds = __private::Answer::holds(checks::vip(session).await, "vip")?;
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let holds = fields
                .is_fresh(__private::core::time::Duration::from_millis(600000u64));
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            __private::core::result::Result::Ok(__private::core::result::Result::Ok(()))
        }
        const REDIRECT: __private::core::option::Option<
            &'static __private::core::primitive::str,
        > = {
            use __private::NotNamed as _;
            __private::Named::<Shop>::REDIRECT
        };
        fn reject(
            rejection: &__private::Rejection,
            request: &dyn __private::core::any::Any,
        ) -> __private::core::option::Option<
            __private::std::boxed::Box<dyn __private::core::any::Any>,
        > {
            use __private::replies::*;
            ({
                use __private::NotNamed as _;
                __private::Named::<Shop>::REJECT
            })(rejection, request)
        }
    }
};
#[allow(private_interfaces)]
async fn admin(
    ::cloakroom::private::Guarded(()): ::cloakroom::private::Guarded<__Guard_admin>,
    session: Session<Shop>,
) {}
