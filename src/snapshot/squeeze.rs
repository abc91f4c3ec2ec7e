//! Compression: the one file that knows zstd.

use super::encode::CodeError;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// Level of compression; docs/snapshots.md has the measurements.
const LEVEL: i32 = 1;

/// Compresses, with a checksum of the plain bytes in every frame.
pub(crate) struct Squeezer(Compressor<'static>);

impl Squeezer {
    pub(crate) fn new() -> Result<Self, CodeError> {
        Self::at_level(LEVEL)
    }

    pub(crate) fn at_level(level: i32) -> Result<Self, CodeError> {
        let build = || {
            let mut compressor = Compressor::new(level)?;
            compressor.set_parameter(CParameter::ChecksumFlag(true))?;
            Ok(Self(compressor))
        };
        build().map_err(|e: std::io::Error| CodeError(e.to_string()))
    }

    pub(crate) fn squeeze(&mut self, plain: &[u8]) -> Result<Vec<u8>, CodeError> {
        self.0.compress(plain).map_err(|e| CodeError(e.to_string()))
    }
}

/// Expands what was compressed, to a length known beforehand and no further.
pub(crate) struct Expander(Decompressor<'static>);

impl Expander {
    pub(crate) fn new() -> Result<Self, CodeError> {
        Decompressor::new().map(Self).map_err(|e| CodeError(e.to_string()))
    }

    pub(crate) fn expand(&mut self, squeezed: &[u8], plain: usize) -> Result<Vec<u8>, CodeError> {
        let mut buffer = Vec::with_capacity(plain);
        let expanded = self.0.decompress_to_buffer(squeezed, &mut buffer);
        match expanded.map_err(|e| CodeError(e.to_string()))? {
            n if n == plain => Ok(buffer),
            n => Err(CodeError(format!("it expands to {n} bytes where {plain} are expected"))),
        }
    }
}
