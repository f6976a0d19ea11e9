//! Writes where libtorch lies into the programs and tests of a package that links it. What
//! torch-sys says of this reaches only the packages that depend on it themselves.

fn main() {
    println!("cargo::rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    if let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
