//! The native encoder: `native WEIGHTS FOLDER f32|int8 THREADS`.

use std::path::Path;

use anyhow::{Result, ensure};
use dixit_encoder::{Engine, NativeEngine, Precision, Weights};
use peers::{LENGTHS, answer, save, windows};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    ensure!(arguments.len() == 4, "WEIGHTS FOLDER f32|int8 THREADS");
    let precision = if arguments[2] == "f32" {
        Precision::F32
    } else {
        Precision::Int8
    };
    let bytes = std::fs::read(&arguments[0])?;
    let engine = NativeEngine::from_weights(&Weights::from_safetensors(&bytes)?, precision)?;
    for pieces in LENGTHS {
        let states = engine.encode(&windows(pieces, pieces)[0])?;
        let name = format!("native-{}", arguments[2]);
        save(Path::new(&arguments[1]), &name, &states)?;
    }
    answer(arguments[3].parse()?, |windows| {
        for window in windows {
            engine.encode(window)?;
        }
        Ok(())
    })
}
