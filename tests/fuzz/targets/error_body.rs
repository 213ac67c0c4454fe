#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| node_provider_keys_fuzz::error_body::check(data));
