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
pub struct __Guard_admin<__T = (Shop, UserId)> {
    it: ::cloakroom::private::core::marker::PhantomData<fn() -> __T>,
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
    impl __private::Guard for __Guard_admin<(Shop, UserId)> {
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
            let holds = match <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                .role
                .value(&fields)?
            {
                __private::core::option::Option::Some(value) => {
                    __private::Holds::matched(
                        <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                            .role
                            .name(),
                        'matches: {
                            let value = &value;
                            let place = value.__place();
                            #[deny(non_snake_case)]
                            #[deny(irrefutable_let_patterns)]
                            let (Role::Admin) = *place else { break 'matches false };
                            true
                        },
                    )
                }
                __private::core::option::Option::None => {
                    __private::Holds::Missing(
                        <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                            .role
                            .name(),
                    )
                }
            };
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            __private::core::result::Result::Ok(
                __private::core::result::Result::Ok((proof0,)),
            )
        }
        const REDIRECT: __private::core::option::Option<
            &'static __private::core::primitive::str,
        > = __private::core::option::Option::Some("/login");
    }
};
/// For admins.
#[debug_handler]
#[cfg(feature = "admin")]
#[allow(private_interfaces)]
pub async fn admin(
    ::cloakroom::private::Guarded(
        (mut user_id,),
    ): ::cloakroom::private::Guarded<__Guard_admin>,
    session: Session<Shop>,
) -> Html<String> {}
