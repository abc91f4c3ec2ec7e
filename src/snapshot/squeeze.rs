//! Compression: the one file that knows zstd.

use super::encode::CodeError;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// Level of compression; docs/snapshots.md has the measurements.
const LEVEL: i32 = 1;

/// Compresses, with a checksum of the plain bytes in every frame, and expands to a length known beforehand and no
/// further.
pub struct Shrinker {
    compressor: Compressor<'static>,
    decompressor: Decompressor<'static>,
}

fn told(error: std::io::Error) -> CodeError {
    CodeError(error.to_string())
}

impl Shrinker {
    /// One that can be used again and again.
    pub fn new() -> Result<Self, CodeError> {
        let mut compressor = Compressor::new(LEVEL).map_err(told)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true)).map_err(told)?;
        Ok(Self { compressor, decompressor: Decompressor::new().map_err(told)? })
    }

    /// A zstd frame.
    pub fn squeeze(&mut self, plain: &[u8]) -> Result<Vec<u8>, CodeError> {
        self.compressor.compress(plain).map_err(told)
    }

    /// What is in a zstd frame, which must be of the length that is expected.
    pub fn expand(&mut self, squeezed: &[u8], plain: usize) -> Result<Vec<u8>, CodeError> {
        let mut buffer = Vec::new();
        self.expand_into(squeezed, plain, &mut buffer)?;
        Ok(buffer)
    }

    /// The same into the place of what was in a buffer.
    pub fn expand_into(
        &mut self,
        squeezed: &[u8],
        plain: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<(), CodeError> {
        buffer.clear();
        buffer.reserve_exact(plain);
        match self.decompressor.decompress_to_buffer(squeezed, buffer).map_err(told)? {
            n if n == plain => Ok(()),
            n => Err(CodeError(format!("it expands to {n} bytes where {plain} are expected"))),
        }
    }
}
