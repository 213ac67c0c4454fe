//! What several suites need: made once, when the first of them asks for it.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use tempfile::TempDir;

use super::Selection;
use crate::{cargo, package};

/// Made so far; what could not be made is not tried again.
#[derive(Default)]
pub struct Needs {
    /// How suites are to run.
    pub selection: Selection,
    consumer: Option<Result<TempDir, String>>,
    trap_consumer: Option<Result<TempDir, String>>,
    service: Option<Result<PathBuf, String>>,
}

impl Needs {
    /// Nothing made yet.
    pub fn new(selection: Selection) -> Self {
        Self {
            selection,
            ..Self::default()
        }
    }

    /// A folder in which the packed package is installed.
    pub fn consumer(&mut self) -> Result<PathBuf> {
        if self.selection.quick {
            // One package for both: who does not ask for a trap gets none.
            return self.trap_consumer();
        }
        once(&mut self.consumer, || {
            package::consumer(&package::publishable()?)
        })
        .map(|folder| folder.path().to_owned())
    }

    /// The same with the exports that trap on purpose.
    pub fn trap_consumer(&mut self) -> Result<PathBuf> {
        let is_quick = self.selection.quick;
        once(&mut self.trap_consumer, || {
            if is_quick {
                return package::quick_consumer(&["trap"]);
            }
            let folder = cargo::target_folder()?.join("package/trap");
            package::build(&folder, &["trap"])?;
            package::consumer(&folder)
        })
        .map(|folder| folder.path().to_owned())
    }

    /// The local service's program.
    pub fn service(&mut self) -> Result<PathBuf> {
        once(&mut self.service, cargo::build_service).cloned()
    }
}

fn once<T>(slot: &mut Option<Result<T, String>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    slot.get_or_insert_with(|| make().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow!("{error}"))
}
