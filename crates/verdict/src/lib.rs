//! From what was judged to a score, a level and a gate: pure functions, which know neither files nor threads nor how
//! a verdict is shown.
//!
//! ```text
//! Evidence ─grade→ RuleGrade* ─area→ AreaScore* ─overall→ Score ─level→ ComponentVerdict* ─gate→ Verdict
//! ```
//!
//! The score counts *sites* (functions, handlers, call sites, images), never findings, so that the size of a project does
//! not decide. `docs/score.md` gives the sums; [`evidence`] says what goes in and [`verdict`] what comes out.

mod area;
mod component;
pub mod evidence;
mod gains;
mod gate;
mod gather;
mod grade;
mod judge;
mod level;
mod mean;
mod overall;
mod suppressions;
mod unassessed;
pub mod verdict;
mod weights;

pub use evidence::{
    Applies, Blocker, Evidence, Foundation, NewError, Place, RuleEvidence, Sites, Tally,
};
pub use gather::{Judged, Surroundings, add_hidden, gather, is_disputed};
pub use judge::judge;
pub use suppressions::{Suppression, added};
pub use verdict::{
    AreaScore, AreaState, Brought, Cap, ComponentVerdict, Demand, Gain, Gate, GradeState, Level,
    NotAssessed, Reason, RuleGrade, Score, Verdict,
};
pub use weights::Profile;
