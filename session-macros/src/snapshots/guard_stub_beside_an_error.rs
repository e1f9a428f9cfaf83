fn admin(user_id: UserId) {}
::core::compile_error! {
    "a guarded handler is `async`: write `async fn`"
}
