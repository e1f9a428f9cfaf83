//! Promise 8, across deployments: what an older program stored, a newer one reads; and an older one leaves alone what it does not know.

use std::collections::BTreeMap;

use cloakroom::{Done, MemoryStore, Session, SessionData, SessionError, Sessions};
use serde::{Deserialize, Serialize};

/// One visitor, whose session outlives the programs that serve it.
#[derive(Default)]
struct Visitor {
    store: MemoryStore,
    cookie: String,
}

impl Visitor {
    /// One request to the program whose session is `D`, from its start to its stop.
    async fn visit<D: SessionData, R>(
        &mut self,
        handler: impl AsyncFnOnce(Session<D>) -> Result<R, SessionError>,
    ) -> R {
        let sessions = Sessions::<D>::new(self.store.clone());
        let session = sessions.open([self.cookie.as_bytes()]);
        let result = handler(session.clone()).await.unwrap();
        let closed = sessions.close(&session, true).await;
        assert!(closed.error.is_none(), "{:?}", closed.error);
        if let Some(set_cookie) = closed.set_cookie {
            self.cookie = set_cookie.split(';').next().unwrap().to_owned();
        }
        result
    }

    async fn write<D: SessionData>(&mut self, write: impl FnOnce(Session<D>) -> Done) {
        self.visit(async |session: Session<D>| write(session).await).await;
    }

    async fn snapshot<D: SessionData>(&mut self) -> D {
        self.visit(async |session: Session<D>| session.snapshot().await).await
    }

    async fn keys<D: SessionData>(&mut self) -> Vec<String> {
        let mut keys = self.visit(async |session: Session<D>| session.keys().await).await;
        keys.sort();
        keys
    }
}

mod first {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) enum Plan {
        Free,
        Paid { seats: u8 },
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub(crate) struct Address {
        pub(crate) street: String,
        pub(crate) city: String,
        pub(crate) floor: u8,
    }

    #[derive(Clone, Debug, PartialEq, SessionData)]
    #[session(cookie = "evo")]
    pub(crate) struct Evo {
        pub(crate) name: String,
        pub(crate) age: u8,
        pub(crate) city: String,
        pub(crate) plan: Option<Plan>,
        pub(crate) address: Address,
        pub(crate) code: u32,
        pub(crate) scores: Vec<u8>,
    }
}

mod second {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) enum Plan {
        Trial,
        Free,
        Team(u8),
        Paid { seats: u64 },
    }

    /// Reordered, with a field more and one less.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub(crate) struct Address {
        #[serde(default)]
        pub(crate) country: String,
        pub(crate) city: String,
        pub(crate) street: String,
        pub(crate) door: Option<u8>,
    }

    #[derive(Clone, Debug, PartialEq, SessionData)]
    #[session(cookie = "evo")]
    pub(crate) struct Evo {
        /// Changed to something that no number reads as.
        pub(crate) code: BTreeMap<String, u32>,
        pub(crate) address: Address,
        pub(crate) plan: Option<Plan>,
        /// Renamed twice.
        #[session(rename = "place", alias = "town", alias = "city")]
        pub(crate) place: Option<String>,
        pub(crate) age: u64,
        #[session(default = 7)]
        pub(crate) added_default: u32,
        pub(crate) added_unset: u32,
        pub(crate) added_option: Option<String>,
        pub(crate) name: Option<String>,
        #[session(on_invalid = "default")]
        pub(crate) scores: BTreeMap<String, u8>,
    }
}

/// Between the two: `city` was called `town` for a while.
mod between {
    use super::*;

    #[derive(Clone, Debug, PartialEq, SessionData)]
    #[session(cookie = "evo")]
    pub(crate) struct Evo {
        #[session(alias = "city")]
        pub(crate) town: String,
    }
}

fn old() -> first::Evo {
    first::Evo {
        name: "Ada".to_owned(),
        age: 36,
        city: "London".to_owned(),
        plan: Some(first::Plan::Paid { seats: 3 }),
        address: first::Address { street: "St James's Square".to_owned(), city: "London".to_owned(), floor: 2 },
        code: 1815,
        scores: vec![1, 2],
    }
}

/// A visitor whose session the first program wrote.
async fn of_old() -> Visitor {
    let mut visitor = Visitor::default();
    visitor.write(|session: Session<first::Evo>| session.set_all(old())).await;
    visitor
}

