//! `set_all`: a whole value is set as one, or not at all.

use cloakroom::{MemoryStore, Policy, Session, SessionData, SessionError, Sessions};
use tests::Visitor;

/// The owner comes last: what is declared before must not be taken for the data of an owner before.
#[derive(Clone, Debug, PartialEq, SessionData)]
struct Notes {
    text: String,
    draft: String,
    #[session(owner)]
    user: Option<u64>,
}

fn visitor() -> Visitor<Notes> {
    Visitor::new(Sessions::new(MemoryStore::new()).with_policy(Policy::of::<Notes>().with_max_record_size(1_000)))
}

fn notes(user: u64, text: usize, draft: usize) -> Notes {
    Notes { text: "t".repeat(text), draft: "d".repeat(draft), user: Some(user) }
}

async fn all(session: Session<Notes>) -> Notes {
    session.snapshot().await.unwrap()
}

#[tokio::test]
async fn all_of_another_owner_is_kept() {
    let mut visitor = visitor();
    for user in [1, 1, 2] {
        let set = notes(user, 5, 6);
        visitor.visit(async |session| session.set_all(set.clone()).await.unwrap()).await;
        assert_eq!(visitor.visit(all).await, set);
    }
}

/// What fits as a whole is not refused because one field came before another.
#[tokio::test]
async fn a_value_that_fits_as_a_whole_is_taken() {
    let mut visitor = visitor();
    visitor.visit(async |session| session.set_all(notes(1, 10, 800)).await.unwrap()).await;
    visitor
        .visit(async |session| {
            session.text().await.unwrap();
            session.set_all(notes(1, 800, 10)).await.unwrap();
        })
        .await;
    assert_eq!(visitor.visit(all).await, notes(1, 800, 10));
}

/// What does not is refused as a whole.
#[tokio::test]
async fn a_value_that_does_not_fit_changes_nothing() {
    let mut visitor = visitor();
    visitor.visit(async |session| session.set_all(notes(1, 10, 20)).await.unwrap()).await;
    visitor
        .visit(async |session| {
            let refused = session.set_all(notes(1, 30, 2_000)).await;
            assert!(matches!(refused, Err(SessionError::TooLarge { field: "draft", .. })), "{refused:?}");
            assert_eq!(all(session).await, notes(1, 10, 20));
        })
        .await;
    assert_eq!(visitor.visit(all).await, notes(1, 10, 20));
}
