//! Handlers that are tested as functions: with a session of the test's own, its clock, and no HTTP.
//!
//! The tests are at the end: `cargo test -p examples --example custom_session_in_handler_tests`. An application of your own says
//! `cloakroom = { version = "…", features = ["testing"] }` under `[dev-dependencies]`.

use axum::{Router, routing::get, routing::post};
use cloakroom::{MemoryStore, Session, SessionData, SessionError, SessionLayer, require_session};

/// What the library remembers about a reader.
#[derive(SessionData)]
#[session(cookie = "library", idle = "30m")]
struct Library {
    #[session(owner)]
    reader: Option<String>,
    borrowed: Vec<String>,
    #[session(flash)]
    notice: Option<String>,
}

/// Three books at a time, no more.
async fn borrow_book(session: Session<Library>, title: String) -> Result<String, SessionError> {
    let fits = session.update_borrowed(|books| {
        let fits = books.len() < 3;
        if fits {
            books.push(title.clone());
        }
        fits
    });
    let notice = if fits.await? { format!("enjoy {title}") } else { "bring one back first".to_owned() };
    session.set_notice(notice.clone()).await?;
    Ok(notice)
}

/// The card of who is signed in.
#[require_session(Library, reader, redirect = "/login")]
async fn card(session: Session<Library>, #[session] reader: String) -> Result<String, SessionError> {
    let notice = session.notice().await?.unwrap_or_default();
    Ok(format!("{reader} has {} of 3. {notice}", session.borrowed().await?.len()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Router::new().route("/borrow", post(borrow_book)).route("/card", get(card));
    let app = app.layer(SessionLayer::<Library>::new(MemoryStore::new()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cloakroom::{Reason, testing};

    use super::*;

    fn with_books(number: usize) -> Library {
        Library { borrowed: vec!["a book".to_owned(); number], ..testing::unset() }
    }

    #[tokio::test]
    async fn three_books_at_a_time() {
        let (session, _clock) = testing::session(with_books(2));
        assert_eq!(borrow_book(session.clone(), "Emma".to_owned()).await.unwrap(), "enjoy Emma");
        assert_eq!(borrow_book(session.clone(), "Persuasion".to_owned()).await.unwrap(), "bring one back first");
        assert_eq!(session.borrowed().await.unwrap(), ["a book", "a book", "Emma"]);
    }

    #[tokio::test]
    async fn the_card_shows_the_notice_once() {
        let (session, _clock) = testing::session(Library { reader: Some("Ada".to_owned()), ..with_books(1) });
        borrow_book(session.clone(), "Emma".to_owned()).await.unwrap();

        let next = testing::next_request(&session).await;
        let shown = card(testing::pass(&next).await.unwrap(), next.clone()).await.unwrap();
        assert_eq!(shown, "Ada has 2 of 3. enjoy Emma");

        let next = testing::next_request(&next).await;
        assert_eq!(card(testing::pass(&next).await.unwrap(), next.clone()).await.unwrap(), "Ada has 2 of 3. ");
    }

    #[tokio::test]
    async fn the_card_is_for_those_who_are_signed_in() {
        let (session, clock) = testing::session(Library { reader: Some("Ada".to_owned()), ..with_books(1) });
        clock.advance(Duration::from_secs(31 * 60));
        let rejected = async { Ok(card(testing::pass(&session).await?, session.clone()).await) }.await;
        let Err(cloakroom::Rejection { reason: Reason::Missing(need), .. }) = rejected else {
            panic!("half an hour without a request ends the session")
        };
        assert_eq!(need, "reader");
    }
}
