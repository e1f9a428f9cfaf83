//! Whether an application does what it is measured for.

use crate::client::{Client, Jar};
use crate::record::{SOMEBODY_ELSE, filled};
use crate::work::Shown;

/// Where an application keeps its sessions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keeps {
    /// It has none.
    Nothing,
    /// Signing out ends every copy of the cookie.
    OnServer,
    /// Signing out asks the browser to forget.
    InCookie,
}

/// Panics where it does not.
pub async fn check(name: &str, keeps: Keeps, client: &mut impl Client) {
    if keeps == Keeps::Nothing {
        return;
    }
    let mut visitor = Visitor { name, jar: Jar::default(), client };
    visitor.does("/begin").await;
    let at_first = Shown { user_id: filled().user_id, signed_in_at: filled().signed_in_at, first: 0 };
    visitor.sees(Some(at_first)).await;
    for path in ["/read", "/read8"] {
        assert_eq!(visitor.does(path).await, filled().user_name, "{name} {path}");
    }
    visitor.does("/write").await;
    let written = Shown { signed_in_at: at_first.signed_in_at + 1, ..at_first };
    visitor.sees(Some(written)).await;
    visitor.does("/add").await;
    let added = Shown { first: 1, ..written };
    visitor.sees(Some(added)).await;
    let before = visitor.jar.clone();
    visitor.does("/login").await;
    assert_ne!(visitor.jar, before, "{name}: signing in brings a new cookie");
    visitor.sees(Some(Shown { user_id: SOMEBODY_ELSE, ..added })).await;
    let signed_in = visitor.jar.clone();
    visitor.does("/logout").await;
    visitor.sees(None).await;
    if keeps == Keeps::OnServer {
        for old in [before, signed_in] {
            visitor.jar = old;
            visitor.sees(None).await;
        }
    }
}

struct Visitor<'a, C> {
    name: &'a str,
    jar: Jar,
    client: &'a mut C,
}

impl<C: Client> Visitor<'_, C> {
    async fn does(&mut self, path: &str) -> String {
        let reply = self.client.ask(path, &mut self.jar).await;
        assert!(reply.success, "{} {path}: {}", self.name, reply.body);
        reply.body
    }

    /// `None`: nobody's session.
    async fn sees(&mut self, expected: Option<Shown>) {
        let reply = self.client.ask("/show", &mut self.jar).await;
        match expected {
            Some(expected) => assert_eq!(reply.body, expected.to_string(), "{}", self.name),
            None => assert!(!reply.success || reply.body == "0 0 0", "{}: still signed in: {}", self.name, reply.body),
        }
    }
}
