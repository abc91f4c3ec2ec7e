//! No number of a world may be NaN, and no counter so near the end of its type that a run could carry it over: found by
//! walking over whatever serde can write, so that a new field is looked at without being named here.

use super::encode::CodeError;
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Fields that are drawn or mixed, and may be anything.
const ANYTHING: [&str; 2] = ["key", "traits_seed"];
/// Lists of which the elements are many: every number in them is checked where it is known what it means.
const CHECKED_ELSEWHERE: [&str; 11] = [
    "chunks",
    "applicants",
    "waiting",
    "parolable",
    "held",
    "to_examine",
    "at_border",
    "claims",
    "appeals",
    "households",
    "aboard",
];

/// The path of the first number that is NaN or beyond half the range of its type, if there is one.
pub(super) fn not_a_number<T: Serialize + ?Sized>(data: &T) -> Option<String> {
    let mut walk = Walk { path: Vec::new() };
    match data.serialize(&mut walk) {
        Ok(()) => None,
        Err(CodeError(path)) => Some(path),
    }
}

/// One step of the path to where the walk is.
enum Step {
    Field(&'static str),
    Place(usize),
}

struct Walk {
    path: Vec<Step>,
}

impl Walk {
    fn below<T: Serialize + ?Sized>(&mut self, step: Step, value: &T) -> Result<(), CodeError> {
        self.path.push(step);
        value.serialize(&mut *self)?;
        self.path.pop();
        Ok(())
    }

    fn counter(&self, beyond: bool) -> Result<(), CodeError> {
        let free = match self.path.as_slice() {
            [.., Step::Field(name)] => ANYTHING.contains(name),
            _ => false,
        };
        self.number(beyond && !free)
    }

    fn number(&self, wrong: bool) -> Result<(), CodeError> {
        if !wrong {
            return Ok(());
        }
        let steps = self.path.iter().map(|step| match step {
            Step::Field(name) => (*name).to_string(),
            Step::Place(n) => n.to_string(),
        });
        Err(CodeError(steps.collect::<Vec<_>>().join(".")))
    }
}

/// A walk over the elements of something, and the place of the next.
struct Elements<'w> {
    walk: &'w mut Walk,
    next: usize,
}

impl Elements<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodeError> {
        let step = Step::Place(self.next);
        self.next += 1;
        self.walk.below(step, value)
    }
}

/// What cannot be NaN.
macro_rules! nothing_to_see {
    ($($name:ident($($argument:ty),*);)*) => {$(
        fn $name(self $(, _: $argument)*) -> Result<(), CodeError> {
            Ok(())
        }
    )*};
}

/// What has elements.
macro_rules! elements {
    ($($name:ident($($argument:ty),*);)*) => {$(
        fn $name(self $(, _: $argument)*) -> Result<Elements<'w>, CodeError> {
            Ok(Elements { walk: self, next: 0 })
        }
    )*};
}

impl<'w> Serializer for &'w mut Walk {
    type Ok = ();
    type Error = CodeError;
    type SerializeSeq = Elements<'w>;
    type SerializeTuple = Elements<'w>;
    type SerializeTupleStruct = Elements<'w>;
    type SerializeTupleVariant = Elements<'w>;
    type SerializeMap = Elements<'w>;
    type SerializeStruct = Elements<'w>;
    type SerializeStructVariant = Elements<'w>;

    nothing_to_see! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    elements! {
        serialize_seq(Option<usize>);
        serialize_tuple(usize);
        serialize_tuple_struct(&'static str, usize);
        serialize_tuple_variant(&'static str, u32, &'static str, usize);
        serialize_map(Option<usize>);
        serialize_struct(&'static str, usize);
        serialize_struct_variant(&'static str, u32, &'static str, usize);
    }

    fn serialize_u32(self, number: u32) -> Result<(), CodeError> {
        self.counter(number > u32::MAX / 2)
    }

    fn serialize_u64(self, number: u64) -> Result<(), CodeError> {
        self.counter(number > u64::MAX / 2)
    }

    fn serialize_f32(self, number: f32) -> Result<(), CodeError> {
        self.number(number.is_nan())
    }

    fn serialize_f64(self, number: f64) -> Result<(), CodeError> {
        self.number(number.is_nan())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), CodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), CodeError> {
        value.serialize(self)
    }
}

/// Elements that are known by their place.
macro_rules! by_place {
    ($($kind:ident, $element:ident;)*) => {$(
        impl $kind for Elements<'_> {
            type Ok = ();
            type Error = CodeError;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodeError> {
                self.element(value)
            }

            fn end(self) -> Result<(), CodeError> {
                Ok(())
            }
        }
    )*};
}

by_place! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

/// Elements that are known by their name.
macro_rules! by_name {
    ($($kind:ident;)*) => {$(
        impl $kind for Elements<'_> {
            type Ok = ();
            type Error = CodeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), CodeError> {
                if CHECKED_ELSEWHERE.contains(&name) { Ok(()) } else { self.walk.below(Step::Field(name), value) }
            }

            fn end(self) -> Result<(), CodeError> {
                Ok(())
            }
        }
    )*};
}

by_name! {
    SerializeStruct;
    SerializeStructVariant;
}

impl SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = CodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CodeError> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodeError> {
        self.element(value)
    }

    fn end(self) -> Result<(), CodeError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Serialize)]
    struct Outer {
        list: Vec<Option<(u8, f64)>>,
    }

    #[derive(Serialize)]
    struct Counted {
        key: u64,
        persons: u32,
    }

    #[test]
    fn the_first_that_is_no_number_is_found_by_its_path() {
        let list = vec![None, Some((1, f64::INFINITY)), Some((2, f64::NAN))];
        assert_eq!(not_a_number(&Outer { list }), Some("list.2.1".into()));
        assert_eq!(not_a_number(&Outer { list: vec![Some((1, -0.0))] }), None);
        let counted = |persons| [Counted { key: u64::MAX, persons }];
        assert_eq!(not_a_number(&counted(7)), None);
        assert_eq!(not_a_number(&counted(u32::MAX)), Some("0.persons".into()));
    }

    #[test]
    fn what_is_checked_elsewhere_is_there() {
        let layout = crate::snapshot::layout::<crate::world::World>().unwrap();
        for name in CHECKED_ELSEWHERE {
            let fields = layout.lines().filter_map(|l| l.trim_start().strip_prefix(name)?.strip_prefix(": "));
            let (lists, others): (Vec<&str>, Vec<&str>) = fields.partition(|f| f.starts_with("list of "));
            // The counter of applicants of a route is recounted.
            assert!(!lists.is_empty() && others.iter().all(|&f| f == "u32"), "{name} in\n{layout}");
        }
    }
}
