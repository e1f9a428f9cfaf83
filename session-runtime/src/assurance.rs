//! How long a session may live by assurance level: what NIST asks of services that must be sure who is there.

use std::time::Duration;

/// AAL1: the longest life. NIST SP 800-63B-4 (July 2025), section 2.1.3: a definite overall timeout SHALL be established, "which
/// SHOULD be no more than 30 days"; an inactivity timeout is not required.
pub const AAL1_ABSOLUTE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// AAL2: the longest pause between two requests. NIST SP 800-63B-4, section 2.2.3: "The inactivity timeout SHOULD be no more than
/// 1 hour."
pub const AAL2_IDLE: Duration = Duration::from_secs(60 * 60);

/// AAL2: the longest life. NIST SP 800-63B-4, section 2.2.3: "SHOULD be no more than 24 hours".
pub const AAL2_ABSOLUTE: Duration = Duration::from_secs(24 * 60 * 60);

/// AAL3: the longest pause between two requests. NIST SP 800-63B-4, section 2.3.3: "The inactivity timeout SHOULD be no more than
/// 15 minutes."
pub const AAL3_IDLE: Duration = Duration::from_secs(15 * 60);

/// AAL3: the longest life. NIST SP 800-63B-4, section 2.3.3: "SHALL be no more than 12 hours".
pub const AAL3_ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);

/// An authenticator assurance level of NIST SP 800-63B-4, as far as it limits a session's life.
///
/// It limits that alone: how a visitor proves who they are is the application's part. The longest life is counted from the creation of
/// the session or from [`mark_authenticated`](crate::Session::mark_authenticated), which an application calls once the visitor has
/// signed in, and again once they have proved anew who they are.
///
/// | level | longest pause | longest life |
/// |---|---|---|
/// | `Aal1` | not limited | [30 days](AAL1_ABSOLUTE) |
/// | `Aal2` | [1 hour](AAL2_IDLE) | [24 hours](AAL2_ABSOLUTE) |
/// | `Aal3` | [15 minutes](AAL3_IDLE) | [12 hours](AAL3_ABSOLUTE) |
///
/// ```
/// use cloakroom::{Assurance, MemoryStore, SessionData, SessionLayer};
///
/// #[derive(SessionData)]
/// #[session(assurance = "aal2")]
/// struct Bank { #[session(owner)] customer: Option<u64> }
///
/// let layer = SessionLayer::<Bank>::new(MemoryStore::new());
/// // The same, for a struct that says nothing of it:
/// let layer = layer.with_assurance(Assurance::Aal2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// Some assurance: one factor will do.
    Aal1,
    /// High assurance: two factors.
    Aal2,
    /// Very high assurance: two factors, one of them a key that cannot be copied.
    Aal3,
}

impl Assurance {
    /// The longest pause between two requests. `None` at AAL1, which asks for none.
    pub const fn idle(self) -> Option<Duration> {
        match self {
            Self::Aal1 => None,
            Self::Aal2 => Some(AAL2_IDLE),
            Self::Aal3 => Some(AAL3_IDLE),
        }
    }

    /// The longest life.
    pub const fn absolute(self) -> Duration {
        match self {
            Self::Aal1 => AAL1_ABSOLUTE,
            Self::Aal2 => AAL2_ABSOLUTE,
            Self::Aal3 => AAL3_ABSOLUTE,
        }
    }
}
