//! Sources that count how often they are read: steps, where a clock would lie.

use std::cell::Cell;

use node_provider_keys::rules::{Bytes, Text};

/// A source of the rules, and how many units or bytes of it were read.
pub struct Counted<'a, T> {
    source: &'a [T],
    reads: Cell<usize>,
}

impl<'a, T: Copy + Default> Counted<'a, T> {
    pub fn new(source: &'a [T]) -> Self {
        let reads = Cell::new(0);
        Self { source, reads }
    }

    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// Panics if reading took more than `factor` steps a unit, and a few more.
    #[track_caller]
    pub fn assert_linear(&self, factor: usize) {
        let most = factor * self.source.len() + 256;
        assert!(self.reads() <= most, "{} reads, not {most}", self.reads());
    }

    fn read(&self, at: usize) -> T {
        self.reads.set(self.reads.get() + 1);
        self.source.get(at).copied().unwrap_or_default()
    }
}

impl Text for Counted<'_, u16> {
    fn len(&self) -> usize {
        self.source.len()
    }

    fn unit(&self, at: usize) -> u16 {
        self.read(at)
    }
}

impl Bytes for Counted<'_, u8> {
    fn len(&self) -> usize {
        self.source.len()
    }

    fn byte(&self, at: usize) -> u8 {
        self.read(at)
    }
}
