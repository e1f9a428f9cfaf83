//! The memory store passes the suite, and no clause of the suite passes everything: each is run on a store with one defect.

#![allow(clippy::unwrap_used)]

#[path = "sloppy/store.rs"]
mod sloppy;
#[path = "sloppy/owners.rs"]
mod sloppy_owners;

use std::time::{Duration, SystemTime};

use session_runtime::store::contract::{self, Harness};
use session_runtime::{Clock, ManualClock, MemoryStore};

use sloppy::{Defect, Sloppy};

#[derive(Default)]
struct Memory(ManualClock);

impl Harness for Memory {
    type Store = MemoryStore;

    async fn store(&self) -> MemoryStore {
        MemoryStore::new().with_clock(self.0.clone())
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }

    async fn pass(&self, time: Duration) {
        self.0.advance(time);
    }

    contract::spawn_on_tokio!();
}

/// The memory store by the system's clock, as a harness has it that cannot move its store's time.
struct RealTime;

impl Harness for RealTime {
    type Store = MemoryStore;

    async fn store(&self) -> MemoryStore {
        MemoryStore::new()
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    fn moves_time(&self) -> bool {
        false
    }

    contract::spawn_on_tokio!();
}

struct Broken {
    clock: ManualClock,
    defect: Defect,
}

impl Harness for Broken {
    type Store = Sloppy;

    async fn store(&self) -> Sloppy {
        Sloppy::new(self.clock.clone(), self.defect)
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    async fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    contract::spawn_on_tokio!();

    async fn failing(&self) -> Option<Sloppy> {
        let store = Sloppy::new(self.clock.clone(), self.defect);
        store.go_down();
        Some(store)
    }
}

mod memory {
    super::contract::suite! {
        #[tokio::test(flavor = "multi_thread")]
        super::Memory::default()
    }
}

mod memory_by_the_systems_clock {
    super::contract::suite!(block_on = block_on, super::RealTime);

