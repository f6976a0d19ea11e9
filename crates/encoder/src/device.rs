//! Where an engine computes.

use std::fmt;
use std::str::FromStr;

/// The processor that an engine runs on. It is never chosen silently: the CPU unless somebody
/// names another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Device {
    /// The machine's main processor.
    #[default]
    Cpu,
    /// A graphics processor of Nvidia's, by its number.
    Cuda(usize),
}

/// A device's name could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no device is called “{0}”: write cpu, or cuda:0 for the first graphics processor")]
pub struct UnknownDevice(String);

impl FromStr for Device {
    type Err = UnknownDevice;

    fn from_str(name: &str) -> Result<Self, UnknownDevice> {
        let unknown = || UnknownDevice(name.to_owned());
        match name.split_once(':') {
            None if name == "cpu" => Ok(Self::Cpu),
            // Digits alone: a sign or a blank is nobody's intention.
            Some(("cuda", number)) if number.bytes().all(|b| b.is_ascii_digit()) => {
                number.parse().map(Self::Cuda).map_err(|_| unknown())
            }
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for device in [Device::Cpu, Device::Cuda(0), Device::Cuda(11)] {
            assert_eq!(device.to_string().parse(), Ok(device));
        }
        for name in [
            "",
            "CPU",
            "cuda",
            "cuda:",
            "cuda:-1",
            "cuda:+1",
            "cuda: 1",
            "gpu:0",
            "cpu:0",
            "cuda:½",
            "cuda:99999999999999999999",
        ] {
            let error = name.parse::<Device>().unwrap_err().to_string();
            assert!(
                error.contains(&format!("“{name}”")) && error.contains("cuda:0"),
                "{error}"
            );
        }
    }
}
