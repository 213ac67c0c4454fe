//! The service as its callers meet it: the real binary, over real sockets.

// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod front;
mod storm;
mod support;

mod arguments;
mod auth;
mod bad_input;
mod clocks;
mod contract;
mod cors;
mod create;
mod cut_off;
mod damage;
mod delete;
mod demo;
mod disks;
mod failures;
mod gateway;
mod hosts;
mod kills;
mod lifecycle;
mod list;
mod logs;
mod many_clients;
mod many_keys;
mod opening;
mod relay;
mod relay_sign_in;
mod relay_way;
mod secrecy;
mod sign_in;
mod slow_clients;
mod together;
mod www;
