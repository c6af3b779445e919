//! One actor, as the coordinator sees it.

use super::ending::Past;
use crate::run::alarms::Alarms;
use crate::run::moment::Moment;
use crate::run::process::Process;
use crate::scenario::ActorId;
use crate::value::{Signal, Status};

/// One actor.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) process: Option<Process>,
    pub(super) condition: Condition,
    /// The pid that the script sees.
    pub(super) pid: i32,
    /// The child that its latest call may bring.
    pub(super) child: Option<ActorId>,
    /// The process to which it belongs, as the coordinator sees it; kept after its end.
    pub(super) group: i32,
    /// The time limit of its latest call that has one, in nanoseconds.
    pub(super) limit: u64,
    /// The descriptors that its latest call was given; empty where the scenario arms no timers.
    pub(super) waits_for: Vec<i32>,
    /// Before this moment its pending call cannot have ended by its own time limit.
    pub(super) due: Option<Moment>,
    /// Its own timers that send signals.
    pub(super) alarms: Alarms,
    /// The init that its pending call has end, and the signal of which that will have died.
    pub(super) restarts: Option<(ActorId, Signal)>,
    /// It is the init of a pid namespace that somebody has ended by reboot(2), and dies of this.
    pub(super) restarted: Option<Signal>,
    /// What may tell how it ended when nobody else can.
    pub(super) past: Past,
}

impl Player {
    /// Nobody yet.
    pub(super) fn unborn() -> Self {
        Self {
            process: None,
            condition: Condition::Unborn,
            pid: 0,
            child: None,
            group: 0,
            limit: 0,
            waits_for: Vec::new(),
            due: None,
            alarms: Alarms::default(),
            restarts: None,
            restarted: None,
            past: Past::default(),
        }
    }
}

/// What an actor is, as far as the script is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Its fork has not happened.
    Unborn,
    /// It waits for its next step.
    Idle,
    /// Its call has not returned.
    Pending(Wait),
    /// It has ended, like this if that is known.
    Gone(Option<Status>),
}

/// Why a call has not returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Only others can end it.
    Blocked,
    /// A time limit of its own ends it.
    Sleeping,
    /// A signal has stopped its process.
    Stopped,
    /// The actor has become a program that has not ended.
    Program,
}
