#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for target in dixit_fuzz::TARGETS {
        if target.name == "layout" {
            (target.run)(bytes);
        }
    }
});
