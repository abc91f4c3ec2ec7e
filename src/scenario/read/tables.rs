//! The macros in which a format is declared.

/// Declares sets of words: an enum each, with its reader and its meaning.
macro_rules! choices {
    ($(
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $( $(#[doc = $option_doc:literal])* $option:ident = $word:literal ),+ $(,)?
        }
    )+) => { $(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[doc = $option_doc])* $option, )+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[ $( Self::$option ),+ ];

            /// The word for it in a file.
            pub fn name(self) -> &'static str {
                match self { $( Self::$option => $word ),+ }
            }

            /// The one with this word.
            pub fn from_name(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.name() == word)
            }

            fn choice() -> &'static $crate::scenario::read::ChoiceMeta {
                static META: std::sync::OnceLock<$crate::scenario::read::ChoiceMeta> = std::sync::OnceLock::new();
                META.get_or_init(|| $crate::scenario::read::ChoiceMeta {
                    name: stringify!($name),
                    meaning: $crate::scenario::read::clean(concat!($($doc, "\n"),*)),
                    options: vec![ $(
                        ($word, $crate::scenario::read::clean(concat!($($option_doc, "\n"),*)))
                    ),+ ],
                })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                Self::from_name(&word).ok_or_else(|| serde::de::Error::custom(format!("unknown word `{word}`")))
            }
        }

        impl $crate::scenario::read::Readable for $name {
            type Bound = $crate::scenario::read::NoBound;

            fn shape() -> $crate::scenario::read::Shape {
                $crate::scenario::read::Shape::Choice(Self::choice)
            }

            fn read(
                node: &$crate::scenario::read::Node,
                _rules: $crate::scenario::read::Rules,
                reader: &mut $crate::scenario::read::Reader<'_>,
            ) -> Self {
                $crate::scenario::read::read_choice(node, Self::ALL, Self::name, &Self::shape(), reader)
                    .unwrap_or_else(Self::stand_in)
            }

            fn stand_in() -> Self {
                Self::ALL[0]
            }
        }
    )+ };
}

