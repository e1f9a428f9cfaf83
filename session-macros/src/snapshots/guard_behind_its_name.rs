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
const __Guard_admin: fn() = || {
    ::cloakroom::private::asks_for_something::<Admin>();
};
#[allow(private_interfaces)]
async fn admin(
    ::cloakroom::private::Guarded(
        _,
    ): ::cloakroom::private::Guarded<<Admin as ::cloakroom::private::Asked>::Guard>,
    session: Session<Shop>,
) {}
