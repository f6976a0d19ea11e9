//! Joins the parts of the model.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let model = [
        dixit_model_1::PART,
        dixit_model_2::PART,
        dixit_model_3::PART,
    ];
    fs::write(Path::new(&out).join("model.safetensors"), model.concat())
}
