#[allow(unused)]
async fn admin(
    ::cloakroom::private::Refused((user_id,)): ::cloakroom::private::Refused<(UserId,)>,
) {}
::core::compile_error! {
    "a guarded handler is `async`: write `async fn`"
}
