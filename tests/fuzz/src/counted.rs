//! A source that counts how often it is read: steps, where a clock would lie.

use std::cell::Cell;

use node_provider_keys::rules::Bytes;

/// Bytes for the rules, and how many reads of them there were.
pub struct Counted<'a> {
    source: &'a [u8],
    reads: Cell<usize>,
}

impl<'a> Counted<'a> {
    pub fn new(source: &'a [u8]) -> Self {
        let reads = Cell::new(0);
        Self { source, reads }
    }

    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// Panics if reading took more than `factor` steps a byte, and a few more.
    #[track_caller]
    pub fn assert_linear(&self, factor: usize) {
        let most = factor * self.source.len() + 256;
        assert!(self.reads() <= most, "{} reads, not {most}", self.reads());
    }
}

impl Bytes for Counted<'_> {
    fn len(&self) -> usize {
        self.source.len()
    }

    fn word(&self, at: usize) -> u32 {
        self.reads.set(self.reads.get() + 1);
        self.source.word(at)
    }
}
