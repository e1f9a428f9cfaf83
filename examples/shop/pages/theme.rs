//! Light, dark, or as the system has it.

use axum::extract::Form;
use axum::response::Redirect;
use cloakroom::{Session, same_site_path};
use serde::Deserialize;

use super::Page;
use crate::session::{Shop, Theme};

#[derive(Deserialize)]
pub struct Choice {
    theme: Theme,
    #[serde(default)]
    next: String,
}

pub async fn set(session: Session<Shop>, Form(choice): Form<Choice>) -> Page<Redirect> {
    session.set_theme(choice.theme).await?;
    Ok(Redirect::to(same_site_path(&choice.next, "/")))
}
