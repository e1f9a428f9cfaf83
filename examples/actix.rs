//! The README's shop on actix-web, with a way in and out: `cargo run --example actix -- 127.0.0.1:3000`.

use actix_web::{App, HttpServer, web};
use cloakroom::{
    GuardMiddleware, Session, SessionData, SessionError, SessionMiddleware, require_session, session_guard,
    stores::RedbStore,
};

#[derive(SessionData)]
#[session(cookie = "shop", idle = "30m", absolute = "12h")]
struct Shop {
    #[session(owner)]
    user_id: Option<u64>,
    cart: Vec<String>,
}

#[session_guard(Shop, user_id, redirect = "/login")]
struct SignedIn {
    user_id: u64,
}

async fn add(session: Session<Shop>, item: String) -> Result<String, SessionError> {
    let size = session.update_cart(|cart| {
        cart.push(item.clone());
        cart.len()
    });
    Ok(format!("{} in the cart", size.await?)) // atomic
}

/// Where a password would be checked.
async fn sign_in(session: Session<Shop>, user_id: web::Path<u64>) -> Result<&'static str, SessionError> {
    session.mark_authenticated().await?;
    session.set_user_id(user_id.into_inner()).await?;
    Ok("welcome")
}

async fn sign_out(session: Session<Shop>) -> Result<&'static str, SessionError> {
    session.destroy().await?;
    Ok("goodbye")
}

#[require_session(Shop, user_id, redirect = "/login")]
async fn account(#[session] user_id: u64) -> String {
    format!("you are user {user_id}")
}

/// Behind the guard of its scope, and handed what that proved.
async fn orders(SignedIn { user_id }: SignedIn) -> String {
    format!("the orders of user {user_id}")
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let sessions = SessionMiddleware::<Shop>::new(RedbStore::open("shop.redb")?);
    let server = HttpServer::new(move || {
        let members = web::scope("/members").route("/orders", web::get().to(orders));
        App::new()
            .route("/cart", web::post().to(add))
            .route("/login/{user}", web::post().to(sign_in))
            .route("/logout", web::post().to(sign_out))
            .route("/account", web::get().to(account))
            .service(members.wrap(GuardMiddleware::<SignedIn>::new()))
            .wrap(sessions.clone())
    });
    let server = server.bind(&address)?;
    println!("listening on http://{}", server.addrs()[0]);
    Ok(server.run().await?)
}