#[tokio::test]
async fn an_added_field_reads_as_unset_or_as_its_default() {
    let mut visitor = of_old().await;
    visitor
        .visit(async |session: Session<second::Evo>| {
            assert_eq!(session.added_default().await?, 7);
            assert_eq!(session.added_unset().await?, 0);
            assert_eq!(session.added_option().await?, None);
            assert!(!session.has_added_default().await?);
            Ok(())
        })
        .await;
}

/// The old program runs beside the new one, as it does during every deployment: what it does not know it carries along.
#[tokio::test]
async fn an_older_program_leaves_a_newer_ones_fields_alone() {
    let mut visitor = of_old().await;
    visitor
        .visit(async |session: Session<second::Evo>| {
            session.set_added_default(8).await?;
            session.set_added_option("new".to_owned()).await
        })
        .await;
    visitor
        .visit(async |session: Session<first::Evo>| {
            session.set_name("Augusta".to_owned()).await?;
            session.update_age(|age| *age += 1).await?;
            session.clear_scores().await?;
            let keys = session.keys().await?;
            assert!(
                keys.contains(&"added_default".to_owned()) && keys.contains(&"added_option".to_owned()),
                "{keys:?}"
            );
            session.regenerate().await
        })
        .await;
    visitor
        .visit(async |session: Session<second::Evo>| {
            assert_eq!(session.added_default().await?, 8);
            assert_eq!(session.added_option().await?.as_deref(), Some("new"));
            assert_eq!(session.name().await?.as_deref(), Some("Augusta"));
            assert_eq!(session.age().await?, 37);
            Ok(())
        })
        .await;
}

/// A field that the newer program dropped stays for the older one, until `clear`.
#[tokio::test]
async fn a_removed_field_is_carried_along_untouched() {
    let mut visitor = of_old().await;
    visitor.write(|session: Session<between::Evo>| session.set_town("Paris".to_owned())).await;
    let seen: first::Evo = visitor.snapshot().await;
    assert_eq!(seen, first::Evo { city: String::new(), ..old() }, "all but the renamed field");
    visitor.write(|session: Session<between::Evo>| session.clear()).await;
    assert_eq!(visitor.keys::<first::Evo>().await, [""; 0]);
}

#[tokio::test]
async fn a_renamed_field_is_read_under_its_older_names() {
    let mut visitor = of_old().await;
    let place = async |session: Session<second::Evo>| session.place().await;
    assert_eq!(visitor.visit(place).await.as_deref(), Some("London"));
    visitor.write(|session: Session<between::Evo>| session.set_town("Paris".to_owned())).await;
    assert_eq!(visitor.visit(place).await.as_deref(), Some("Paris"));
    assert!(visitor.visit(async |session: Session<second::Evo>| session.has_place().await).await);
}

#[tokio::test]
async fn a_write_under_the_new_name_removes_the_older_ones() {
    let mut visitor = of_old().await;
    visitor.write(|session: Session<second::Evo>| session.set_place("Rome".to_owned())).await;
    let keys = visitor.keys::<first::Evo>().await;
    assert!(keys.contains(&"place".to_owned()) && !keys.contains(&"city".to_owned()), "{keys:?}");

    // Even where the value is the same as under the old name.
    let mut visitor = of_old().await;
    visitor.write(|session: Session<second::Evo>| session.set_place("London".to_owned())).await;
    let keys = visitor.keys::<first::Evo>().await;
    assert!(keys.contains(&"place".to_owned()) && !keys.contains(&"city".to_owned()), "{keys:?}");

    let mut visitor = of_old().await;
    let update =
        async |session: Session<second::Evo>| session.update_place(|place| place.as_mut().unwrap().push('!')).await;
    visitor.visit(update).await;
    let keys = visitor.keys::<first::Evo>().await;
    assert!(keys.contains(&"place".to_owned()) && !keys.contains(&"city".to_owned()), "{keys:?}");
    assert_eq!(
        visitor.visit(async |session: Session<second::Evo>| session.place().await).await.as_deref(),
        Some("London!")
    );
}

/// What was cleared under its new name does not come back under an old one.
#[tokio::test]
async fn clearing_a_renamed_field_removes_all_its_names() {
    for how in 0..3 {
        let mut visitor = of_old().await;
        visitor
            .visit(async |session: Session<second::Evo>| match how {
                0 => session.clear_place().await,
                1 => session.set_place(None).await,
                _ => session.take_place().await.map(drop),
            })
            .await;
        assert_eq!(visitor.visit(async |session: Session<second::Evo>| session.place().await).await, None);
        let keys = visitor.keys::<first::Evo>().await;
        assert_eq!(keys.len(), 6, "the others stay: {keys:?}");
        assert!(!keys.contains(&"city".to_owned()), "{keys:?}");
    }
}