    fn block_on(clause: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_multi_thread().enable_time().build().expect("a runtime").block_on(clause);
    }
}

/// Which defect each clause must find. A store may have more defects than clauses, but no clause is without one.
const FOUND_BY: &[(&str, Defect)] = &[
    ("a_missing_key_loads_as_none", Defect::LoadInvents),
    ("what_was_created_loads_back", Defect::CreateRoundsToSeconds),
    ("create_on_a_taken_key_changes_nothing", Defect::CreateOverwrites),
    ("create_takes_the_place_of_an_expired_record", Defect::ExpiredKeepsItsKey),
    ("replace_of_the_current_version_gives_a_new_one", Defect::ReplaceKeepsTheVersion),
    ("replace_of_a_stale_version_hands_back_the_current_record", Defect::StaleEchoesTheCaller),
    ("replace_after_delete_is_gone", Defect::DeleteOnlyHides),
    ("replace_never_creates", Defect::ReplaceCreates),
    ("a_recreated_key_refuses_its_old_version", Defect::VersionsStartOver),
    ("load_now_says_what_load_says", Defect::LoadNowIsCached),
    ("load_current_sees_the_last_write", Defect::LoadCurrentIsCached),
    ("load_if_changed_compares_versions", Defect::RefreshIgnoresTheVersion),
    ("load_if_changed_sees_the_last_write", Defect::RefreshIsCached),
    ("delete_hands_back_what_it_removed", Defect::DeleteHandsBackNothing),
    ("touch_moves_the_expiry_and_nothing_else", Defect::TouchGivesANewVersion),
    ("touch_of_a_stale_version_changes_nothing", Defect::TouchIgnoresTheVersion),
    ("touch_never_creates", Defect::TouchCreates),
    ("touch_may_shorten", Defect::TouchOnlyLengthens),
    ("replace_sets_the_expiry", Defect::ReplaceKeepsTheExpiry),
    ("load_ends_at_the_millisecond", Defect::LoadIsAMillisecondLate),
    ("load_current_ends_at_the_millisecond", Defect::LoadCurrentIsAMillisecondLate),
    ("load_if_changed_ends_at_the_millisecond", Defect::RefreshIsAMillisecondLate),
    ("replace_ends_at_the_millisecond", Defect::ReplaceIsAMillisecondLate),
    ("touch_ends_at_the_millisecond", Defect::TouchIsAMillisecondLate),
    ("delete_ends_at_the_millisecond", Defect::DeleteIsAMillisecondLate),
    ("more_than_a_year_is_kept", Defect::ThirtyDaysAtMost),
    ("each_version_is_replaced_once", Defect::ReplaceIsTwoSteps),
    ("one_of_many_creates_wins", Defect::CreateIsTwoSteps),
    ("one_of_many_deletes_gets_the_record", Defect::DeleteIsTwoSteps),
    ("touch_never_undoes_a_replace", Defect::TouchIsTwoSteps),
    ("load_if_changed_never_mixes_two_writes", Defect::RefreshIsTwoSteps),
    ("replace_never_outlives_a_delete", Defect::ReplaceIsTwoSteps),
    ("what_tasks_are_told_fits_one_order", Defect::TouchIsTwoSteps),
    ("keys_do_not_mix", Defect::KeysEndAtZero),
    ("values_of_any_size_come_back", Defect::ValuesEndAt64KiB),
    ("values_of_any_bytes_come_back", Defect::ValuesAreText),
    ("a_failing_store_says_so", Defect::DownReadsAsMissing),
    ("entered_sessions_are_listed", Defect::EntriesRoundToSeconds),
    ("entering_again_keeps_the_later_end", Defect::EnteringMovesTheEnd),
    ("entries_of_owners_do_not_mix", Defect::EntriesAreOfAllOwners),
    ("removing_entries_removes_those_alone", Defect::RemovingRemovesAll),
    ("entries_end_at_the_millisecond", Defect::EntriesIgnoreTheirEnd),
    ("many_entries_come_and_go", Defect::EntriesListTheFirstHundred),
    ("no_entry_is_lost_in_a_race", Defect::EnterIsTwoSteps),
    ("a_failing_index_says_so", Defect::DownReadsAsNoEntries),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_sloppy_store_without_a_defect_passes() {
    for clause in contract::clauses::<Broken>() {
        (clause.run)(&Broken { clock: ManualClock::default(), defect: Defect::None }).await;
    }
}

#[test]
fn every_clause_has_a_defect_to_find() {
    let clauses: Vec<_> = contract::clauses::<Broken>().iter().map(|clause| clause.name).collect();
    for clause in &clauses {
        assert!(FOUND_BY.iter().any(|(name, _)| name == clause), "no defect for {clause}");
    }
    assert_eq!(FOUND_BY.len(), clauses.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_clause_fails_on_its_defect() {
    let mut blind = Vec::new();
    for (name, defect) in FOUND_BY {
        if !found(name, *defect).await {
            blind.push((name, defect));
        }
    }
    assert!(blind.is_empty(), "these clauses passed on a broken store: {blind:#?}");
}

/// The expiry clauses again on the defects of their kind that change an answer rather than a time.
#[tokio::test(flavor = "multi_thread")]
async fn expiry_that_is_a_millisecond_early_is_found() {
    for name in [
        "load_ends_at_the_millisecond",
        "load_current_ends_at_the_millisecond",
        "load_if_changed_ends_at_the_millisecond",
        "replace_ends_at_the_millisecond",
        "touch_ends_at_the_millisecond",
        "delete_ends_at_the_millisecond",
        "create_takes_the_place_of_an_expired_record",
    ] {
        assert!(found(name, Defect::AllIsAMillisecondEarly).await, "{name} passed");
    }
}

async fn found(name: &'static str, defect: Defect) -> bool {
    let run = async move {
        let clauses = contract::clauses::<Broken>();
        let clause = clauses.iter().find(|clause| clause.name == name).expect("the clause exists");
        (clause.run)(&Broken { clock: ManualClock::default(), defect }).await;
    };
    tokio::spawn(run).await.is_err_and(|error| error.is_panic())
}

/// One clause that finds whatever can go wrong with one record but for its expiry.
#[tokio::test(flavor = "multi_thread")]
async fn histories_show_every_defect_of_single_steps() {
    let clause = "what_tasks_are_told_fits_one_order";
    for defect in [
        Defect::LoadInvents,
        Defect::CreateOverwrites,
        Defect::CreateIsTwoSteps,
        Defect::ReplaceIsTwoSteps,
        Defect::ReplaceKeepsTheVersion,
        Defect::ReplaceCreates,
        Defect::StaleEchoesTheCaller,
        Defect::VersionsStartOver,
        Defect::DeleteIsTwoSteps,
        Defect::DeleteOnlyHides,
        Defect::DeleteHandsBackNothing,
        Defect::TouchIsTwoSteps,
        Defect::TouchIgnoresTheVersion,
        Defect::TouchGivesANewVersion,
        Defect::TouchCreates,
    ] {
        assert!(found(clause, defect).await, "it passed on {defect:?}");
    }
}
