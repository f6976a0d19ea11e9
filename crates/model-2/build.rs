//! In the repository, cuts this crate's part out of the model's file; a packaged crate brings its
//! part along.

use std::path::Path;
use std::{env, fs, io};

/// How many parts there are.
const PARTS: usize = 3;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let here = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let name = env::var("CARGO_PKG_NAME").map_err(io::Error::other)?;
    let number = name
        .rsplit('-')
        .next()
        .and_then(|end| end.parse::<usize>().ok());
    let number = number.ok_or_else(|| io::Error::other("the name has no number"))?;
    let here = Path::new(&here);
    let whole = here.join("../../models/small/model.safetensors");
    if !whole.exists() {
        return Ok(());
    }
    println!("cargo::rerun-if-changed={}", whole.display());
    let bytes = fs::read(&whole)?;
    let share = bytes.len().div_ceil(PARTS);
    let part = bytes.chunks(share).nth(number - 1).unwrap_or_default();
    write(&here.join("part.bin"), part)?;
    if number == 1 {
        let tokenizer = here.join("../../models/small/tokenizer.json");
        println!("cargo::rerun-if-changed={}", tokenizer.display());
        write(&here.join("tokenizer.json"), &fs::read(&tokenizer)?)?;
    }
    Ok(())
}

/// Writes a file in one step, unless it is there already: several builds may run at once.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    let new = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&new, bytes)?;
    fs::rename(new, path)
}
