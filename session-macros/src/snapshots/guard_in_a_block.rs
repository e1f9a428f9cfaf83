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
pub struct __Guard_Pages_3c_T_3e_Desk_3c_u8_3e__show<__T = (Shop, u8)> {
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
    impl __private::Guard for __Guard_Pages_3c_T_3e_Desk_3c_u8_3e__show<(Shop, u8)> {
        type Data = <Shop as ::cloakroom::private::Asked>::Data;
        type Proof = (u8,);
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
            let proof0: u8 = match <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                .room
                .value(&fields)?
            {
                __private::core::option::Option::Some(value) => {
                    <_ as __private::Is<u8>>::it(value)
                }
                __private::core::option::Option::None => {
                    return __private::core::result::Result::Ok(
                        __private::core::result::Result::Err(
                            __private::Holds::Missing(
                                <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                                    .room
                                    .name(),
                            ),
                        ),
                    );
                }
            };
            let holds = {
                __private::Holds::matched(
                    <<Shop as ::cloakroom::private::Asked>::Data as __private::SessionData>::FIELDS
                        .room
                        .name(),
                    'matches: {
                        let value = &proof0;
                        let place = value.__place();
                        #[deny(non_snake_case)]
                        #[deny(irrefutable_let_patterns)]
                        let (Desk::<u8>::ROOM) = *place else { break 'matches false };
                        true
                    },
                )
            };
            if !holds.is_yes() {
                return __private::core::result::Result::Ok(
                    __private::core::result::Result::Err(holds),
                );
            }
            let holds = __private::Answer::holds(
                Desk::<u8>::is_open(session).await,
                "is_open",
            )?;
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
impl<T> Pages<T> for Desk<u8>
where
    T: Copy,
{
    const ROOM: u8 = 3;
    #[allow(private_interfaces)]
    pub async fn show(
        ::cloakroom::private::Guarded(
            (room,),
        ): ::cloakroom::private::Guarded<__Guard_Pages_3c_T_3e_Desk_3c_u8_3e__show>,
    ) -> String {
        room.to_string()
    }
    async fn is_open(_: &Session<Shop>) -> bool {
        true
    }
}
