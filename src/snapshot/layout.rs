//! How stored data are laid out, found by asking serde: a text for the documentation, and its digest for the header
//! of a snapshot, so that no build reads bytes that another laid out in another way.

use super::encode::CodeError;
use serde::Deserialize;
use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
};

/// The layout of a type: a line for the type itself, then each structure and each choice it leads to, once, in the
/// order in which they are met.
pub fn layout<'de, T: Deserialize<'de>>() -> Result<String, CodeError> {
    let mut told = Vec::new();
    let mut name = String::new();
    T::deserialize(Tracer { told: &mut told, out: &mut name })?;
    let mut text = String::new();
    for (_, lines) in &told {
        text += lines;
        text.push('\n');
    }
    Ok(text)
}

/// Gives every question of serde a smallest answer, and writes down what was asked.
struct Tracer<'t> {
    /// By name of a structure or choice: its lines; empty while it is being told.
    told: &'t mut Vec<(String, String)>,
    /// What stands at the place being asked for.
    out: &'t mut String,
}

impl Tracer<'_> {
    fn tell(&mut self, name: &str, lines: impl FnOnce() -> String) {
        if let Some(entry) = self.told.iter_mut().find(|(n, _)| n == name)
            && entry.1.is_empty()
        {
            entry.1 = lines();
        }
    }

    fn meet(&mut self, name: &str) {
        self.out.push_str(name);
        if !self.told.iter().any(|(n, _)| n == name) {
            self.told.push((name.to_string(), String::new()));
        }
    }
}

/// Numbers and the like: their name, and a zero.
macro_rules! plain {
    ($($ask:ident, $visit:ident, $name:literal, $zero:expr;)*) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodeError> {
            self.out.push_str($name);
            visitor.$visit($zero)
        }
    )*};
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = CodeError;

    plain! {
        deserialize_bool, visit_bool, "bool", false;
        deserialize_i8, visit_i8, "i8", 0;
        deserialize_i16, visit_i16, "i16", 0;
        deserialize_i32, visit_i32, "i32", 0;
        deserialize_i64, visit_i64, "i64", 0;
        deserialize_u8, visit_u8, "u8", 0;
        deserialize_u16, visit_u16, "u16", 0;
        deserialize_u32, visit_u32, "u32", 0;
        deserialize_u64, visit_u64, "u64", 0;
        deserialize_f32, visit_f32, "f32", 0.0;
        deserialize_f64, visit_f64, "f64", 0.0;
        deserialize_str, visit_str, "text", "";
        deserialize_string, visit_str, "text", "";
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodeError> {
        self.out.push_str("optional ");
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, CodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CodeError> {
        let mut element = String::new();
        let value = visitor
            .visit_seq(Elements { told: self.told, outs: std::slice::from_mut(&mut element).iter_mut() })?;
        self.out.push_str(&format!("list of {element}"));
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, CodeError> {
        let mut elements = vec![String::new(); length];
        let value = visitor.visit_seq(Elements { told: self.told, outs: elements.iter_mut() })?;
        self.out.push_str(&format!("({})", elements.join(", ")));
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodeError> {
        self.meet(name);
        let mut kinds = vec![String::new(); fields.len()];
        let value = visitor.visit_seq(Elements { told: self.told, outs: kinds.iter_mut() })?;
        self.tell(name, || {
            let lines: Vec<String> =
                fields.iter().zip(&kinds).map(|(field, kind)| format!("  {field}: {kind}\n")).collect();
            format!("{name}\n{}", lines.concat())
        });
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CodeError> {
        self.meet(name);
        self.tell(name, || format!("{name}\n  u32, one of: {}\n", variants.join(", ")));
        visitor.visit_enum(First)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, CodeError> {
        Err(CodeError("a kind of data that snapshots do not hold".into()))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any
    }
}

/// One answer for each place that is waiting for one.
struct Elements<'t> {
    told: &'t mut Vec<(String, String)>,
    outs: std::slice::IterMut<'t, String>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = CodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, CodeError> {
        let Some(out) = self.outs.next() else { return Ok(None) };
        seed.deserialize(Tracer { told: self.told, out }).map(Some)
    }
}

/// The first variant of a choice, without data.
struct First;

impl<'de> EnumAccess<'de> for First {
    type Error = CodeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), CodeError> {
        let first: U32Deserializer<CodeError> = 0_u32.into_deserializer();
        Ok((seed.deserialize(first)?, self))
    }
}

impl<'de> VariantAccess<'de> for First {
    type Error = CodeError;

    fn unit_variant(self) -> Result<(), CodeError> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, CodeError> {
        Err(CodeError("a choice with data".into()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, CodeError> {
        Err(CodeError("a choice with data".into()))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, CodeError> {
        Err(CodeError("a choice with data".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn the_layout_tells_every_structure_once_and_to_the_last_field() {
        let text = layout::<World>().unwrap();
        assert!(text.starts_with("World\n  day: u32\n"), "{text}");
        for part in ["\nGroupState\n", "\nRecord\n", "  ordinal: list of u32\n", "  phase: Phase\n"] {
            assert_eq!(text.matches(part).count(), 1, "{part} in\n{text}");
        }
        assert!(
            text.contains("  common: (f64, f64, f64, f64)\n") && text.contains("optional Watched"),
            "{text}"
        );
    }
}
