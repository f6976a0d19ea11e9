//! What has to be right about libtorch itself before and while it computes.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dixit_encoder::Device;
use ndarray::Array2;
use tch::{Kind, Tensor};

use crate::ModelError;

/// The device, if it is there.
pub(crate) fn device(device: Device) -> Result<tch::Device, ModelError> {
    let Device::Cuda(number) = device else {
        return Ok(tch::Device::Cpu);
    };
    let found = tch::Cuda::device_count();
    if i64::try_from(number).is_ok_and(|number| number < found) {
        return Ok(tch::Device::Cuda(number));
    }
    Err(ModelError::Device { device, found })
}

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Calls libtorch, which uses one thread and no gradients, and turns what it throws into errors:
/// `rust-bert` has no other way to say that something failed.
pub(crate) fn call<T>(run: impl FnOnce() -> Result<T, ModelError>) -> Result<T, ModelError> {
    if !ALONE.replace(true) {
        // The number is each calling thread's own: OpenMP keeps one for every thread.
        tch::set_num_threads(1);
    }
    let guarded = AssertUnwindSafe(|| tch::no_grad(run));
    catch_unwind(guarded).unwrap_or_else(|cause| {
        let words = cause
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| cause.downcast_ref::<&str>().copied())
            .unwrap_or("without a reason");
        let first = words.lines().next().unwrap_or_default();
        Err(ModelError::Torch(first.to_owned()))
    })
}

/// Numbers on a device.
pub(crate) fn integers(numbers: &[i64], device: tch::Device) -> Result<Tensor, ModelError> {
    Ok(Tensor::f_from_slice(numbers)?.f_to_device(device)?)
}

/// A tensor of two dimensions, from wherever it is.
pub(crate) fn matrix(tensor: &Tensor) -> Result<Array2<f32>, ModelError> {
    let (rows, columns) = tensor.size2()?;
    let tensor = tensor
        .f_to_device(tch::Device::Cpu)?
        .f_to_kind(Kind::Float)?
        .f_contiguous()?;
    let mut numbers = vec![0.0; tensor.numel()];
    tensor.f_copy_data(&mut numbers, tensor.numel())?;
    Array2::from_shape_vec((rows as usize, columns as usize), numbers)
        .map_err(|error| ModelError::Torch(error.to_string()))
}
