//! What is played: as a script for the engine, and as bare calls for the floor.

/// Actors that a piece has, at most.
pub const ACTORS: usize = 3;

/// A scenario with an `interleave` in which nothing blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Two declared actors, nine steps in all: one ahead, and four of each in every order.
    Declared,
    /// A process that makes a segment and a semaphore and forks two; nine steps of theirs in every order, and a last one of its own.
    Forked,
}

/// A call that an actor of the floor makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Act {
    Segment,
    Attach,
    Semaphore,
    Set,
    /// Forks the actor with the number of the forks so far, counted from 1.
    Fork,
    Down,
    Up,
    Load,
    Store,
}

impl Act {
    const ALL: [Self; 9] =
        [Self::Segment, Self::Attach, Self::Semaphore, Self::Set, Self::Fork, Self::Down, Self::Up, Self::Load, Self::Store];

    /// The one with this number.
    pub fn at(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|act| *act as u32 == number)
    }
}

impl Piece {
    /// All.
    pub const ALL: [Self; 2] = [Self::Declared, Self::Forked];

    /// As the table calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Declared => "two actors, nine steps",
            Self::Forked => "two forked actors, nine steps inside",
        }
    }

    /// The steps of the two actors inside, and who they are.
    pub fn inside(self) -> [(usize, &'static [Act]); 2] {
        use Act::{Down, Load, Store, Up};
        match self {
            Self::Declared => [(0, &[Up, Up, Up, Up]), (1, &[Up, Up, Up, Up])],
            Self::Forked => [(1, &[Down, Load, Store, Up, Load]), (2, &[Down, Load, Store, Up])],
        }
    }

    /// The steps before, all of actor 0.
    pub fn before(self) -> &'static [Act] {
        use Act::{Attach, Fork, Segment, Semaphore, Set};
        match self {
            Self::Declared => &[Semaphore],
            Self::Forked => &[Segment, Attach, Semaphore, Set, Fork, Fork],
        }
    }

    /// The steps behind, all of actor 0.
    pub fn behind(self) -> &'static [Act] {
        match self {
            Self::Declared => &[],
            Self::Forked => &[Act::Load],
        }
    }

    /// Actors that stand ready when an order begins.
    pub fn declared(self) -> usize {
        match self {
            Self::Declared => 2,
            Self::Forked => 1,
        }
    }

    /// Every order of the steps inside: of each step, whose it is.
    pub fn orders(self) -> Vec<Vec<usize>> {
        let [(first, firsts), (second, seconds)] = self.inside();
        let length = firsts.len() + seconds.len();
        let chosen = (0..1_u32 << length).filter(|set| set.count_ones() as usize == firsts.len());
        chosen.map(|set| (0..length).map(|at| if set >> at & 1 == 1 { first } else { second }).collect()).collect()
    }

    /// The scenario as a script, whose title is a number.
    pub fn script(self, number: usize) -> String {
        let body = match self {
            Self::Declared => {
                let inside = "a: semop(s, [{0, 1, 0}])\nb: semop(s, [{0, 1, 0}])\n".repeat(4);
                format!("actor a, b\na: s = semget(IPC_PRIVATE, 1)\ninterleave {{\n{inside}}}\n")
            }
            Self::Forked => {
                let part = |actor: &str, seen: &str| {
                    format!(
                        "{actor}: semop(s, [{{0, -1, 0}}])\n{actor}: {seen} = load(p, u32)\n{actor}: store(p, u32, {seen} + 1)\n\
                         {actor}: semop(s, [{{0, 1, 0}}])\n"
                    )
                };
                let (a, b) = (part("a", "x"), part("b", "y"));
                format!(
                    "actor main\nmain: id = shmget(IPC_PRIVATE, 4096, 0o600)\nmain: p = shmat(id)\n\
                     main: s = semget(IPC_PRIVATE, 1, 0o600)\nmain: semctl(s, 0, SETVAL, 8)\nmain: a = fork()\nmain: b = fork()\n\
                     interleave {{\n{a}a: z = load(p, u32)\n{b}}}\nmain: total = load(p, u32)\nexpect never total == 0\n"
                )
            }
        };
        format!("scenario \"{number}\" {{\n{body}}}\n")
    }
}
