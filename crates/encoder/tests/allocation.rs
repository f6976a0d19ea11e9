//! A window costs no memory beyond the vectors that are given away.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dixit_encoder::{Engine, NativeEngine, Precision, Weights, Window};

/// The system's allocator, which counts what each thread asks it for.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // A thread that is ending has nothing left to count with.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

#[allow(unsafe_code)]
// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are the same.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = COUNT.get();
    let result = work();
    let after = COUNT.get();
    drop(result);
    after - before
}

#[test]
fn only_the_result_of_a_window_is_allocated() {
    let bytes = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../models/small/model.safetensors"
    ))
    .unwrap();
    let weights = Weights::from_safetensors(&bytes).unwrap();
    let window = |pieces: usize| Window {
        ids: (0..pieces).map(|at| 1000 + at as u32).collect(),
        types: vec![0; pieces],
    };
    assert!(
        allocations(|| vec![0u8; 10]) == 1,
        "the counter does not count"
    );
    for precision in [Precision::F32, Precision::Int8] {
        let engine = NativeEngine::from_weights(&weights, precision).unwrap();
        let rows: Vec<usize> = (1..100).step_by(2).collect();
        let (long, short) = (window(120), window(101));
        engine.encode(&long).unwrap();
        engine.encode_rows(&long, &rows).unwrap();
        for window in [&long, &short, &long] {
            let all = allocations(|| engine.encode(window).unwrap());
            let some = allocations(|| engine.encode_rows(window, &rows).unwrap());
            assert_eq!((all, some), (1, 1), "{precision:?}");
        }
    }
}