#[tokio::test]
async fn a_field_may_become_optional() {
    let mut visitor = of_old().await;
    let name = async |session: Session<second::Evo>| session.name().await;
    assert_eq!(visitor.visit(name).await.as_deref(), Some("Ada"));
    // And back, where it is set; and where it is not.
    assert_eq!(visitor.visit(async |session: Session<first::Evo>| session.name().await).await, "Ada");
    visitor.write(|session: Session<second::Evo>| session.set_name(None)).await;
    assert_eq!(visitor.visit(async |session: Session<first::Evo>| session.name().await).await, "");
}

#[tokio::test]
async fn a_number_may_widen_and_what_no_longer_fits_is_an_error() {
    let mut visitor = of_old().await;
    assert_eq!(visitor.visit(async |session: Session<second::Evo>| session.age().await).await, 36);
    visitor.write(|session: Session<second::Evo>| session.set_age(255)).await;
    assert_eq!(visitor.visit(async |session: Session<first::Evo>| session.age().await).await, 255);
    visitor.write(|session: Session<second::Evo>| session.set_age(256)).await;
    let error = visitor.visit(async |session: Session<first::Evo>| Ok(session.age().await)).await.unwrap_err();
    assert!(matches!(error, SessionError::Decode { field: "age", .. }), "{error}");
}

#[tokio::test]
async fn a_variant_may_be_inserted() {
    let mut visitor = of_old().await;
    let plan = async |session: Session<second::Evo>| session.plan().await;
    assert_eq!(visitor.visit(plan).await, Some(second::Plan::Paid { seats: 3 }));
    visitor.write(|session: Session<first::Evo>| session.set_plan(first::Plan::Free)).await;
    assert_eq!(visitor.visit(plan).await, Some(second::Plan::Free));
    for new in [second::Plan::Trial, second::Plan::Team(2)] {
        visitor.write(|session: Session<second::Evo>| session.set_plan(new.clone())).await;
        let error = visitor.visit(async |session: Session<first::Evo>| Ok(session.plan().await)).await.unwrap_err();
        assert!(matches!(error, SessionError::Decode { field: "plan", .. }), "{error}");
    }
}

#[tokio::test]
async fn fields_may_be_reordered_added_and_removed_inside_a_value() {
    let mut visitor = of_old().await;
    let address = visitor.visit(async |session: Session<second::Evo>| session.address().await).await;
    let first::Address { street, city, .. } = old().address;
    assert_eq!(address, second::Address { country: String::new(), city, street, door: None });
}

/// A type that changed into something else is an error of that field alone, and nothing is overwritten by looking.
#[tokio::test]
async fn a_type_that_changed_is_an_error_that_names_the_field_alone() {
    let mut visitor = of_old().await;
    visitor
        .visit(async |session: Session<second::Evo>| {
            for error in [session.code().await.unwrap_err(), session.snapshot().await.unwrap_err()] {
                assert!(matches!(error, SessionError::Decode { field: "code", .. }), "{error}");
            }
            assert_eq!(session.scores().await?, BTreeMap::new(), "`on_invalid = \"default\"` reads as unset");
            assert!(!session.has_scores().await?, "and is");
            assert!(session.has_code().await?, "while an error is no answer");
            assert_eq!(session.name().await?.as_deref(), Some("Ada"));
            session.set_age(40).await
        })
        .await;
    assert_eq!(visitor.snapshot::<first::Evo>().await, first::Evo { age: 40, ..old() });
    visitor.write(|session: Session<second::Evo>| session.set_code(BTreeMap::from([("a".to_owned(), 1)]))).await;
    let new: second::Evo = visitor.snapshot().await;
    assert_eq!(new.code["a"], 1, "a new value mends it");
}

/// Two programs of one name cannot run in one: each would take the other's cookie away.
#[test]
#[should_panic(expected = "two types of session are called `evo`")]
fn two_types_of_one_name_fail_at_start() {
    let _first = Sessions::<first::Evo>::new(MemoryStore::new());
    let _second = Sessions::<second::Evo>::new(MemoryStore::new());
}
