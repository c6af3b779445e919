//! What a step changed in the world besides what came of it: who was born, who entered which namespaces, what was made and removed. Names
//! and normal forms only, so that it is the same for each run.

use serde::{Deserialize, Serialize};

/// What a step changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effects {
    /// The names that hold what it gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<Bound>,
    /// The actor that it brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// Who has been in other namespaces since. Everybody begins in the first of each kind, `ipc#1`, and a child where its parent is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enters: Vec<Entry>,
    /// Objects that it made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makes: Vec<Object>,
    /// Objects that it removed, or whose names it took away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removes: Vec<Object>,
    /// Objects that its call was about, by their numbers: the first that the scenario made is 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<usize>,
    /// Names of what its actor does not hold any more: closed, detached or unmapped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<String>,
}

/// A name, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// As in the script.
    pub name: String,
    /// The kind of handle: `fd`, `semid`, `address`; empty for what is no handle.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// An actor that came into namespaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who.
    pub actor: String,
    /// In normal form: `ipc#2`. Kinds in which nothing changed are left out.
    pub namespaces: Vec<String>,
}

/// An object of IPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// `semaphore set`, `shared memory`, `message queue`, `semaphore`.
    pub kind: String,
    /// What the script calls it: the name that holds its identifier, or its own name, `/queue`. Empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The namespace in which it is found, in normal form.
    pub namespace: String,
}

impl Effects {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