/// Declares tables: a struct each, with its reader and its metadata.
macro_rules! tables {
    ($( $(#[doc = $doc:literal])* pub struct $name:ident { $($fields:tt)* } )+) => {
        $( $crate::scenario::read::table! { @field [$($doc)*] $name optional {} $($fields)* } )+
    };
}

/// One table. The arms `@field` take one field at a time off the front and put it, with its default and attributes
/// in brackets, behind those already taken; the arm `@build` writes the code. `optional` turns into `required` at
/// the first field without a default.
macro_rules! table {
    // A literal as default.
    (@field $docs:tt $name:ident $need:ident { $($done:tt)* }
        $(#[doc = $d:literal])* $f:ident : $t:ty = $default:literal $({ $($a:tt)* })? $(, $($rest:tt)*)?) => {
        $crate::scenario::read::table! { @field $docs $name $need
            { $($done)* { [$($d)*] $f : $t ; [$default] ; [$($($a)*)?] } } $($($rest)*)? }
    };
    // A macro call as default.
    (@field $docs:tt $name:ident $need:ident { $($done:tt)* }
        $(#[doc = $d:literal])* $f:ident : $t:ty = $m:ident ! $args:tt $({ $($a:tt)* })? $(, $($rest:tt)*)?) => {
        $crate::scenario::read::table! { @field $docs $name $need
            { $($done)* { [$($d)*] $f : $t ; [$m ! $args] ; [$($($a)*)?] } } $($($rest)*)? }
    };
    // A path as default, or a call of one.
    (@field $docs:tt $name:ident $need:ident { $($done:tt)* }
        $(#[doc = $d:literal])* $f:ident : $t:ty = $($segment:ident)::+ $(( $($args:tt)* ))?
        $({ $($a:tt)* })? $(, $($rest:tt)*)?) => {
        $crate::scenario::read::table! { @field $docs $name $need
            { $($done)* { [$($d)*] $f : $t ; [$($segment)::+ $(( $($args)* ))?] ; [$($($a)*)?] } } $($($rest)*)? }
    };
    // Any other expression, in parentheses.
    (@field $docs:tt $name:ident $need:ident { $($done:tt)* }
        $(#[doc = $d:literal])* $f:ident : $t:ty = ( $($default:tt)+ ) $({ $($a:tt)* })? $(, $($rest:tt)*)?) => {
        $crate::scenario::read::table! { @field $docs $name $need
            { $($done)* { [$($d)*] $f : $t ; [$($default)+] ; [$($($a)*)?] } } $($($rest)*)? }
    };
    // No default.
    (@field $docs:tt $name:ident $need:ident { $($done:tt)* }
        $(#[doc = $d:literal])* $f:ident : $t:ty $({ $($a:tt)* })? $(, $($rest:tt)*)?) => {
        $crate::scenario::read::table! { @field $docs $name required
            { $($done)* { [$($d)*] $f : $t ; [] ; [$($($a)*)?] } } $($($rest)*)? }
    };
    // All fields are taken.
    (@field $docs:tt $name:ident $need:ident { $($done:tt)* }) => {
        $crate::scenario::read::table! { @build $docs $name { $($done)* } }
        $crate::scenario::read::table! { @default $need $name { $($done)* } }
    };

    (@build [$($doc:literal)*] $name:ident { $( {
        [$($d:literal)*] $f:ident : $t:ty ; [$($default:expr)?] ; [$($key:ident : $value:expr),* $(,)?]
    } )* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $name {
            $( $(#[doc = $d])* pub $f: $t, )*
        }

        impl $name {
            fn table() -> &'static $crate::scenario::read::TableMeta {
                static META: std::sync::OnceLock<$crate::scenario::read::TableMeta> = std::sync::OnceLock::new();
                META.get_or_init(|| $crate::scenario::read::TableMeta {
                    name: stringify!($name),
                    meaning: $crate::scenario::read::clean(concat!($($doc, "\n"),*)),
                    fields: vec![ $( {
                        let default: Option<fn() -> $t> = $crate::scenario::read::table!(@written $($default)?);
                        $crate::scenario::read::FieldMeta {
                            $( $key: $crate::scenario::read::table!(@attribute $key $t; $value), )*
                            ..$crate::scenario::read::FieldMeta::new(
                                stringify!($f),
                                concat!($($d, "\n"),*),
                                <$t as $crate::scenario::read::Readable>::shape(),
                                default.is_none() && <$t as $crate::scenario::read::Readable>::if_absent().is_none(),
                                default.map(|value| serde_json::to_value(value()).unwrap_or_default()),
                            )
                        }
                    } ),* ],
                })
            }
        }

        impl $crate::scenario::read::Readable for $name {
            type Bound = $crate::scenario::read::NoBound;

            fn shape() -> $crate::scenario::read::Shape {
                $crate::scenario::read::Shape::Table(Self::table)
            }

            fn read(
                node: &$crate::scenario::read::Node,
                rules: $crate::scenario::read::Rules,
                reader: &mut $crate::scenario::read::Reader<'_>,
            ) -> Self {
                let Some(mut fields) = reader.fields(node, Self::table()) else {
                    reader.wrong_kind(node, &Self::shape(), rules);
                    return Self::stand_in();
                };
                Self { $(
                    $f: reader.field::<$t>(&mut fields, $crate::scenario::read::table!(@written $($default)?)),
                )* }
            }

            fn stand_in() -> Self {
                Self { $( $f: <$t as $crate::scenario::read::Readable>::stand_in(), )* }
            }

            fn if_absent() -> Option<Self> {
                Some(Self { $(
                    $f: match $crate::scenario::read::table!(@written $($default)?) {
                        Some(default) => {
                            let default: fn() -> $t = default;
                            default()
                        }
                        None => <$t as $crate::scenario::read::Readable>::if_absent()?,
                    },
                )* })
            }
        }
    };

    (@default required $name:ident $fields:tt) => {};
    (@default optional $name:ident { $( {
        $d:tt $f:ident : $t:ty ; [$default:expr] ; $a:tt
    } )* }) => {
        impl Default for $name {
            fn default() -> Self {
                Self { $( $f: $default, )* }
            }
        }
    };

    (@written $default:expr) => { Some(|| $default) };
    (@written) => { None };

    (@attribute range $t:ty; $value:expr) => {
        Some($crate::scenario::read::Limits::of::<<$t as $crate::scenario::read::Readable>::Bound>($value))
    };
    (@attribute length $t:ty; $value:expr) => { Some(($value).into_inner()) };
    (@attribute $key:ident $t:ty; $value:expr) => { Some($value) };
}

pub(crate) use {choices, table, tables};
