//! A short run of every target, and mutated files: no panic, no hang, no lost document.

use std::process::Command;

/// `RUNS` and `SEED` change how much is tried, and where it begins.
fn number(name: &str, usual: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| usual.to_owned())
}

fn fuzz(target: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_dixit-fuzz"))
        .args(target)
        .args(["--runs", &number("RUNS", "400")])
        .args(["--seed", &number("SEED", "1")])
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    println!("{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_target_takes_any_bytes() {
    fuzz(&[]);
}

#[test]
fn mutated_files_lose_no_good_document() {
    fuzz(&["files"]);
}
