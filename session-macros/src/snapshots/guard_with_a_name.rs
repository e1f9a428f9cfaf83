/// Somebody of the back office.
#[cfg(feature = "admin")]
pub struct Admin {
    pub user_id: UserId,
    role: Role,
}
#[cfg(feature = "admin")]
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
    impl __private::Guard for Admin {
        type Data = <Shop as ::cloakroom::private::Asked>::Data;
        type Proof = Self;
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
            let holds = __private::Holds::of({
                __private::asks_for_something::<SignedIn>();
                __private::Named::<SignedIn>::ask(session).await?
            });
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let proof0: UserId = match <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                .user_id
                .value(&fields)?
            {
                __private::core::option::Option::Some(value) => {
                    <_ as __private::Is<UserId>>::it(value)
                }
                __private::core::option::Option::None => {
                    return __private::core::result::Result::Ok(
                        __private::core::result::Result::Err(
                            __private::Holds::Missing(
                                <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                    .user_id
                                    .name(),
                            ),
                        ),
                    );
                }
            };
            let proof1: Role = match <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                .role
                .value(&fields)?
            {
                __private::core::option::Option::Some(value) => {
                    <_ as __private::Is<Role>>::it(value)
                }
                __private::core::option::Option::None => {
                    return __private::core::result::Result::Ok(
                        __private::core::result::Result::Err(
                            __private::Holds::Missing(
                                <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                    .role
                                    .name(),
                            ),
                        ),
                    );
                }
            };
            let holds = {
                __private::Holds::matched(
                    <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                        .role
                        .name(),
                    'matches: {
                        let value = &proof1;
                        let place = value.__place();
                        #[deny(non_snake_case)]
                        #[deny(irrefutable_let_patterns)]
                        let (Role::Admin) = *place else { break 'matches false };
                        true
                    },
                )
            };
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            __private::core::result::Result::Ok(
                __private::core::result::Result::Ok(Self {
                    user_id: proof0,
                    role: proof1,
                }),
            )
        }
        const REDIRECT: __private::core::option::Option<
            &'static __private::core::primitive::str,
        > = __private::core::option::Option::Some("/login");
    }
    #[automatically_derived]
    impl __private::Asked for Admin {
        type Data = <Shop as ::cloakroom::private::Asked>::Data;
        type Guard = Self;
    }
    #[automatically_derived]
    impl Admin {
        /// Checks the session in a function's body, where the signature has no place for a guard.
        ///
        /// # Errors
        /// The rejection says what the session lacks.
        pub async fn check(
            session: &__private::Session<<Shop as ::cloakroom::private::Asked>::Data>,
        ) -> __private::core::result::Result<Self, __private::Rejection> {
            __private::checked::<Self>(session).await
        }
    }
    __private::extractor!(Admin);
};
