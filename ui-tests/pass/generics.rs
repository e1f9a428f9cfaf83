//! Type and const parameters, with bounds, defaults and a where clause.
#![deny(warnings)]

use std::fmt::Debug;

use cloakroom::{Session, SessionData, SessionError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[derive(SessionData)]
#[session(cookie = "wizard")]
pub struct Wizard<S: Clone, T = u8, const N: usize = 3>
where
    T: Debug,
{
    pub step: S,
    pub answers: Vec<(S, T)>,
    pub draft: Option<T>,
    #[session(default = N)]
    pub left: usize,
    #[session(skip)]
    pub marker: std::marker::PhantomData<fn() -> T>,
}

#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Step(u8);

pub async fn next(session: Session<Wizard<Step>>) -> Result<usize, SessionError> {
    session.set_draft(None).await?;
    session.set(Wizard::<Step>::DRAFT, Some(3)).await?;
    session.update_left(|left| *left -= 1).await?;
    session.left().await
}

pub async fn any<S, T>(session: Session<Wizard<S, T>>) -> Result<Wizard<S, T>, SessionError>
where
    S: Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static,
    T: Debug + Serialize + DeserializeOwned + Send + Sync + 'static,
    Vec<(S, T)>: Serialize + DeserializeOwned,
    Option<T>: Serialize + DeserializeOwned,
{
    session.set_step(S::default()).await?;
    session.snapshot().await
}

fn main() {}
