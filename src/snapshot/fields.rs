//! A structure cut into its fields, each as bytes of its own under its name, and put together again.
//!
//! The world is stored in this way: a new field becomes a new section by itself, a damaged one can be named, and two
//! snapshots can be compared part by part.

use super::encode::{CodeError, seeded_from_bytes, to_bytes};
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor,
};
use serde::ser::{self, Impossible, Serialize, SerializeStruct, Serializer};
use std::collections::BTreeMap;
use std::fmt::Display;

impl ser::Error for CodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl de::Error for CodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The fields of a structure, in order of declaration.
pub(super) fn split<T: Serialize>(structure: &T) -> Result<Vec<(&'static str, Vec<u8>)>, CodeError> {
    let mut splitter = Splitter { fields: Vec::new() };
    structure.serialize(&mut splitter)?;
    Ok(splitter.fields)
}

/// A structure from its fields.
pub(super) fn join<T: DeserializeOwned>(fields: &BTreeMap<String, Vec<u8>>) -> Result<T, CodeError> {
    T::deserialize(Joiner { fields })
}

struct Splitter {
    fields: Vec<(&'static str, Vec<u8>)>,
}

impl SerializeStruct for &mut Splitter {
    type Ok = ();
    type Error = CodeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), CodeError> {
        self.fields.push((name, to_bytes(value)?));
        Ok(())
    }

    fn end(self) -> Result<(), CodeError> {
        Ok(())
    }
}

fn not_a_structure<T>() -> Result<T, CodeError> {
    Err(CodeError("only a structure has fields".into()))
}

/// Everything but a structure is refused.
macro_rules! refuse {
    ($($name:ident($($argument:ty),*) -> $answer:ty;)*) => {$(
        fn $name(self $(, _: $argument)*) -> Result<$answer, CodeError> {
            not_a_structure()
        }
    )*};
}

impl Serializer for &mut Splitter {
    type Ok = ();
    type Error = CodeError;
    type SerializeSeq = Impossible<(), CodeError>;
    type SerializeTuple = Impossible<(), CodeError>;
    type SerializeTupleStruct = Impossible<(), CodeError>;
    type SerializeTupleVariant = Impossible<(), CodeError>;
    type SerializeMap = Impossible<(), CodeError>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), CodeError>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, CodeError> {
        Ok(self)
    }

    refuse! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), CodeError> {
        not_a_structure()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), CodeError> {
        not_a_structure()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), CodeError> {
        not_a_structure()
    }
}

struct Joiner<'f> {
    fields: &'f BTreeMap<String, Vec<u8>>,
}

impl<'de> Deserializer<'de> for Joiner<'de> {
    type Error = CodeError;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodeError> {
        visitor.visit_map(Fields { names: names.iter(), name: "", fields: self.fields })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, CodeError> {
        not_a_structure()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Fields<'f> {
    names: std::slice::Iter<'static, &'static str>,
    name: &'static str,
    fields: &'f BTreeMap<String, Vec<u8>>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = CodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, CodeError> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.name = name;
        let name: StrDeserializer<'_, CodeError> = self.name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, CodeError> {
        let bytes = self.fields.get(self.name);
        let bytes = bytes.ok_or_else(|| CodeError(format!("`{}` is missing", self.name)))?;
        seeded_from_bytes(seed, bytes).map_err(|e| CodeError(format!("`{}`: {e}", self.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pair {
        few: Vec<u16>,
        real: f64,
    }

    #[test]
    fn a_structure_comes_back_from_its_fields() {
        let pair = Pair { few: vec![1, 2], real: -0.0 };
        let fields = split(&pair).unwrap();
        assert_eq!(fields.iter().map(|f| f.0).collect::<Vec<_>>(), ["few", "real"]);
        let mut fields: BTreeMap<String, Vec<u8>> =
            fields.into_iter().map(|(name, bytes)| (name.to_string(), bytes)).collect();
        assert_eq!(join::<Pair>(&fields).unwrap(), pair);
        fields.get_mut("real").unwrap().push(0);
        assert_eq!(join::<Pair>(&fields).unwrap_err().0, "`real`: 1 bytes too many");
        fields.remove("few");
        assert_eq!(join::<Pair>(&fields).unwrap_err().0, "`few` is missing");
        assert!(split(&7_u8).is_err() && join::<u8>(&fields).is_err());
    }
}
