//! How much is done to a build.

/// What becomes of the module and its glue.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// They are shrunk.
    Small,
    /// They are shrunk, but keep the names of functions and the layout of the glue.
    Readable,
    /// Nothing: what counts is how long it takes.
    Quick,
}
